-- A row is a location and a week (its Monday) from $first to $last that says nothing of what is usual
-- there, as known on the day $through: it is before the first incident, or has a day on which the
-- register has a measure of kind $closed.
with weeks as (
    select unnest(range($first::timestamp, $last + interval 1 day, interval 7 day))::date as week
),

begun as (
    select
        location,
        min(occurred_at) as first
    from shown_incident
    where known_on(occurred_at, reported_at) <= $through
    group by location
),

closed as (
    select
        location,
        starts,
        coalesce(ends, 'infinity'::date) as ends
    from measure
    where kind = $closed and starts <= $through
),

final as (
    select
        begun.location as name,
        weeks.week
    from begun
    inner join weeks on weeks.week + 7 <= begun.first
    union
    select
        closed.location as name,
        weeks.week
    from closed
    inner join weeks on weeks.week <= closed.ends and weeks.week + 6 >= closed.starts
)

select * from final
order by name, week;
