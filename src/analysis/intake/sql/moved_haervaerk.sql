-- Repair orders in which a field holds what is not its own are emptied, and rejected.
update raw.haervaerk
set
    problem = 'Felterne er forskudt',
    order_number = null,
    district = null,
    location = null,
    facility = null,
    case_number = null,
    status = null
where
    is_text(order_number)
    or is_text(case_number)
    or list_contains($district, district)
    or list_contains($location, location)
    or list_contains($facility, facility)
    or list_contains($status, status);
