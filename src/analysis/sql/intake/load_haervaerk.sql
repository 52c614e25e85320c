-- One file of repair orders, read as the view `export`, with its times read.
insert into raw.haervaerk
with timed as (
    select
        *,
        read_time(reported_at, $reported_timed, $reported_dated, $reported_zone) as reported
    from export
)

select
    $file_no,
    problem,
    number(order_number, $blanks),
    reported.moment,
    unread(reported, reported_at, $blanks),
    district,
    location,
    facility,
    number(case_number, $blanks),
    status
from timed;
