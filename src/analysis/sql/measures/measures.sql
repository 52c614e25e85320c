-- A row is a measure at a location of the selection that had begun before $ends (the day after the
-- last), or whose first day is not known.
select
    measure.location,
    measure.kind,
    measure.starts,
    measure.ends,
    measure.description,
    measure.remark
from measure
inner join location using (location)
where
    ($district is null or location.district = $district)
    and ($location is null or location.location = $location)
    and ($facility is null or location.facility = $facility)
    and (measure.starts is null or measure.starts < $ends)
order by measure.location, measure.starts nulls first, measure.kind, measure.ends nulls last;
