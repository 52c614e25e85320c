-- A row is a month, a weekday (1 = Monday) and an hour of the day in which the selection's
-- locations were open on $days, with the hours open and those of them between sunrise and sunset.
-- A day within a measure of kind $closure is closed, whatever the opening hours say.
with suns as (
    select
        unnest($days::date[]) as day,
        unnest($sunrises::timestamp[]) as sunrise,
        unnest($sunsets::timestamp[]) as sunset
),

open_days as (
    select
        suns.day,
        suns.sunrise,
        suns.sunset,
        suns.day + hours.opens as opens,
        suns.day + hours.closes as closes
    from opening_hours as hours
    inner join location using (location)
    inner join suns
        on isodow(suns.day) = hours.weekday
        and suns.day between coalesce(hours.valid_from, '-infinity'::date)
        and coalesce(hours.valid_to, 'infinity'::date)
    where
        ($district is null or location.district = $district)
        and ($location is null or location.location = $location)
        and ($facility is null or location.facility = $facility)
        and not exists (
            from measure
            where
                measure.location = hours.location
                and measure.kind = $closure
                and suns.day between measure.starts and coalesce(measure.ends, 'infinity'::date)
        )
),

parts as (
    select
        open_days.day,
        hour,
        open_days.sunrise,
        open_days.sunset,
        greatest(open_days.opens, open_days.day + to_hours(hour)) as opens,
        least(open_days.closes, open_days.day + to_hours(hour + 1)) as closes
    from open_days
    cross join (select unnest(range(24)) as hour)
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
