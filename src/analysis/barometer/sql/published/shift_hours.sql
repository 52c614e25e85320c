-- A row is the weekdays (1 = Monday) that a team ($name) has the same hours at a location.
select
    string_agg(weekday::varchar, ', ' order by weekday)
    || ' kl. ' || left(starts::varchar, 5) || '-' || left(ends::varchar, 5) as hours
from shift
where location = $location and team = $name
group by starts, ends
order by hours;
