-- A row is a month of one season and one of the $types, zeros too; Andet ($other) is drawn out
-- of the category it is a subcategory of.
with counted as (
    select
        month,
        case when subcategory = $other then $other else category::varchar end as name,
        count(*) as incidents
    from selected($asked)
    group by all
),

months as (select unnest($months::date[]) as month),

types as (select unnest($types) as name),

final as (
    select
        $season as season,
        months.month,
        types.name,
        coalesce(counted.incidents, 0) as incidents
    from months
    cross join types
    left join counted using (month, name)
)

select * from final
order by month, list_position($types, name);
