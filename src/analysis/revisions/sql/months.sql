-- A row is a month of what is asked and a cause with what it has added to the month's incidents.
select month, cause, sum(sign)::bigint as part
from selected($asked)
group by month, cause
order by month, cause;
