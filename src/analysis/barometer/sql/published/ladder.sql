-- A row is a category with a step on the conflict ladder, the lowest first.
select category::varchar as category
from incident
where ladder_step is not null
group by category, ladder_step
order by ladder_step, category;
