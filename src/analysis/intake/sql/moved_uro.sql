-- Rows of the form that show in one field for sure, or in two by what is another field's, that their
-- fields have moved are emptied, and rejected.
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
    arrived = null,
    digest = null
where file_no = $file_no and (
    coalesce(case_number.is_text, false)
    or (
        sign($district, district)
        + sign($location, location)
        + sign($facility, facility)
        + sign($category, category)
        + sign($subcategory, subcategory)
        + sign($victim, victim)
        + sign($demography, demography)
        + sign($called, called)
        + sign($arrived, arrived)
    ) >= 2
);
