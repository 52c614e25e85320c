-- A row is an incident of what is asked: when, where, what and who, without its number.
select
    occurred_at::date as date,
    case when has_time then strftime(occurred_at, '%H.%M') end as time,
    location,
    district,
    category::varchar as category,
    subcategory,
    demography,
    victim
from selected($asked)
order by occurred_at, location, district, category, subcategory, demography, victim;
