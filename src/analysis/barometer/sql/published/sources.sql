-- A row is a form that incidents come from.
select distinct source
from incident
order by source;
