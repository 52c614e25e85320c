-- A row is a complaint about two sets of hours that hold at one place on one day.
select
    'to rækker gælder for ' || one.location || ' på ugedag ' || one.weekday || ' fra '
    || coalesce(other.valid_from::varchar, 'begyndelsen') as complaint
from opening_hours as one
inner join opening_hours as other
    on one.location = other.location
    and one.weekday = other.weekday
    and one.rowid < other.rowid
    and coalesce(one.valid_from, '-infinity'::date) <= coalesce(other.valid_to, 'infinity'::date)
    and coalesce(other.valid_from, '-infinity'::date) <= coalesce(one.valid_to, 'infinity'::date)
order by complaint;
