-- A row is a location of the register and one of the periods of $seasons ($firsts to the day before
-- $afters), zeros too, with its incidents, their severity score and the sum of the squared weights,
-- which is the score's variance where incidents are Poisson.
with periods as (
    select
        unnest($seasons::varchar[]) as season,
        unnest($firsts::date[]) as first,
        unnest($afters::date[]) as after
),

counted as (
    select
        found.location,
        periods.season,
        count(*) as incidents,
        sum($weights[list_position($labels, found.category::varchar)]) as score,
        sum($weights[list_position($labels, found.category::varchar)] ** 2) as score_squares
    from selected($asked) as found
    inner join periods
        on found.occurred_at >= periods.first and found.occurred_at < periods.after
    group by found.location, periods.season
),

final as (
    select
        location.location,
        location.district,
        location.facility,
        periods.season,
        coalesce(counted.incidents, 0) as incidents,
        coalesce(counted.score, 0)::bigint as score,
        coalesce(counted.score_squares, 0)::bigint as score_squares
    from location
    cross join periods
    left join counted
        on location.location = counted.location and periods.season = counted.season
)

select * from final
order by location, season;
