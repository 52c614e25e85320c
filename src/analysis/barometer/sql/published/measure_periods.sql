-- A row is the first and last day of a measure of kind $name at a location; open-ended: no last.
select concat(starts, '/', ends) as period
from measure
where location = $location and kind = $name
order by starts, ends;
