-- A row is a week (its Monday) of the city ($city) or of a district: the type that most of its
-- incidents known by the day $through have, of equal ones the least grave, and how many have it.
with counted as (
    select
        district,
        date_trunc('week', occurred_at)::date as week,
        category,
        count(*) as incidents
    from shown_incident
    where known_on(occurred_at, reported_at) <= $through
    group by all
),

areas as (
    select
        $city as name,
        week,
        category,
        sum(incidents)::bigint as incidents
    from counted
    group by all
    union all
    select
        district as name,
        week,
        category,
        incidents
    from counted
    where district is not null
),

final as (
    select
        name,
        week,
        category::varchar as category,
        incidents as of_category
    from areas
    qualify row_number() over (partition by name, week order by incidents desc, category) = 1
)

select * from final
order by name, week;
