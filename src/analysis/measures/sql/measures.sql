-- A row is a measure at a location of the selection that had begun before its end, or whose first
-- day is not known.
select
    measure.location,
    measure.kind,
    measure.starts,
    measure.ends,
    measure.description,
    measure.remark
from measure
inner join register($asked) as place using (location)
where measure.starts is null or measure.starts < $asked['ends']
order by measure.location, measure.starts nulls first, measure.kind, measure.ends nulls last;
