-- A row is a file and a fate with the number of its rows.
select
    file,
    fate,
    count(*) as rows
from intake_row
group by file, fate
order by file, fate;
