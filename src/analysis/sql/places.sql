-- A row is a location of the register with its place on earth and its incidents in the selection;
-- $dimension is null.
with counted as (
    select
        location,
        count(*) as incidents
    from
        selected(
            $starts, $ends, $district, $location, $facility, $victim, $demography, $category,
            $self_service, $dimension
        )
    group by location
),

final as (
    select
        location.location as name,
        location.district,
        location.latitude,
        location.longitude,
        counted.incidents
    from location
    inner join counted using (location)
    where location.latitude is not null and location.longitude is not null
)

select * from final
order by incidents desc, name;
