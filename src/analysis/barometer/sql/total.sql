-- One row: the incidents of a selection.
select count(*) as incidents
from selected($asked);
