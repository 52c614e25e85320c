-- A row is an hour (0 to 23) and a value of a dimension; incidents without a known time are left out.
select
    hour(occurred_at) as hour,
    name,
    count(*) as incidents
from selected($asked)
where has_time
group by hour, name
order by hour, name is null, list_position($order, name) nulls last, incidents desc, name;
