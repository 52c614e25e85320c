-- A macro, stored in every database: a row is a location and a day from starts_ to the one before
-- ends_ on which its hours are known, those of a measure of kind closed_ among them: `is_closed`,
-- whatever the opening hours say. Hours and measures that began after the day known_ (null: none) are
-- not known; one that had begun is known to its last day. `opens` and `closes` are null on a day without hours, which has 0
-- `hours` and, of them, `staffed_hours`; `staffed_from` and `staffed_to` are what the hours say,
-- be they outside the opening hours or on a closed day. Assumes that at most one row of hours holds
-- on a day, as the ingest makes sure.
create or replace macro open_days(starts_, ends_, closed_, known_) as table
with days as (
    select unnest(range(starts_::timestamp, ends_::timestamp, interval 1 day))::date as day
),

regular as (
    select
        hours.location,
        days.day,
        any_value(hours.opens) filter (where hours.weekday = isodow(days.day)) as opens,
        any_value(hours.closes) filter (where hours.weekday = isodow(days.day)) as closes,
        any_value(hours.staffed_from) filter (where hours.weekday = isodow(days.day))
            as staffed_from,
        any_value(hours.staffed_to) filter (where hours.weekday = isodow(days.day)) as staffed_to
    from opening_hours as hours
    inner join days
        on days.day between coalesce(hours.valid_from, '-infinity'::date)
        and coalesce(hours.valid_to, 'infinity'::date)
    where known_ is null or hours.valid_from is null or hours.valid_from <= known_
    group by hours.location, days.day
),

closed as (
    select distinct
        measure.location,
        days.day
    from measure
    inner join days
        on days.day between measure.starts and coalesce(measure.ends, 'infinity'::date)
    where measure.kind = closed_ and (known_ is null or measure.starts <= known_)
),

held as (
    select
        location,
        day,
        closed.day is not null as is_closed,
        if(is_closed, null, regular.opens) as opens,
        if(is_closed, null, regular.closes) as closes,
        regular.staffed_from,
        regular.staffed_to
    from regular
    full join closed using (location, day)
),

final as (
    select
        location,
        day,
        is_closed,
        day + opens as opens,
        day + closes as closes,
        day + staffed_from as staffed_from,
        day + staffed_to as staffed_to,
        coalesce(date_diff('second', held.opens, held.closes), 0) / 3600 as hours,
        if(held.opens is null or held.staffed_from is null, 0, greatest(0, date_diff(
            'second',
            greatest(held.opens, held.staffed_from),
            least(held.closes, held.staffed_to)
        ))) / 3600 as staffed_hours
    from held
)

select * from final;
