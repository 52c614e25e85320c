-- A row is the first and last day of a period in which a team ($name) is at a location.
select distinct concat(valid_from, '/', valid_to) as period
from shift
where location = $location and team = $name
order by period;
