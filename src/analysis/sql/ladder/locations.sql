-- A row is a location of the register with its facility, its incidents and the hours it was open in
-- the period; `hours` is null where the hours are unknown. A day of a measure $closed has none.
-- The incidents are those of the selection; $dimension is null.
with counted as (
    select location, count(*) as incidents
    from
        selected(
            $starts, $ends, $district, $location, $facility, $victim, $demography, $category,
            $self_service, $dimension
        )
    group by location
),

days as (
    select unnest(generate_series($starts::date, $ends::date - 1, interval 1 day))::date as day
),

open_hours as (
    select
        hours.location,
        sum(date_diff('minute', hours.opens, hours.closes)) / 60 as hours
    from opening_hours as hours
    inner join days
        on isodow(days.day) = hours.weekday
        and days.day between coalesce(hours.valid_from, '-infinity'::date)
        and coalesce(hours.valid_to, 'infinity'::date)
    where not exists (
        from measure
        where
            measure.location = hours.location
            and measure.kind = $closed
            and days.day between measure.starts and coalesce(measure.ends, 'infinity'::date)
    )
    group by hours.location
),

final as (
    select
        location.location as name,
        location.facility,
        coalesce(counted.incidents, 0) as incidents,
        open_hours.hours
    from location
    left join counted using (location)
    left join open_hours using (location)
    where
        ($district is null or location.district = $district)
        and ($location is null or location.location = $location)
        and ($facility is null or location.facility = $facility)
)

select * from final
order by incidents desc, name;
