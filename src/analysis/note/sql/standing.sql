-- A row is a location or a district, whichever is the dimension, of the register or of the data with
-- its incidents, zeros too, the most first.
with counted as (
    select
        name,
        count(*) as incidents
    from selected($asked)
    where name is not null
    group by name
),

known as (
    select distinct if($asked['dimension'] = 'district', district, location) as name
    from register($asked)
),

final as (
    select
        coalesce(known.name, counted.name) as name,
        coalesce(counted.incidents, 0) as incidents
    from known
    full join counted using (name)
)

select * from final
order by incidents desc, name;
