-- What became of every row of every export.
insert into intake_row
with uncalled as (
    select distinct
        called,
        arrived,
        'Hjælp ankom uden at være tilkaldt' as note
    from raw.help_combination
    where not was_called
),

corrections as (
    select
        winner_file_no as file_no,
        winner_row as row,
        string_agg(distinct changes, ' og ' order by changes) as corrected
    from raw.form_repeat
    where is_later
    group by all
),

form_rows as (
    select
        form.file_no,
        form.row,
        case
            when form.rejected is not null then 'rejected'
            when form_repeat.row is not null then 'duplicate'
            else 'accepted'
        end as fate,
        case
            when form.rejected is not null then form.rejected
            when form_repeat.row is not null
                then repeated(
                    'sagsnummer', form_repeat.differs, form_repeat.is_later, form_repeat.changes
                )
            else nullif(concat_ws(
                '; ',
                'Retter en tidligere eksport: ' || corrections.corrected,
                form.note,
                uncalled.note
            ), '')
        end as reason,
        case
            when form.rejected is null
                then 'uro:' || form.case_key
        end as incident_id
    from raw.form
    left join raw.form_repeat using (file_no, row)
    left join corrections using (file_no, row)
    left join uncalled
        on form.called is not distinct from uncalled.called
        and form.arrived is not distinct from uncalled.arrived
),

order_incidents as (
    select
        order_key,
        case fate
            when 'accepted' then 'haervaerk:' || order_key
            when 'linked' then 'uro:' || named_case
        end as incident_id
    from raw.order_fate
    where fate in ('accepted', 'linked')
),

orders as (
    select
        order_fate.file_no,
        order_fate.row,
        order_fate.fate,
        case order_fate.fate
            when 'rejected' then order_fate.rejected
            when 'duplicate'
                then repeated(
                    'ordrenummer', order_fate.differs, order_fate.is_later, order_fate.changes
                )
            else nullif(concat_ws(
                '; ',
                'Retter en tidligere eksport: ' || order_fate.corrected,
                case order_fate.fate
                    when 'cancelled' then 'Ordren er annulleret'
                    when 'linked' then 'Ordren hører til en sag i skemaet'
                    else order_fate.case_note
                end,
                case when order_fate.fate <> 'cancelled' then order_fate.note end
            ), '')
        end as reason,
        case when order_fate.fate <> 'rejected' then order_incidents.incident_id end as incident_id
    from raw.order_fate
    left join order_incidents using (order_key)
),

both_forms as (
    select * from form_rows
    union all
    select * from orders
)

select
    file.file,
    both_forms.row,
    both_forms.fate,
    both_forms.reason,
    both_forms.incident_id
from both_forms
inner join raw.file using (file_no);
