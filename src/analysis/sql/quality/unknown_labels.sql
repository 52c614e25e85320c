-- A row is a label in the data that is not among those known for its kind ($kinds and $labels side
-- by side) or, for a location, not in the register.
with known as (
    select
        unnest($kinds) as kind,
        unnest($labels) as label
    union all
    select 'location', location from location
),

written as (
    unpivot (
        select
            district,
            location,
            facility,
            subcategory,
            victim,
            demography
        from incident
    )
    on columns(*)
    into name kind value label
    union all
    select 'helper', helper from help_call
),

final as (
    select
        kind,
        label,
        count(*) as incidents
    from written
    anti join known using (kind, label)
    group by kind, label
)

select * from final
order by kind, incidents desc, label;
