-- A row is a location and a day from $starts to before $ends on which it was less open than usual,
-- with the share of the usual hours: 0 in a measure $closed, else its hours that day to the most
-- that it has had on that weekday. Measures and hours that began after the day $through are not
-- known. A day whose hours nobody knows is as usual.
with hours as (
    select
        location,
        weekday,
        date_diff('minute', opens, closes) as minutes,
        (valid_from, valid_to) as spell
    from opening_hours
    where valid_from is null or valid_from <= $through
),

varying as (
    select location
    from hours
    group by location
    having count(distinct spell) > 1
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
        location,
        day,
        is_closed,
        round(60 * hours) as minutes
    from open_days($starts, $ends, $closed, $through)
),

final as (
    select
        opened.location,
        opened.day,
        if(opened.is_closed, 0, opened.minutes / usual.minutes)::double as share
    from opened
    left join usual
        on opened.location = usual.location
        and usual.weekday = isodow(opened.day)
    where opened.is_closed or opened.minutes < usual.minutes
)

select * from final
order by location, day;
