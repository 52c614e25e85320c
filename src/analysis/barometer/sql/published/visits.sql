-- One row: the visits of a location in the year $period, whether kept for the year or by month.
select sum(visits)::bigint as visits
from visit
where location = $location and year = $period::integer;
