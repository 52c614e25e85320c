-- A row is a location of the register without an incident in the selection; $dimension is null.
with heard as (
    select distinct location
    from
        selected(
            $starts, $ends, $district, $location, $facility, $victim, $demography, $category,
            $self_service, $dimension
        )
)

select
    location.location as name,
    location.district,
    location.facility
from location
anti join heard using (location)
where
    ($district is null or location.district = $district)
    and ($location is null or location.location = $location)
    and ($facility is null or location.facility = $facility)
order by location.district, name;
