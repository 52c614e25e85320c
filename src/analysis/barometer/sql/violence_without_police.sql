-- A row is a location with incidents of the highest step ($violence) and how many of them had the
-- police ($police) called.
with violence as (
    select
        incident_id,
        location
    from selected($asked)
    where category::varchar = $violence
),

called as (
    select distinct incident_id
    from shown_help
    where helper = $police
),

final as (
    select
        violence.location as name,
        count(*) as incidents,
        count(called.incident_id) as police,
        count(*) - count(called.incident_id) as without_police
    from violence
    left join called using (incident_id)
    group by violence.location
)

select * from final
order by without_police desc, incidents desc, name;
