-- One file of the incident form, read as the view `export`, with its times read.
insert into raw.uro
select
    $file_no,
    row_number() over (),
    clean(case_number),
    clean(reported_at) is not null,
    to_time(clean(reported_at)),
    clean(occurred_at) is not null,
    to_time(clean(occurred_at)),
    coalesce(contains(occurred_at, ':'), false),
    district,
    location,
    facility,
    category,
    subcategory,
    victim,
    demography,
    called,
    arrived
from export;
