-- A macro: rows_ rows of a kind drawn from `base` in order of time, those of one season. The i-th of them is
-- like a base row of the i-th part of the sample, so that every row is drawn about equally often.
-- Days, minutes and choices come from hashes of i and the seed: the same on every run. What would be
-- reported after exported_ is reported then.
create macro drawn(kind_, rows_, seed_, season_, exported_) as table
with chosen as (
    select
        i,
        (i * 1000 + (hash(i, seed_, 'place') % 1000)::bigint)
        * (select count(*) from base where kind = kind_)
        // (rows_::bigint * 1000) as place
    from range(rows_) as counted (i)
),

moments as (
    select
        chosen.i,
        base.*,
        base.month
        + to_days((hash(chosen.i, seed_, 'day') % base.days)::integer)
        + to_hours(coalesce(base.hour, 0))
        + to_minutes((hash(chosen.i, seed_, 'minute') % 60)::bigint) as occurred
    from chosen
    inner join base using (place)
    where base.kind = kind_ and base.season = season_
),

final as (
    select *, least(occurred + to_minutes(delay), exported_) as reported
    from moments
)

select * from final;
