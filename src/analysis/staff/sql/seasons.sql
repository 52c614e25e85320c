-- A row is one of $locations and one of $seasons with its incidents in the $half (null: the whole
-- season), and those of them that were done to $staff, zeros too.
with counted as (
    select
        location,
        season,
        count(*) as incidents,
        count(*) filter (where victim = $staff) as against_staff
    from selected($asked)
    where $half is null or half = $half
    group by all
),

locations as (select unnest($locations) as location),

seasons as (select unnest($seasons) as season),

final as (
    select
        locations.location,
        seasons.season,
        coalesce(counted.incidents, 0) as incidents,
        coalesce(counted.against_staff, 0) as against_staff
    from locations
    cross join seasons
    left join counted using (location, season)
)

select * from final
order by location, season;
