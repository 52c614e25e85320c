-- One row: the incidents of the form, and the repair orders, those linked to a case of the form
-- among them.
with chosen as (
    select
        incident_id,
        source
    from selected($asked)
),

linked as (
    select count(*) as orders
    from intake_row
    semi join chosen using (incident_id)
    where fate = 'linked'
),

final as (
    select
        count(*) filter (where chosen.source = 'uro') as form,
        count(*) filter (where chosen.source = 'haervaerk') + (select orders from linked) as orders
    from chosen
)

select * from final;
