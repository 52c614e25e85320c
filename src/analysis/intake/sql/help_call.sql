-- The helpers of each incident; one that came without being called counts as called.
insert into help_call
select
    'uro:' || form.case_key,
    combination.helper,
    combination.has_arrived
from raw.form
anti join raw.form_repeat using (file_no, row)
inner join raw.help_combination as combination
    on form.called is not distinct from combination.called
    and form.arrived is not distinct from combination.arrived
where form.rejected is null;
