-- A row is a location ($dimension 'location') or a district ('district') of the register or of the
-- data with its incidents, zeros too, the most first. Of the register only a $facility and the
-- locations $within a district count, where they are given.
with counted as (
    select
        name,
        count(*) as incidents
    from
        selected(
            $starts, $ends, $within, null, $facility, $victim, $demography, $category,
            $self_service, $dimension
        )
    where name is not null
    group by name
),

known as (
    select distinct if($dimension = 'district', district, location) as name
    from location
    where
        ($facility is null or facility = $facility)
        and ($within is null or district = $within)
),

final as (
    select
        coalesce(known.name, counted.name) as name,
        coalesce(counted.incidents, 0) as incidents
    from known
    full join counted using (name)
)

select * from final
order by incidents desc, name;
