-- A row is a week (its Monday), zeros too. The first and the last may be cut by $asked['starts'] and
-- $asked['ends'].
with counted as (
    select
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

final as (
    select
        weeks.week,
        coalesce(counted.incidents, 0) as incidents
    from weeks
    left join counted using (week)
)

select * from final
order by week;
