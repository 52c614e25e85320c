-- A row is a location and what its accepted rows say otherwise than the register, or that it is
-- not there, with the number of rows.
with reasons as (
    select
        incident_id,
        unnest(string_split(reason, '; ')) as reason
    from intake_row
    where fate = 'accepted' and reason is not null
),

final as (
    select
        incident.location as name,
        reasons.reason,
        count(*) as rows
    from reasons
    inner join incident using (incident_id)
    where contains(reasons.reason, 'registret')
    group by incident.location, reasons.reason
)

select * from final
order by rows desc, name, reason;
