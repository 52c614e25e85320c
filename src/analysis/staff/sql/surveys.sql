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
    ($asked['district'] is null or location.district = $asked['district'])
    and ($asked['location'] is null or survey.location = $asked['location'])
    and ($asked['facility'] is null or location.facility = $asked['facility'])
order by survey.question, survey.location, survey.year;
