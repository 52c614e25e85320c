-- One file of repair orders, read as the view `export`, with its times read.
insert into raw.haervaerk
select
    $file_no,
    row_number() over (),
    clean(order_number),
    clean(reported_at) is not null,
    to_time(clean(reported_at)),
    district,
    location,
    facility,
    clean(case_number),
    status
from export;
