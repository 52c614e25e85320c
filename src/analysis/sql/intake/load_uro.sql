-- One file of the incident form, read as the view `export`, with its times read.
insert into raw.uro
with timed as (
    select
        *,
        to_time(reported_at) as reported_time,
        to_time(occurred_at) as occurred_time
    from export
)

select
    $file_no,
    clean(case_number),
    reported_time,
    is_unread(reported_time, reported_at),
    occurred_time,
    is_unread(occurred_time, occurred_at),
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
from timed;
