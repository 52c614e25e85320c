-- A row is a location and a day from $starts to before $ends on which it was less open than usual,
-- with the share of the usual hours: 0 in a measure $closed, else its hours that day to the most
-- that it has had on that weekday. Measures and hours that began after the day $through are not
-- known; one that had begun is taken to be known to its last day. A day whose hours nobody knows is
-- as usual.
with calendar as (
    select unnest(generate_series($starts::date, $ends::date - 1, interval 1 day))::date as day
),

closed as (
    select distinct
        measure.location,
        calendar.day
    from measure
    inner join calendar
        on calendar.day between measure.starts and coalesce(measure.ends, 'infinity'::date)
    where
        measure.kind = $closed
        and measure.starts <= $through
),

hours as (
    select
        location,
        weekday,
        date_diff('minute', opens, closes) as minutes,
        coalesce(valid_from, '-infinity'::date) as first_day,
        coalesce(valid_to, 'infinity'::date) as last_day
    from opening_hours
    where coalesce(valid_from, '-infinity'::date) <= $through
),

varying as (
    select location
    from hours
    group by location
    having count(distinct (first_day, last_day)) > 1
),

usual as (
    select
        location,
        weekday,
        max(minutes) as minutes
    from hours
    semi join varying using (location)
    group by location, weekday
),

opened as (
    select
        hours.location,
        calendar.day,
        coalesce(max(hours.minutes) filter (where hours.weekday = isodow(calendar.day)), 0)
            as minutes
    from hours
    semi join varying using (location)
    inner join calendar on calendar.day between hours.first_day and hours.last_day
    group by hours.location, calendar.day
),

shorter as (
    select
        opened.location,
        opened.day,
        opened.minutes / usual.minutes as share
    from opened
    inner join usual
        on opened.location = usual.location
        and usual.weekday = isodow(opened.day)
    where opened.minutes < usual.minutes
),

final as (
    select location, day, 0.0::double as share from closed
    union all
    select location, day, share from shorter
    anti join closed using (location, day)
)

select * from final
order by location, day;
