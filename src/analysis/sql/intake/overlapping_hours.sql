-- A row is a complaint about two sets of hours that hold at one place on one day.
select
    'two rows hold for ' || one.location || ' on weekday ' || one.weekday || ' from '
    || coalesce(other.valid_from::varchar, 'the start') as complaint
from opening_hours as one
inner join opening_hours as other
    on one.location = other.location
    and one.weekday = other.weekday
    and one.rowid < other.rowid
    and coalesce(one.valid_from, '-infinity'::date) <= coalesce(other.valid_to, 'infinity'::date)
    and coalesce(other.valid_from, '-infinity'::date) <= coalesce(one.valid_to, 'infinity'::date)
order by complaint;
