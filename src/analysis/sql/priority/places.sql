-- A row is a location of the register or of the incidents before $before, and the month since when
-- it is known: the register's always (null). One that is in the data alone has the district and
-- facility of its first incident, which later ones do not change.
with seen as (
    select
        location,
        arg_min(district, (occurred_at, incident_id)) as district,
        arg_min(facility, (occurred_at, incident_id)) as facility,
        min(greatest(month, coalesce(date_trunc('month', reported_at)::date, month))) as known
    from incident
    where month < $before
    group by location
),

final as (
    select
        location,
        district,
        facility,
        null::date as known
    from location
    union all
    select
        location,
        district,
        facility,
        known
    from seen
    anti join location using (location)
)

select * from final
order by location;
