-- A row is a measure at a location of the selection that had begun before its end, or whose first
-- day is not known, with the days of the selection on which it ran and its incidents on them; both
-- are null where its first day is not known.
with happened as (
    select
        location,
        occurred_at::date as day
    from selected($asked)
),

measures as (
    select
        row_number() over () as number,
        measure.*,
        greatest(measure.starts, $asked['starts']::date) as first,
        least(coalesce(measure.ends, 'infinity'::date), $asked['ends']::date - 1) as last
    from measure
    inner join register($asked) as place using (location)
    where (measure.starts is null or measure.starts < $asked['ends'])
),

final as (
    select
        any_value(measures.location) as location,
        any_value(measures.kind) as kind,
        any_value(measures.starts) as starts,
        any_value(measures.ends) as ends,
        any_value(if(measures.starts is null, null, greatest(last - first + 1, 0))) as days,
        if(any_value(measures.starts) is null, null, count(happened.day)) as incidents,
        any_value(measures.remark) as remark
    from measures
    left join happened
        on measures.location = happened.location
        and happened.day between measures.first and measures.last
    group by measures.number
)

select * from final
order by location, starts nulls first, kind, ends nulls last, remark;
