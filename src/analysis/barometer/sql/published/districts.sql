-- One row: the districts that the register knows.
select count(distinct district) as districts
from location;
