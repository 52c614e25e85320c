-- A row is a month, a weekday (1 = Monday) and an hour of the day in which the selection's
-- locations were open on $days, with the hours open and those of them between sunrise and sunset.
-- A day within a measure of kind $closed is closed.
with suns as (
    select
        unnest($days::date[]) as day,
        unnest($sunrises::timestamp[]) as sunrise,
        unnest($sunsets::timestamp[]) as sunset
),

parts as (
    select
        opened.day,
        hour,
        suns.sunrise,
        suns.sunset,
        greatest(opened.opens, opened.day + to_hours(hour)) as opens,
        least(opened.closes, opened.day + to_hours(hour + 1)) as closes
    from open_days($starts, $ends, $closed) as opened
    inner join location using (location)
    inner join suns using (day)
    cross join (select unnest(range(24)) as hour)
    where
        ($district is null or location.district = $district)
        and ($location is null or location.location = $location)
        and ($facility is null or location.facility = $facility)
        and opened.hours > 0
),

final as (
    select
        date_trunc('month', day)::date as month,
        isodow(day) as weekday,
        hour,
        sum(date_diff('second', opens, closes)) / 3600 as hours,
        sum(greatest(
            0, date_diff('second', greatest(opens, sunrise), least(closes, sunset))
        )) / 3600 as light_hours
    from parts
    where opens < closes
    group by all
)

select * from final
order by month, weekday, hour;
