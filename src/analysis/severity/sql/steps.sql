-- A row is a value of the dimension (null: all as one) with its incidents on each of $steps, the
-- lowest first; what stands outside the ladder is left out.
with counted as (
    select
        name,
        histogram(ladder_step) as on_step
    from selected($asked)
    where ladder_step is not null
    group by name
),

final as (
    select
        name,
        list_transform($steps::tinyint[], lambda step: coalesce(on_step[step], 0)) as by_step
    from counted
)

select * from final
order by name is null, name;
