-- The incidents: accepted rows of the form, and accepted repair orders as category $vandalism with
-- a date but no known time of day.
insert into incident by name
with both_sources as (
    select
        'uro:' || case_key as incident_id,
        'uro' as source,
        occurred_at,
        has_time,
        reported_at,
        district,
        location,
        facility,
        category,
        subcategory,
        victim,
        demography
    from raw.form
    anti join raw.form_repeat using (file_no, row)
    where rejected is null
    union all by name
    select
        'haervaerk:' || order_key as incident_id,
        'haervaerk' as source,
        reported_at::date::timestamp as occurred_at,
        false as has_time,
        reported_at,
        district,
        location,
        facility,
        $vandalism as category
    from raw.order_fate
    where fate = 'accepted'
),

final as (
    select
        incident.incident_id,
        incident.source,
        incident.occurred_at,
        incident.has_time,
        incident.reported_at,
        month.season,
        month.half,
        month.month,
        incident.district,
        incident.location,
        incident.facility,
        incident.category,
        incident.subcategory,
        case
            when incident.subcategory is distinct from $other
                then nullif($steps[list_position($categories, incident.category)], 0)
        end as ladder_step,
        incident.victim,
        incident.demography,
        case
            when incident.has_time and day_hours.day is not null
                then coalesce(
                    incident.occurred_at >= day_hours.opens
                    and incident.occurred_at < day_hours.closes,
                    false
                )
                and not coalesce(
                    incident.occurred_at >= day_hours.staffed_from
                    and incident.occurred_at < day_hours.staffed_to,
                    false
                )
        end as self_service
    from both_sources as incident
    inner join raw.month
        on date_trunc('month', incident.occurred_at)::date = month.month
    left join raw.day_hours
        on incident.location = day_hours.location and incident.occurred_at::date = day_hours.day
)

select * from final;
