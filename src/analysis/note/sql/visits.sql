-- A row is a calendar year up to $year with the visits of the selection's locations that have any
-- that year, how many those are, and the fewest months that one of them is counted for.
with known as (
    select
        visit.location,
        visit.year,
        sum(visit.visits) as visits,
        if(bool_or(visit.month is null), 12, count(*)) as months
    from visit
    inner join register($asked) as place using (location)
    where visit.year <= $year
    group by visit.location, visit.year
),

final as (
    select
        year,
        sum(visits)::bigint as visits,
        count(*) as locations,
        min(months) as months
    from known
    group by year
)

select * from final
order by year;
