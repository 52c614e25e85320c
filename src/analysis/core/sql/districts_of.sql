-- A row is a district that $location lies in: the register's, and where the register has none, each
-- that its incidents give.
with register as (
    select district
    from location
    where location = $location and district is not null
),

data as (
    select distinct district
    from shown_incident
    where location = $location and district is not null
),

final as (
    select district from register
    union
    select district from data
    where not exists (from register)
)

select * from final
order by district;
