-- A row is a district or a location with its incidents of each type, in the order of $types; the
-- last row holds all of them.
with counted as (
    select
        name,
        grouping(name) = 1 as is_total,
        histogram(category::varchar) as by_type,
        count(*) as incidents
    from selected($asked)
    group by grouping sets ((name), ())
    having count(*) > 0
),

final as (
    select
        is_total,
        name,
        list_transform($types, lambda label: coalesce(by_type[label], 0)) as by_type,
        incidents
    from counted
)

select * from final
order by is_total, name is null, incidents desc, name;
