-- One row: the kind of place a location is.
select facility
from location
where location = $location;
