-- A row is a location of the selection, a month, a weekday (1 = Monday) and an hour of the day in
-- which it was open on $days, with the hours open and those of them between sunrise and sunset.
-- A day within a measure of kind $closed is closed. Of a filter on self-service only its
-- hours count.
with suns as (
    select
        unnest($days::date[]) as day,
        unnest($sunrises::timestamp[]) as sunrise,
        unnest($sunsets::timestamp[]) as sunset
),

parts as (
    select
        opened.location,
        opened.day,
        hour,
        suns.sunrise,
        suns.sunset,
        greatest(opened.opens, opened.day + to_hours(hour)) as opens,
        least(opened.closes, opened.day + to_hours(hour + 1)) as closes
    from open_spells($asked['starts'], $asked['ends'], $closed, $asked['self_service']) as opened
    inner join register($asked) as place using (location)
    inner join suns using (day)
    cross join (select unnest(range(24)) as hour)
),

final as (
    select
        location,
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
order by location, month, weekday, hour;
