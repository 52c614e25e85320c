-- A row is a location with incidents in the $window weeks before the day $known, as known on it: its
-- district, its incidents, those of the last half of the weeks (`recent`), the day of the last (`last`),
-- the incidents elsewhere up to that day (`others`) and those elsewhere after it on days without a
-- measure $closed at the location (`later`).
with known as (
    select
        location,
        district,
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
        max(district) as district,
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

final as (
    select
        own.location,
        own.district,
        own.last,
        own.incidents,
        own.recent,
        (earlier.incidents - own.incidents)::bigint as others,
        coalesce(later.incidents, 0)::bigint as later
    from own
    inner join earlier using (location)
    left join later using (location)
)

select * from final
order by location;
