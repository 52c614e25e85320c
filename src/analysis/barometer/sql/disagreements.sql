-- A row is a location and what its accepted rows say otherwise than the register, or that it is
-- not there, with the number of rows; what is quoted, only where all of it $is_whole.
with reasons as (
    select
        incident_id,
        unnest(string_split(reason, '; ')) as told
    from intake_row
    where fate = 'accepted' and reason is not null
),

final as (
    select
        incident.location as name,
        case when $is_whole then told else shown_reason(told) end as reason,
        count(*) as rows
    from reasons
    inner join incident using (incident_id)
    where contains(told, 'registret')
    group by all
)

select * from final
order by rows desc, name, reason;
