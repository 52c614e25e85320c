-- A row is a combination of what a reader can filter by, its incidents, and the helpers called to
-- them; never a day. The names in $dropped are left out (null; of the month the period's first
-- stands), hours stand in blocks of $hours.
-- Structs compare their nulls as equal, so that one joins whole combinations.
with cells as (
    select
        incident_id,
        {
            'month': case
                when list_contains($dropped, 'month') then date_trunc('month', $asked['starts'])::date
                else month
            end,
            'hour': case
                when has_time and not list_contains($dropped, 'hour')
                    then hour(occurred_at) // $hours * $hours
            end,
            'category': case when not list_contains($dropped, 'category') then category::varchar end,
            'subcategory': case
                when not list_contains($dropped, 'subcategory') then subcategory
            end,
            'facility': case when not list_contains($dropped, 'facility') then facility end,
            'victim': case when not list_contains($dropped, 'victim') then victim end,
            'demography': case when not list_contains($dropped, 'demography') then demography end,
            'district': case when not list_contains($dropped, 'district') then district end,
            'location': case when not list_contains($dropped, 'location') then location end,
            'weekday': case
                when not list_contains($dropped, 'weekday') then $asked['weekdays'][isodow(occurred_at)]
            end,
            'self_service': case
                when not list_contains($dropped, 'self_service') then self_service
            end
        } as cell
    from selected($asked)
),

counted as (
    select
        cell,
        count(*) as incidents
    from cells
    group by cell
),

called as (
    select
        cell,
        helper,
        count(*) as called,
        count(*) filter (where arrived) as arrived
    from cells
    inner join shown_help using (incident_id)
    where not list_contains($dropped, 'help')
    group by cell, helper
),

helped as (
    select
        cell,
        list((helper, called, arrived) order by helper) as help
    from called
    group by cell
),

final as (
    select
        counted.cell,
        counted.incidents,
        coalesce(helped.help, []) as help
    from counted
    left join helped using (cell)
)

select
    unnest(cell),
    incidents,
    help
from final
order by cell
limit $most;
