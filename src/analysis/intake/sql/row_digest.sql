-- What the row of each incident says, and that of each row which is none since it was rejected.
insert into row_digest
select 'uro:' || case_key, digest
from raw.form
anti join raw.form_repeat using (file_no, row)
where rejected is null
union all
select 'haervaerk:' || order_key, digest
from raw.order_fate
where fate = 'accepted';

insert into row_digest
with rejected as (
    select 'uro:' || case_key as incident_id, digest
    from raw.form
    where rejected is not null
    union all
    select 'haervaerk:' || order_key, digest
    from raw.order_fate
    where fate = 'rejected'
)

select incident_id, min(digest)
from rejected
anti join incident using (incident_id)
where incident_id is not null and digest is not null
group by incident_id;
