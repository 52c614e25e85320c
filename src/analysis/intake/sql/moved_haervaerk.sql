-- Repair orders that show as in `moved_uro` that their fields have moved are emptied, and rejected.
update raw.haervaerk
set
    problem = 'Felterne er forskudt',
    order_number = null,
    district = null,
    location = null,
    facility = null,
    case_number = null,
    status = null,
    digest = null
where file_no = $file_no and (
    coalesce(order_number.is_text, false)
    or coalesce(case_number.is_text, false)
    or (
        sign($district, district)
        + sign($location, location)
        + sign($facility, facility)
        + sign($status, status)
    ) >= 2
);
