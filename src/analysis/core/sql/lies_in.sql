-- A macro, stored in every database: whether a location of that district and facility lies in the place
-- asked for.
create or replace macro lies_in(asked, district_, location_, facility_) as
    (asked['district'] is null or list_contains(asked['district'], district_))
    and (asked['location'] is null or list_contains(asked['location'], location_))
    and (asked['facility'] is null or list_contains(asked['facility'], facility_));
