-- A row is a location, the month of its incidents, the month in which they were known (happened and
-- reported; one without a time of report is known at once), their type, and whether they fell in
-- self-service hours (null: unknown). Only incidents of months before $before.
with final as (
    select
        location,
        month,
        date_trunc('month', known_on(occurred_at, reported_at))::date as known,
        category::varchar as category,
        self_service,
        count(*) as incidents
    from shown_incident
    where month < $before
    group by all
)

select * from final
order by all;
