-- A row is a location, a month, a weekday (1 = Monday) and an hour of the day with incidents whose
-- time is known, by whether the place was open (null: its hours that day are not known) and whether
-- the sun was up. Only $days count, and one of a measure of kind $closed is
-- closed.
with suns as (
    select
        unnest($days::date[]) as day,
        unnest($sunrises::timestamp[]) as sunrise,
        unnest($sunsets::timestamp[]) as sunset
),

timed as (
    select
        location,
        occurred_at,
        occurred_at::date as day
    from selected($asked)
    where has_time
),

final as (
    select
        timed.location,
        date_trunc('month', timed.day)::date as month,
        isodow(timed.day) as weekday,
        hour(timed.occurred_at) as hour,
        case
            when opened.day is not null
                then coalesce(
                    timed.occurred_at >= opened.opens and timed.occurred_at < opened.closes, false
                )
        end as is_open,
        timed.occurred_at >= suns.sunrise and timed.occurred_at < suns.sunset as is_light,
        count(*) as incidents
    from timed
    inner join suns using (day)
    left join open_days($asked['starts'], $asked['ends'], $closed, null) as opened using (location, day)
    group by all
)

select * from final
order by location, month, weekday, hour, is_open nulls last, is_light;
