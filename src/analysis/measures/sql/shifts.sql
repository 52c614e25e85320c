-- A row is a team's hours on a weekday at a location of the selection, where they hold on any of
-- $days: `starts` and `ends` in hours from the midnight that the weekday begins at, past 24 where
-- the shift ends the day after. `shared` is true where the team is listed at another location too
-- at the same time: then nobody can tell at which of them it was.
with hours as (
    select
        location,
        team,
        weekday,
        date_part('epoch', starts) / 3600 as starts,
        date_part('epoch', ends) / 3600 + 24 * (ends <= starts)::integer as ends,
        coalesce(valid_from, '-infinity'::date) as first,
        coalesce(valid_to, 'infinity'::date) as last,
        valid_from,
        valid_to
    from shift
),

final as (
    select
        hours.location,
        hours.team,
        hours.weekday,
        hours.starts,
        hours.ends,
        hours.valid_from,
        hours.valid_to,
        exists (
            from hours as other
            where
                other.team = hours.team
                and other.location != hours.location
                and other.weekday = hours.weekday
                and other.starts < hours.ends
                and other.ends > hours.starts
                and other.first <= hours.last
                and other.last >= hours.first
        ) as shared
    from hours
    inner join register($asked) as place using (location)
    where
        exists (
            from (select unnest($days::date[]) as day)
            where isodow(day) = hours.weekday and day between hours.first and hours.last
        )
)

select * from final
order by location, team, valid_from nulls first, weekday, starts;
