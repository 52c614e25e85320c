-- A row is a month in which something that may become an incident happened.
with times as (
    select occurred_at as moment from raw.uro
    union all
    select reported_at from raw.haervaerk
)

select distinct date_trunc('month', moment)::date as month
from times
where moment::date <= today()
order by month;
