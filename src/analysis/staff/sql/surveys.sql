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
where lies_in($asked, location.district, survey.location, location.facility)
order by survey.question, survey.location, survey.year;
