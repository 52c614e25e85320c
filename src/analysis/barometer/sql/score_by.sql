-- A row is a district or a location with its severity-weighted score and its incidents.
-- $weights holds the weight of each label of $labels.
select
    name,
    sum($weights[list_position($labels, category::varchar)])::bigint as relative_score,
    count(*) as incidents
from selected($asked)
group by name
order by name is null, incidents desc, name;
