-- A row is a location of the register and one of the periods of $seasons ($firsts to the day before
-- $afters), zeros too, with its incidents and the hours it was open, a day of a measure $closed
-- having none; of a filter on self-service only its hours count. At a location whose hours are not
-- known on a day of one of the periods, each period counts as 1.
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
        count(*) as incidents
    from selected($asked) as found
    inner join periods
        on found.occurred_at >= periods.first and found.occurred_at < periods.after
    group by found.location, periods.season
),

opened as (
    select
        opened.location,
        periods.season,
        sum(case
            when $asked['self_service'] is null then opened.hours
            when $asked['self_service'] then opened.hours - opened.staffed_hours
            else opened.staffed_hours
        end) as hours,
        count(*) = any_value(periods.after - periods.first) as is_known
    from open_days($asked['starts'], $asked['ends'], $closed, null) as opened
    inner join periods on opened.day >= periods.first and opened.day < periods.after
    group by opened.location, periods.season
),

final as (
    select
        location.location,
        location.district,
        location.facility,
        periods.season,
        coalesce(counted.incidents, 0) as incidents,
        if(
            coalesce(bool_and(coalesce(opened.is_known, false)) over at_location, false),
            opened.hours,
            1.0
        )::double as exposure
    from location
    cross join periods
    left join counted
        on location.location = counted.location and periods.season = counted.season
    left join opened
        on location.location = opened.location and periods.season = opened.season
    window at_location as (partition by location.location)
)

select * from final
order by location, season;
