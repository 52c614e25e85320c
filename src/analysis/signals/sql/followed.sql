-- A row is one of the seasons (its first day, of those in $seasons) and a location of the register that
-- is followed in it: it had at least $least incidents in each of the three seasons before, as known on
-- the day before it.
with seasons as (
    select unnest($seasons::date[]) as first_day
),

counted as (
    select
        seasons.first_day,
        shown_incident.location,
        shown_incident.season,
        count(*) as incidents
    from shown_incident
    semi join location using (location)
    inner join seasons
        on
            occurred_at >= first_day - interval 3 year
            and known_on(occurred_at, reported_at) < first_day
    group by all
),

final as (
    select
        first_day as season,
        location as name
    from counted
    where incidents >= $least
    group by all
    having count(*) = 3
)

select * from final
order by season, name;
