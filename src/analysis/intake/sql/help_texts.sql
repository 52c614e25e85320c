-- A row is a way the two help columns are filled in, with its rows, the most used first, in one export
-- ($file_no) or all.
select
    called,
    arrived,
    count(*) as rows
from raw.uro
where
    (called is not null or arrived is not null)
    and coalesce(file_no = $file_no, true)
group by called, arrived
order by rows desc, called, arrived;
