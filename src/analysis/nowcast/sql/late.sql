-- A row is a location in a district with incidents of what is asked: how many were reported in a later
-- week than their own (`late`), and how many would have been (`expected`) had they been reported as
-- soon as all. Weeks end with the day $known. $cumulated holds, for each week of delay, how many late
-- reports an incident at least so old has had on average, 0 first; what was reported after the day
-- $known, or later than $most weeks after, is left out.
with known as (
    select
        location,
        district,
        date_diff('day', occurred_at, $known::date) // 7 as age,
        age - date_diff('day', known_on(occurred_at, reported_at), $known::date) // 7 as delay
    from selected($asked)
    where known_on(occurred_at, reported_at) <= $known::date
),

final as (
    select
        location,
        district,
        count(*) filter (where delay > 0)::double as late,
        sum($cumulated[least(age, $most) + 1] - $cumulated[greatest(delay, 1)])::double as expected
    from known
    where delay <= $most
    group by location, district
)

select * from final
order by location, district;
