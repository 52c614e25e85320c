-- A row is a week that is judged (`week`, its Monday), a week that it is held against or itself
-- (`counted`), and the city ($city) or a district of the register, zeros too. Only what was reported
-- as many days after its own week as $through lies after the judged one is counted: nothing from
-- after $through, and a new week, of which reports are still to come, is held against past weeks as
-- they were known as soon. A place without a known district counts in the city alone.
with pairs as (
    select
        unnest($weeks::date[]) as week,
        unnest($counted::date[]) as counted
),

known as (
    select
        district,
        date_trunc('week', occurred_at)::date as counted,
        date_diff(
            'day', date_trunc('week', occurred_at), known_on(occurred_at, reported_at)
        ) as reported_after,
        count(*) as incidents
    from shown_incident
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

held as (
    select
        areas.name,
        known.counted,
        known.reported_after,
        sum(known.incidents) as incidents
    from known
    inner join areas on areas.district is null or areas.district = known.district
    group by all
),

final as (
    select
        areas.name,
        pairs.week,
        pairs.counted,
        coalesce(sum(held.incidents), 0)::bigint as incidents
    from areas
    cross join pairs
    left join held
        on areas.name = held.name
        and pairs.counted = held.counted
        and held.reported_after <= date_diff('day', pairs.week, $through::date)
    group by all
)

select * from final
order by name = $city desc, name, week, counted;
