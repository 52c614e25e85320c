-- A row is a day with incidents and a value of a dimension.
select
    occurred_at::date as date,
    name,
    count(*) as incidents
from selected($asked)
group by date, name
order by date, name is null, list_position($order, name) nulls last, incidents desc, name;
