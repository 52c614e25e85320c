-- A row is a day on which incidents happened and the day on which they were known, at most $most weeks
-- later, with their number.
with known as (
    select
        occurred_at::date as happened,
        known_on(occurred_at, reported_at) as known
    from shown_incident
),

final as (
    select
        happened,
        known,
        count(*) as incidents
    from known
    where date_diff('day', happened, known) < 7 * ($most + 1)
    group by happened, known
)

select * from final
order by happened, known;
