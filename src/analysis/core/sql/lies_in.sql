-- A macro, stored in every database: whether a location of that district and facility lies in the place
-- asked for.
create macro lies_in(asked, district_, location_, facility_) as
    (asked['district'] is null or district_ = asked['district'])
    and (asked['location'] is null or location_ = asked['location'])
    and (asked['facility'] is null or facility_ = asked['facility']);
