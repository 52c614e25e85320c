-- A macro, stored in every database: the locations of the register within the place asked for.
create or replace macro register(asked) as table
select *
from location
where lies_in(asked, district, location, facility);
