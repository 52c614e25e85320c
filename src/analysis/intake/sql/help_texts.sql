-- A row is a way the two help columns are filled in, with its rows, the most used first.
select
    called,
    arrived,
    count(*) as rows
from raw.uro
where called is not null or arrived is not null
group by called, arrived
order by rows desc, called, arrived;
