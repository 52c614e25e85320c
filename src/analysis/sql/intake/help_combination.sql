-- A row is a way the two help columns are filled in and a helper that they name.
create table raw.help_combination as
with combinations as (
    select distinct
        called,
        arrived
    from raw.uro
    where called is not null or arrived is not null
),

sides as (
    select
        called,
        arrived,
        clean(unnest(string_split(called, ','))) as spelling,
        true as is_called
    from combinations
    union all
    select
        called,
        arrived,
        clean(unnest(string_split(arrived, ','))),
        false
    from combinations
),

final as (
    select
        sides.called,
        sides.arrived,
        label.label as helper,
        bool_or(sides.is_called) as was_called,
        bool_or(not sides.is_called) as has_arrived
    from sides
    inner join raw.label on label.kind = 'helper' and sides.spelling = label.spelling
    group by sides.called, sides.arrived, label.label
)

select * from final;
