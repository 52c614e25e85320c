-- A row is a staff survey's answer at a location of the selection, the earliest first; `answers` is
-- null where their number is unknown.
select
    survey.location,
    survey.year,
    survey.question,
    survey.share,
    survey.answers,
    survey.remark
from survey
left join location using (location)
where
    ($district is null or location.district = $district)
    and ($location is null or survey.location = $location)
    and ($facility is null or location.facility = $facility)
order by survey.question, survey.location, survey.year;
