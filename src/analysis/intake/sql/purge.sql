-- All of the database `old` but the incidents before the day `before`, and what was only theirs. Of a
-- rejected row nobody knows the day: it goes with the last incident of its file.
insert into incident by name
from old.incident
where occurred_at >= getvariable('before');

insert into help_call by name
from old.help_call
semi join incident using (incident_id);

insert into row_digest by name
from old.row_digest
semi join incident using (incident_id);

insert into intake_row by name
from old.intake_row
semi join incident using (incident_id);

insert into intake_row by name
from old.intake_row as lost
where incident_id is null and file in (select file from intake_row);

insert into experience by name
from old.experience
where month >= date_trunc('month', getvariable('before'));

insert into unknown_label by name
with used as (
    unpivot (
        select location, district, facility, subcategory, victim, demography from incident
    ) on * into name kind value label
    union
    select 'helper' as kind, helper as label from help_call
)
from old.unknown_label
semi join used using (kind, label);

insert into dataset by name
select * replace (
    (select min(occurred_at)::date from incident) as first_day,
    (select max(occurred_at)::date from incident) as last_day
)
from old.dataset;

insert into made_by by name from old.made_by;
insert into location by name from old.location;
insert into opening_hours by name from old.opening_hours;
insert into visit by name from old.visit;
insert into measure by name from old.measure;
insert into shift by name from old.shift;
insert into survey by name from old.survey;
