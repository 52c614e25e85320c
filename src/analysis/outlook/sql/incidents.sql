-- A row is a location in a district, a month and a type, with the incidents known on the day
-- $through.
with known as (
    select
        location,
        district,
        month,
        category::varchar as category
    from shown_incident
    where known_on(occurred_at, reported_at) <= $through::date
),

final as (
    select
        location,
        district,
        month,
        category,
        count(*) as incidents
    from known
    group by all
)

select * from final
order by all;
