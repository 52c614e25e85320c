-- A row is a location of the register or the data, with a district that it is counted in.
with final as (
    select
        location,
        district
    from location
    union
    select
        location,
        district
    from shown_incident
)

select
    location,
    district
from final
order by location, district;
