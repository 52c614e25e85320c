-- A row is a team at a location of the selection, with what happened and how long it was open on
-- those of $days on which the team's hours held at all: incidents with a known time in opening
-- hours and those of them within the team's hours, the same outside opening hours, and the hours
-- open. A shift that ends before it starts ends the day after. Assumes that the rows of a team do
-- not overlap; a day within a measure of kind $closed is closed. Of a
-- filter on self-service only its hours count as open.
with days as (select unnest($days::date[]) as day),

teams as (
    select distinct
        shift.location,
        shift.team,
        days.day
    from shift
    inner join register($asked) as place using (location)
    inner join days
        on days.day between coalesce(shift.valid_from, '-infinity'::date)
        and coalesce(shift.valid_to, 'infinity'::date)
),

presences as (
    select
        shift.location,
        shift.team,
        days.day + shift.starts as starts,
        days.day + shift.ends + to_days((shift.ends <= shift.starts)::integer) as ends
    from shift
    inner join days
        on isodow(days.day) = shift.weekday
        and days.day between coalesce(shift.valid_from, '-infinity'::date)
        and coalesce(shift.valid_to, 'infinity'::date)
),

spells as (from open_spells($asked['starts'], $asked['ends'], $closed, $asked['self_service'])),

incidents as (
    select
        found.location,
        found.occurred_at::date as day,
        found.occurred_at,
        found.has_time,
        spells.day is not null as is_open
    from selected($asked) as found
    left join spells
        on found.location = spells.location
        and found.occurred_at >= spells.opens
        and found.occurred_at < spells.closes
),

happened as (
    select
        teams.location,
        teams.team,
        incidents.has_time,
        incidents.is_open,
        exists (
            from presences
            where
                presences.location = teams.location
                and presences.team = teams.team
                and incidents.occurred_at >= presences.starts
                and incidents.occurred_at < presences.ends
        ) as is_covered
    from teams
    inner join incidents using (location, day)
),

counted as (
    select
        location,
        team,
        count(*) filter (where has_time and is_open) as incidents,
        count(*) filter (where has_time and is_open and is_covered) as covered,
        count(*) filter (where has_time and not is_open) as outside,
        count(*) filter (where has_time and not is_open and is_covered) as outside_covered,
        count(*) filter (where not has_time) as untimed
    from happened
    group by location, team
),

hours_open as (
    select
        teams.location,
        teams.team,
        sum(date_diff('second', spells.opens, spells.closes)) / 3600 as hours
    from teams
    inner join spells using (location, day)
    group by teams.location, teams.team
),

present as (
    select
        teams.location,
        teams.team,
        sum(date_diff(
            'second',
            greatest(spells.opens, presences.starts),
            least(spells.closes, presences.ends)
        )) / 3600 as covered_hours
    from teams
    inner join spells using (location, day)
    inner join presences
        on teams.location = presences.location
        and teams.team = presences.team
        and presences.starts < spells.closes
        and presences.ends > spells.opens
    group by teams.location, teams.team
),

spans as (
    select
        location,
        team,
        min(day) as first_day,
        max(day) as last_day
    from teams
    group by location, team
),

final as (
    select
        spans.location,
        spans.team,
        spans.first_day,
        spans.last_day,
        coalesce(counted.incidents, 0) as incidents,
        coalesce(counted.covered, 0) as covered,
        coalesce(counted.outside, 0) as outside,
        coalesce(counted.outside_covered, 0) as outside_covered,
        coalesce(counted.untimed, 0) as untimed,
        coalesce(hours_open.hours, 0) as hours,
        coalesce(present.covered_hours, 0) as covered_hours
    from spans
    left join counted using (location, team)
    left join hours_open using (location, team)
    left join present using (location, team)
)

select * from final
order by location, team;
