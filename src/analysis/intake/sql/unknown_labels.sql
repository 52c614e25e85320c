-- A row is a label in the exports that neither taxonomy nor register knows, with the rows it stands
-- on, those that were rejected too.
select
    kind,
    label,
    rows
from unknown_label
order by kind, rows desc, label;
