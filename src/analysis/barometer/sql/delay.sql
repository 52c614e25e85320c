-- A row is a span of days from an incident to its report, with the incidents of the form in it.
-- Reports dated before the incident have a span of their own.
with delays as (
    select date_diff('day', occurred_at::date, reported_at::date) as days
    from selected($asked)
    where source = 'uro' and reported_at is not null
),

spans as (
    select
        unnest([-1000000, 0, 1, 2, 8, 31]) as first_day,
        unnest([-1, 0, 1, 7, 30, 1000000]) as last_day,
        unnest([
            'Før hændelsen', 'Samme dag', 'Dagen efter', '2–7 dage', '8–30 dage', 'Over 30 dage'
        ]) as name
),

final as (
    select
        spans.first_day,
        spans.name,
        count(delays.days) as incidents
    from spans
    left join delays on delays.days between spans.first_day and spans.last_day
    group by spans.first_day, spans.name
)

select
    name,
    incidents
from final
order by first_day;
