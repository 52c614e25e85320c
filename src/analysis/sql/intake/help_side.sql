-- A row is an incident and a helper that was called to it, came to it, or both.
create table raw.help_side as
with accepted as (
    select
        'uro:' || case_number as incident_id,
        called,
        arrived
    from raw.form
    anti join raw.form_repeat using (file_no, row)
    where rejected is null and (called is not null or arrived is not null)
),

sides as (
    select
        incident_id,
        clean(unnest(string_split(called, ','))) as spelling,
        true as was_called
    from accepted
    union all
    select
        incident_id,
        clean(unnest(string_split(arrived, ','))),
        false
    from accepted
),

final as (
    select
        sides.incident_id,
        label.label as helper,
        bool_or(sides.was_called) as called,
        bool_or(not sides.was_called) as arrived
    from sides
    inner join raw.label on label.kind = 'helper' and sides.spelling = label.spelling
    group by sides.incident_id, label.label
)

select * from final;
