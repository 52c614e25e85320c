-- A row is a month of $months and a value of a dimension that the selection holds, zeros too.
with counted as (
    select
        month,
        name,
        count(*) as incidents
    from selected($asked)
    group by month, name
),

names as (select distinct name from counted),

months as (select unnest($months::date[]) as month),

final as (
    select
        months.month,
        names.name,
        coalesce(counted.incidents, 0) as incidents
    from months
    cross join names
    left join counted
        on months.month = counted.month and names.name is not distinct from counted.name
)

select * from final
order by month, name is null, list_position($order, name) nulls last, incidents desc, name;
