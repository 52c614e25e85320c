-- A row is a location of the register without an incident in the selection.
with heard as (
    select distinct location
    from selected($asked)
)

select
    location.location as name,
    location.district,
    location.facility
from register($asked) as location
anti join heard using (location)
order by location.district, name;
