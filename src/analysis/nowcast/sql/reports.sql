-- A row is how many weeks before the day $known incidents happened (`age`) and how many weeks after they
-- were reported (`delay`), as known on that day; its week, with which all weeks end, is 0. Of the last
-- $window weeks; of longer delays than $most weeks none is counted.
with known as (
    select
        date_diff('day', occurred_at, $known::date) // 7 as age,
        age - date_diff('day', known_on(occurred_at, reported_at), $known::date) // 7 as delay
    from shown_incident
    where
        occurred_at >= $known::date - 7 * $window::integer + 1
        and known_on(occurred_at, reported_at) <= $known::date
),

final as (
    select
        age,
        delay,
        count(*) as incidents
    from known
    where delay <= $most
    group by age, delay
)

select * from final
order by age, delay;
