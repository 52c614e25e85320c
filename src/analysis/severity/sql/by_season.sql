-- A row is one of $seasons and one of $types with its incidents in the $half (null: the whole
-- season) of that season, zeros too.
with counted as (
    select season, category::varchar as name, count(*) as incidents
    from selected($asked)
    where $half is null or half = $half
    group by all
),

seasons as (select unnest($seasons) as season),

types as (select unnest($types) as name),

final as (
    select seasons.season, types.name, coalesce(counted.incidents, 0) as incidents
    from seasons
    cross join types
    left join counted using (season, name)
)

select * from final
order by season, list_position($types, name);
