-- One file of repair orders, read as the view `export`, with its times read as `load_uro` reads them.
insert into raw.haervaerk by name
with tried as (
    select
        *,
        digest(row(reported_at, district, location, facility, case_number, status)) as digest,
        try_strptime(spaced(reported_at), $reported_timed) as reported_timed
    from export
),

dated as (
    select
        *,
        case
            when reported_timed is null then try_strptime(spaced(reported_at), $reported_dated)
        end as reported_dated
    from tried
),

parted as (
    select
        *,
        case
            when reported_timed is null and reported_dated is null
                then iso_parts(spaced(reported_at))
        end as reported_parts
    from dated
),

timed as (
    select
        *,
        moment_of(reported_timed, reported_dated, reported_parts, $reported_zone) as reported,
        plain_number(order_number, $blanks) as plain_order,
        plain_number(case_number, $blanks) as plain_case
    from parted
)

select
    $file_no as file_no,
    * exclude (
        reported_timed, reported_dated, reported_parts, reported, plain_order, plain_case
    ) replace (
        number(plain_order) as order_number,
        plausible(reported) as reported_at,
        number(plain_case) as case_number
    ),
    unread(reported, reported_at, $blanks) as reported_unread
from timed;
