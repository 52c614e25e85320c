-- Help that came without being called counts as called.
insert into help_call
select
    incident_id,
    helper,
    arrived
from raw.help_side
order by incident_id, helper;
