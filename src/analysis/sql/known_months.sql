-- A row is a month with incidents that were known on the day $through: they had happened and been
-- reported. A report without a day counts as known. `recent` are those of the month within $recent
-- days before the last one known.
with known as (
    select occurred_at::date as day
    from incident
    where
        occurred_at < $through::date + 1
        and coalesce(reported_at, occurred_at) < $through::date + 1
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
