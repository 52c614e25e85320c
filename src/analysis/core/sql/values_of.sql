-- A row is a value that the register or the data hold for a dimension.
with listed as (
    select case $asked['dimension']
        when 'district' then district
        when 'location' then location
        when 'facility' then facility
    end as name
    from location
),

data as (
    select name
    from selected($asked)
),

final as (
    select name from listed
    union
    select name from data
)

select name from final
where name is not null
order by name;
