-- A row is a helper with the incidents it was called to and those it came to.
with chosen as (
    select incident_id
    from selected($asked)
),

final as (
    select
        helper,
        count(*) as called,
        count(*) filter (where arrived) as arrived
    from shown_help
    semi join chosen using (incident_id)
    group by helper
)

select * from final
order by called desc, helper;
