-- A row is a location of the register with its place on earth and its incidents in the selection.
with counted as (
    select
        location,
        count(*) as incidents
    from selected($asked)
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
