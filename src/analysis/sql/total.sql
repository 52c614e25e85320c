-- One row: the incidents of a selection. $dimension is null.
select count(*) as incidents
from
    selected(
        $starts, $ends, $district, $location, $facility, $victim, $demography, $category,
        $self_service, $dimension
    );
