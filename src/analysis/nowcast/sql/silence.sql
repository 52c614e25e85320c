-- A row is a location with incidents in the $window weeks before the day $known, as known on it: its
-- incidents, those of the last half of the weeks (`recent`), the day of the last (`last`), the incidents
-- elsewhere up to that day (`others`) and those elsewhere after it on days without a measure $closed at
-- the location (`later`). `squares` is the sum,
-- over locations and four weeks, of Pearson's squares about what is expected where each location has
-- the same part of all of them, and `freedom` its degrees.
with known as (
    select
        location,
        occurred_at::date as day
    from shown_incident
    where
        occurred_at >= $known::date - 7 * $window::integer + 1
        and known_on(occurred_at, reported_at) <= $known::date
),

of_day as (
    select
        day,
        count(*) as incidents
    from known
    group by day
),

own as (
    select
        location,
        max(day) as last,
        count(*) as incidents,
        count(*) filter (where date_diff('day', day, $known::date) < 7 * $window // 2) as recent
    from known
    group by location
),

later as (
    select
        own.location,
        sum(of_day.incidents) as incidents
    from own
    inner join of_day on own.last < of_day.day
    where
        not exists (
            from measure
            where
                measure.kind = $closed
                and measure.location = own.location
                and of_day.day between measure.starts and coalesce(measure.ends, of_day.day)
        )
    group by own.location
),

earlier as (
    select
        own.location,
        sum(of_day.incidents) as incidents
    from own
    inner join of_day on own.last >= of_day.day
    group by own.location
),

in_weeks as (
    select
        location,
        date_diff('day', day, $known::date) // 28 as weeks,
        count(*) as incidents
    from known
    group by all
),

of_weeks as (
    select
        weeks,
        sum(incidents) as incidents
    from in_weeks
    group by weeks
),

spread as (
    select
        sum(in_weeks.incidents ^ 2 / (own.incidents * of_weeks.incidents)) as part,
        (select count(*) from known) as whole,
        ((select count(*) from own) - 1) * ((select count(*) from of_weeks) - 1) as freedom
    from in_weeks
    inner join own using (location)
    inner join of_weeks using (weeks)
),

final as (
    select
        own.location,
        own.last,
        own.incidents,
        own.recent,
        (earlier.incidents - own.incidents)::bigint as others,
        coalesce(later.incidents, 0)::bigint as later,
        spread.whole * (spread.part - 1) as squares,
        spread.freedom
    from own
    inner join earlier using (location)
    left join later using (location)
    cross join spread
)

select * from final
order by location;
