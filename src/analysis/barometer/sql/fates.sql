-- A row is an export file with the number of its rows and of each fate.
select
    file,
    count(*) as rows,
    count(*) filter (where fate = 'accepted') as accepted,
    count(*) filter (where fate = 'duplicate') as duplicate,
    count(*) filter (where fate = 'linked') as linked,
    count(*) filter (where fate = 'cancelled') as cancelled,
    count(*) filter (where fate = 'rejected') as rejected
from intake_row
group by file
order by file;
