-- A row is a location of the register, or one outside it as an incident of it before $before has it,
-- the first of each month in which such incidents were known: a location may have several rows, in
-- the order of their incidents. The register's are always known (null).
with seen as (
    select
        location,
        district,
        facility,
        date_trunc('month', known_on(occurred_at, reported_at))::date as known,
        min(occurred_at) as place
    from shown_incident
    anti join location using (location)
    where month < $before
    group by all
),

final as (
    select
        location,
        district,
        facility,
        null::date as known,
        null as place
    from location
    union all
    select
        location,
        district,
        facility,
        known,
        place
    from seen
)

select * exclude (place) from final
order by location, place, known, district, facility;
