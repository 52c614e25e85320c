-- A row is a day with incidents on which a location's hours are known; `opens` is null where it is
-- closed by them. Measures do not count.
create table raw.day_hours as
with days as (
    select distinct occurred_at::date as day
    from raw.uro
    where occurred_at::date <= today()
)

select location, day, opens, closes, staffed_from, staffed_to
from open_days((select min(day) from days), (select max(day) + 1 from days), null, null)
semi join days using (day);
