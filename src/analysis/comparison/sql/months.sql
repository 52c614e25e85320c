-- A row is a location of the register and a month of the period, with its days in it, their hours and
-- visits.
-- A day of a measure $closed has no hours, whatever the opening hours say; one of $restricted or
-- $unclear has those that stand there, and in `hours_if_short` an unclear day has those of the last
-- restricted day before it on the same weekday. A day with hours is open. A year's visits are shared
-- evenly over its days, or over its open ones; a month without any takes as many a day as the same
-- month of the nearest year, the earlier of two: `borrowed_from`. `year_visits` are those of $year.
with place as (select location from register($asked)),

visits as (
    select visit.*
    from visit
    semi join place using (location)
),

calendar as (
    select unnest(generate_series(
        make_date((select least(min(year), year($asked['starts']::date)) from visits), 1, 1),
        make_date((select greatest(max(year), year($asked['ends']::date)) from visits), 12, 31),
        interval 1 day
    ))::date as day
),

measured as (
    select
        measure.location,
        calendar.day,
        bool_or(measure.kind = $restricted) as is_restricted,
        bool_or(measure.kind = $unclear) as is_unclear
    from measure
    semi join place using (location)
    inner join calendar
        on calendar.day between measure.starts and coalesce(measure.ends, 'infinity'::date)
    where measure.kind in ($restricted, $unclear)
    group by measure.location, calendar.day
),

opened as (
    from open_days(
        (select min(day) from calendar), (select max(day) + 1 from calendar), $closed, null
    )
),

day_hours as (
    select
        place.location,
        calendar.day,
        isodow(calendar.day) as weekday,
        opened.day is not null as known,
        coalesce(opened.hours, 0) as hours,
        coalesce(opened.staffed_hours, 0) as staffed,
        not coalesce(opened.is_closed, false)
        and coalesce(measured.is_restricted, false) as is_restricted,
        not coalesce(opened.is_closed, false)
        and coalesce(measured.is_unclear, false) as is_unclear
    from place
    cross join calendar
    left join opened
        on place.location = opened.location and calendar.day = opened.day
    left join measured
        on place.location = measured.location and calendar.day = measured.day
),

short_hours as (
    select location, day, weekday, hours
    from day_hours
    where is_restricted
),

both_hours as (
    select
        day_hours.*,
        if(day_hours.is_unclear, coalesce(short_hours.hours, day_hours.hours), day_hours.hours)
            as hours_if_short
    from day_hours
    asof left join short_hours
        on day_hours.location = short_hours.location
        and day_hours.weekday = short_hours.weekday
        and day_hours.day >= short_hours.day
),

months as (
    select
        location,
        date_trunc('month', day)::date as month,
        day >= $asked['starts'] and day < $asked['ends'] as in_period,
        year(day) as year,
        month(day) as month_of_year,
        count(*) as days,
        count(*) filter (where not known) as unknown_days,
        count(*) filter (where is_restricted) as restricted_days,
        count(*) filter (where is_unclear) as unclear_days,
        count(*) filter (where hours > 0) as open_days,
        sum(hours) as hours,
        sum(hours_if_short) as hours_if_short,
        sum(staffed) as staffed_hours,
        sum(hours - staffed) as self_service_hours,
        coalesce(sum(hours - staffed) filter (where not is_unclear), 0)
            as self_service_hours_on_clear_days
    from both_hours
    group by all
),

years as (
    select
        location,
        year,
        max(visits) filter (where month is null) as visits,
        if(count(month) = 12, sum(visits) filter (where month is not null), null) as of_months
    from visits
    group by location, year
),

visited as (
    select
        months.*,
        coalesce(
            of_month.visits / sum(months.days) over same_month,
            of_year.visits / sum(months.days) over same_year
        ) as visits_a_day,
        -- Of days whose hours are not known nobody knows which were open.
        coalesce(
            if(
                sum(months.unknown_days) over same_month = 0,
                of_month.visits / greatest(sum(months.open_days) over same_month, 1),
                null
            ),
            if(
                sum(months.unknown_days) over same_year = 0,
                of_year.visits / greatest(sum(months.open_days) over same_year, 1),
                null
            )
        ) as visits_an_open_day,
        of_month.visits is null and of_year.visits is not null as of_whole_year,
        coalesce(of_year.visits, of_year.of_months) as year_visits
    from months
    left join visits as of_month
        on months.location = of_month.location
        and months.year = of_month.year
        and months.month_of_year = of_month.month
    left join years as of_year
        on months.location = of_year.location
        and months.year = of_year.year
    window
        same_month as (partition by months.location, months.month),
        same_year as (partition by months.location, months.year)
),

nearest as (
    select
        wanted.location,
        wanted.month,
        arg_min(found.visits_a_day, found.nearness) as visits_a_day,
        arg_min_null(found.visits_an_open_day, found.nearness) as visits_an_open_day,
        arg_min(found.year, found.nearness) as year
    from visited as wanted
    cross join lateral (
        select
            other.year,
            other.visits_a_day,
            other.visits_an_open_day,
            2 * abs(other.year - wanted.year) + (other.year > wanted.year)::int as nearness
        from visited as other
        where
            other.location = wanted.location
            and other.month_of_year = wanted.month_of_year
            and other.visits_a_day is not null
    ) as found
    where wanted.visits_a_day is null
    group by wanted.location, wanted.month
),

final as (
    select
        visited.location,
        visited.month,
        visited.in_period,
        visited.days,
        visited.open_days,
        visited.restricted_days,
        visited.unclear_days,
        visited.unknown_days,
        visited.hours,
        visited.hours_if_short,
        visited.staffed_hours,
        visited.self_service_hours,
        visited.self_service_hours_on_clear_days,
        visited.of_whole_year,
        nearest.year as borrowed_from,
        coalesce(visited.visits_a_day, nearest.visits_a_day) * visited.days as visits,
        coalesce(visited.visits_an_open_day, nearest.visits_an_open_day) * visited.open_days
            as visits_on_open_days,
        max(visited.year_visits) filter (where visited.year = $year) over (
            partition by visited.location
        ) as year_visits
    from visited
    left join nearest using (location, month)
)

select * exclude (in_period) from final
where in_period
order by location, month;
