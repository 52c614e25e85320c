-- A row is a location of the register, or one outside it in a district where an incident of it was
-- known on the day $through.
with unregistered as (
    select
        location,
        district,
        any_value(facility order by occurred_at, facility) as facility
    from shown_incident
    anti join location using (location)
    where known_on(occurred_at, reported_at) <= $through::date
    group by location, district
),

final as (
    select location, district, facility from location
    union all
    select location, district, facility from unregistered
)

select * from final
order by location, district;
