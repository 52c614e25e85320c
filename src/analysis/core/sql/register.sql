-- A macro, stored in every database: the locations of the register within the place asked for.
create macro register(asked) as table
select *
from location
where
    (asked['district'] is null or district = asked['district'])
    and (asked['location'] is null or location = asked['location'])
    and (asked['facility'] is null or facility = asked['facility']);
