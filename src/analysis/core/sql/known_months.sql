-- A row is a month with incidents known on the day $through. `recent` are those of the month within $recent
-- days before the last one known.
with known as (
    select occurred_at::date as day
    from incident
    where known_on(occurred_at, reported_at) <= $through::date
),

final as (
    select
        date_trunc('month', day)::date as month,
        count(*) as incidents,
        min(day) as first_day,
        max(day) as last_day,
        count(*) filter (where day > (select max(day) - $recent::integer from known)) as recent
    from known
    group by month
)

select * from final
order by month;
