-- A row is a week (its Monday) of the city ($city), of a district or of a location: the type that most
-- of its incidents known by the day $through have (where $at_once, by the week's last day), of equal
-- ones the least grave, and how many have it.
with counted as (
    select
        district,
        location,
        date_trunc('week', occurred_at)::date as week,
        category,
        count(*) as incidents
    from shown_incident
    where
        known_on(occurred_at, reported_at) <= $through
        and (
            not $at_once
            or known_on(occurred_at, reported_at) < date_trunc('week', occurred_at) + interval 7 day
        )
    group by all
),

areas as (
    select
        unnest([
            {'level': 'city', 'name': $city},
            {'level': 'district', 'name': district},
            {'level': 'location', 'name': location}
        ], recursive := true),
        week,
        category,
        incidents
    from counted
),

summed as (
    select
        level,
        name,
        week,
        category,
        sum(incidents)::bigint as incidents
    from areas
    where name is not null
    group by all
),

final as (
    select
        level,
        name,
        week,
        category::varchar as category,
        incidents as of_category
    from summed
    qualify
        row_number() over (partition by level, name, week order by incidents desc, category) = 1
)

select * from final
order by level, name, week;
