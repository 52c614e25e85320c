-- A row is what a representative entered for a month, in the order of the file.
select month, district, location, direction, strength, note
from experience
order by rowid;
