-- A row is a week (its Monday) and a location of $locations, zeros too. The
-- first and the last week may be cut by $asked['starts'] and $asked['ends'].
with counted as (
    select
        location,
        date_trunc('week', occurred_at)::date as week,
        count(*) as incidents
    from selected($asked)
    group by all
),

weeks as (
    select unnest(range(
        date_trunc('week', $asked['starts']::date)::timestamp, $asked['ends']::timestamp, interval 7 day
    ))::date as week
),

locations as (select unnest($locations::varchar[]) as location),

final as (
    select
        locations.location,
        weeks.week,
        coalesce(counted.incidents, 0) as incidents
    from locations
    cross join weeks
    left join counted using (location, week)
)

select * from final
order by location, week;
