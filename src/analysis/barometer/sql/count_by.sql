-- A row is a value of a dimension with its incidents.
-- $order holds the labels that come first, in their order; blanks come last.
select
    name,
    count(*) as incidents
from selected($asked)
group by name
order by name is null, list_position($order, name) nulls last, incidents desc, name;
