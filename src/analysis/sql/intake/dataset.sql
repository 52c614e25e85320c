-- One row: whether the data are synthetic (case or order numbers with $prefix), and their days.
insert into dataset
select
    coalesce(bool_or(starts_with(split_part(incident_id, ':', 2), $prefix)), false),
    min(occurred_at)::date,
    max(occurred_at)::date
from incident;
