-- One row: the day of the newest report of an incident at most $most weeks old; null where there is none.
with final as (
    select max(known_on(occurred_at, reported_at)) as known
    from shown_incident
    where date_diff('day', occurred_at, known_on(occurred_at, reported_at)) < 7 * $most
)

select * from final;
