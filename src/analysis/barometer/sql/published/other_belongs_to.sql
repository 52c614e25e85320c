-- A row is a category that Andet ($other) is counted with.
select distinct category::varchar as category
from incident
where subcategory = $other
order by category;
