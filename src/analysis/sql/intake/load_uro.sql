-- One file of the incident form, read as the view `export`, with its times read.
insert into raw.uro
with timed as (
    select
        *,
        read_time(reported_at, $reported_timed, $reported_dated, $reported_zone) as reported,
        read_time(occurred_at, $occurred_timed, $occurred_dated, $occurred_zone) as occurred
    from export
)

select
    $file_no,
    problem,
    number(case_number, $blanks),
    reported.moment,
    unread(reported, reported_at, $blanks),
    occurred.moment,
    unread(occurred, occurred_at, $blanks),
    coalesce(occurred.has_time, false),
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
