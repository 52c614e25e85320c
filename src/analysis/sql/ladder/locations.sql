-- A row is a location of the register with its facility, its incidents and the hours it was open in
-- the period; `hours` is null where the hours are unknown. A day of a measure $closed has none.
-- Where $self_service is not null, only the hours without staff (true) or with (false) count.
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

opened as (
    select
        location,
        sum(case
            when $self_service is null then hours
            when $self_service then hours - staffed_hours
            else staffed_hours
        end) as hours
    from open_days($starts, $ends, $closed)
    group by location
),

final as (
    select
        location.location as name,
        location.facility,
        coalesce(counted.incidents, 0) as incidents,
        opened.hours
    from location
    left join counted using (location)
    left join opened using (location)
    where
        ($district is null or location.district = $district)
        and ($location is null or location.location = $location)
        and ($facility is null or location.facility = $facility)
)

select * from final
order by incidents desc, name;
