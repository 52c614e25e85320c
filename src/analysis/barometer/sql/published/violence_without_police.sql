-- One row: the incidents of $violence to which $police was not called.
select count(*) as incidents
from incident
where
    category = $violence
    and incident_id not in (select incident_id from help_call where helper = $police);
