-- One file of repair orders, read as the view `export`: text trimmed, times read.
insert into raw.haervaerk
select
    $file_no,
    row_number() over (),
    clean(order_number),
    clean(reported_at),
    to_time(clean(reported_at)),
    clean(district),
    clean(location),
    clean(facility),
    clean(case_number),
    clean(status)
from export;
