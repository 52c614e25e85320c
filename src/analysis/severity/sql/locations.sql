-- A row is a location of the register with its facility, its incidents and the hours it was open in
-- the period; `hours` is null where the hours are unknown. A day of a measure $closed has none.
-- Of a filter on self-service only its hours count.
-- The incidents are those of the selection.
with counted as (
    select location, count(*) as incidents
    from selected($asked)
    group by location
),

opened as (
    select
        location,
        sum(case
            when $asked['self_service'] is null then hours
            when $asked['self_service'] then hours - staffed_hours
            else staffed_hours
        end) as hours
    from open_days($asked['starts'], $asked['ends'], $closed, null)
    group by location
),

final as (
    select
        location.location as name,
        location.facility,
        coalesce(counted.incidents, 0) as incidents,
        opened.hours
    from register($asked) as location
    left join counted using (location)
    left join opened using (location)
)

select * from final
order by incidents desc, name;
