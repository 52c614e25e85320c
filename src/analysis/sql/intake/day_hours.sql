-- A row is a day on which a location's hours are known; `opens` is null where it is closed.
create table raw.day_hours as
with days as (
    select distinct occurred_at::date as day
    from raw.uro
    where occurred_at::date <= today()
),

final as (
    select
        hours.location,
        days.day,
        any_value(hours.opens) filter (where hours.weekday = isodow(days.day)) as opens,
        any_value(hours.closes) filter (where hours.weekday = isodow(days.day)) as closes,
        any_value(hours.staffed_from) filter (where hours.weekday = isodow(days.day)) as staffed_from,
        any_value(hours.staffed_to) filter (where hours.weekday = isodow(days.day)) as staffed_to
    from opening_hours as hours
    inner join days
        on days.day between coalesce(hours.valid_from, '-infinity'::date)
        and coalesce(hours.valid_to, 'infinity'::date)
    group by hours.location, days.day
)

select * from final;
