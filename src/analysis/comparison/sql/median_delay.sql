-- One row: the median days from an incident to its report, of the form's incidents; null where there
-- is none.
with delays as (
    select date_diff('day', occurred_at::date, reported_at::date) as days
    from selected($asked)
    where source = 'uro' and reported_at is not null
),

final as (
    select median(days) as days
    from delays
)

select * from final;
