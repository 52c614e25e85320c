-- A row is a location of the register within the district asked for, or one that the incidents name,
-- with its incidents in the month that begins on $month and in the same month a year earlier.
with seen as (
    select
        incident_id,
        location,
        category::varchar as category,
        date_trunc('month', occurred_at)::date as month
    from selected($asked)
),

police as (
    select distinct incident_id
    from shown_help
    where helper = $police
),

counted as (
    select
        seen.location,
        count(*) filter (where month = $month) as incidents,
        count(*) filter (where month = $month - interval 1 year) as before,
        count(*) filter (where month = $month and category = $threats) as threats,
        count(*) filter (where month = $month and category = $violence) as violence,
        count(*) filter (
            where month = $month and category = $violence and police.incident_id is null
        ) as without_police
    from seen
    left join police using (incident_id)
    group by all
),

places as (
    select location from register($asked)
    union
    select location from counted
),

final as (
    select
        places.location,
        coalesce(incidents, 0) as incidents,
        coalesce(before, 0) as before,
        coalesce(threats, 0) as threats,
        coalesce(violence, 0) as violence,
        coalesce(without_police, 0) as without_police
    from places
    left join counted using (location)
)

select * from final
order by incidents desc, before desc, location;
