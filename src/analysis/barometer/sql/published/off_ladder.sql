-- A row is a type without a step on the conflict ladder, Andet ($other) drawn out.
select distinct if(subcategory = $other, subcategory, category::varchar) as type
from incident
where ladder_step is null
order by type;
