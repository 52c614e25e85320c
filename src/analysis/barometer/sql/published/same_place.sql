-- A row is another location at the same coordinates.
select other.location
from location as place
inner join location as other
    on place.latitude = other.latitude
    and place.longitude = other.longitude
    and place.location <> other.location
where place.location = $location
order by other.location;
