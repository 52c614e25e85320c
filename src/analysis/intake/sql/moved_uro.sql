-- Rows of the form in which a field holds what is not its own are emptied, and rejected.
update raw.uro
set
    problem = 'Felterne er forskudt',
    case_number = null,
    district = null,
    location = null,
    facility = null,
    category = null,
    subcategory = null,
    victim = null,
    demography = null,
    called = null,
    arrived = null
where
    is_text(case_number)
    or list_contains($district, district)
    or list_contains($location, location)
    or list_contains($facility, facility)
    or list_contains($category, category)
    or list_contains($subcategory, subcategory)
    or list_contains($victim, victim)
    or list_contains($demography, demography)
    or list_contains($called, called)
    or list_contains($arrived, arrived);
