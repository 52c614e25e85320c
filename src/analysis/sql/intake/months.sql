-- A row is a month in which something that may become an incident happened.
select distinct date_trunc('month', occurred_at)::date as month
from form
where rejected is null
union
select distinct date_trunc('month', reported_at)::date
from raw.order_fate
where rejected is null
order by month;
