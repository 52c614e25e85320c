-- One file of the incident form, read as the view `export`: text trimmed, times read.
insert into raw.uro
select
    $file_no,
    row_number() over (),
    clean(case_number),
    clean(reported_at),
    to_time(clean(reported_at)),
    clean(occurred_at),
    to_time(clean(occurred_at)),
    coalesce(contains(occurred_at, ':'), false),
    clean(district),
    clean(location),
    clean(facility),
    clean(category),
    clean(subcategory),
    clean(victim),
    clean(demography),
    clean(called),
    clean(arrived)
from export;
