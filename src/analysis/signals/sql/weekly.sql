-- A row is a week (its Monday) of the city ($city), of a district of the register or of one of its
-- $locations, and how many incidents of it were known so many days after that Monday, by the day
-- $through; an area without incidents has a row without a week. A location without a known district
-- counts for itself and in the city.
with known as (
    select
        district,
        location,
        date_trunc('week', occurred_at)::date as week,
        known_on(occurred_at, reported_at) as known_on,
        count(*) as incidents
    from shown_incident
    where known_on(occurred_at, reported_at) <= $through
    group by all
),

areas as (
    select
        'city' as level,
        $city as name,
        null as district
    union all
    select distinct
        'district' as level,
        district as name,
        district
    from location
    where district is not null
    union all
    select
        'location' as level,
        location as name,
        district
    from location
    where list_contains($locations::varchar[], location)
),

final as (
    select
        areas.level,
        areas.name,
        areas.district,
        known.week,
        date_diff('day', known.week, known.known_on) as known_after,
        coalesce(sum(known.incidents), 0)::bigint as incidents
    from areas
    left join known on case areas.level
        when 'city' then true
        when 'district' then areas.name = known.district
        else areas.name = known.location
    end
    group by all
)

select * from final
order by level, name, week, known_after;
