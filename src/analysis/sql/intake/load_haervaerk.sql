-- One file of repair orders, read as the view `export`, with its times read.
insert into raw.haervaerk
with timed as (
    select
        *,
        to_time(reported_at) as reported_time
    from export
)

select
    $file_no,
    clean(order_number),
    reported_time,
    is_unread(reported_time, reported_at),
    district,
    location,
    facility,
    clean(case_number),
    status
from timed;
