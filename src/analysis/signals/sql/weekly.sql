-- A row is a week (its Monday) of the city ($city) or of a district of the register, and how many
-- incidents of it were known so many days after that Monday, by the day $through; an area without
-- incidents has a row without a week. A place without a known district counts in the city alone.
with known as (
    select
        district,
        date_trunc('week', occurred_at)::date as week,
        known_on(occurred_at, reported_at) as known_on,
        count(*) as incidents
    from shown_incident
    where known_on(occurred_at, reported_at) <= $through
    group by all
),

areas as (
    select
        $city as name,
        null as district
    union all
    select distinct
        district as name,
        district
    from location
    where district is not null
),

final as (
    select
        areas.name,
        known.week,
        date_diff('day', known.week, known.known_on) as known_after,
        coalesce(sum(known.incidents), 0)::bigint as incidents
    from areas
    left join known on areas.district is null or areas.district = known.district
    group by all
)

select * from final
order by name = $city desc, name, week, known_after;
