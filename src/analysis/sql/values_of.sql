-- A row is a value that the register or the data hold for a dimension; $dimension is bound.
with register as (
    select case $dimension
        when 'district' then district
        when 'location' then location
        when 'facility' then facility
    end as name
    from location
),

data as (
    select name
    from selected(
        '-infinity'::timestamp, 'infinity'::timestamp, null, null, null, null, null, null, null,
        $dimension
    )
),

final as (
    select name from register
    union
    select name from data
)

select name from final
where name is not null
order by name;
