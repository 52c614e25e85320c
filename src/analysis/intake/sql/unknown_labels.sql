-- A row is a label in the exports that neither taxonomy, register nor layout knows, with the rows it
-- stands on, those that were rejected too; as it is written, but for the place of an incident, only
-- where all of it $is_whole.
select
    kind,
    case
        when $is_whole or (kind = 'location' and label in (select location from incident)) then label
        else nobody_knows()
    end as label,
    sum(rows)::bigint as rows
from unknown_label
group by all
order by kind, rows desc, label;
