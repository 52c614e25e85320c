-- One row: the measures of the kinds $name ("; " between them) at a location within a period.
select count(*) as measures
from measure
where
    location = $location
    and list_contains(string_split($name, '; '), kind)
    and starts < $after
    and coalesce(ends, 'infinity'::date) >= $first;
