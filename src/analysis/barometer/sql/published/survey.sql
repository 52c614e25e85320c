-- One row: the share of a survey's answers in per cent. $name is the question.
select share * 100 as percent
from survey
where location = $location and year = $period::integer and question = $name;
