-- One file of the incident form, read as the view `export`, with its times read as they are in
-- Copenhagen: one of the formats with a time of day ($…_timed), one without ($…_dated), or ISO 8601.
insert into raw.uro by name
with tried as (
    select
        *,
        digest(row(
            reported_at, occurred_at, district, location, facility, category, subcategory, victim,
            demography, called, arrived
        )) as digest,
        try_strptime(spaced(reported_at), $reported_timed) as reported_timed,
        try_strptime(spaced(occurred_at), $occurred_timed) as occurred_timed
    from export
),

dated as (
    select
        *,
        case
            when reported_timed is null then try_strptime(spaced(reported_at), $reported_dated)
        end as reported_dated,
        case
            when occurred_timed is null then try_strptime(spaced(occurred_at), $occurred_dated)
        end as occurred_dated
    from tried
),

parted as (
    select
        *,
        case
            when reported_timed is null and reported_dated is null
                then iso_parts(spaced(reported_at))
        end as reported_parts,
        case
            when occurred_timed is null and occurred_dated is null
                then iso_parts(spaced(occurred_at))
        end as occurred_parts
    from dated
),

timed as (
    select
        *,
        moment_of(reported_timed, reported_dated, reported_parts, $reported_zone) as reported,
        moment_of(occurred_timed, occurred_dated, occurred_parts, $occurred_zone) as occurred,
        plain_number(case_number, $blanks) as plain_case
    from parted
)

select
    $file_no as file_no,
    * exclude (
        reported_timed, reported_dated, reported_parts, reported,
        occurred_timed, occurred_dated, occurred_parts, occurred, plain_case
    ) replace (
        number(plain_case) as case_number,
        plausible(reported) as reported_at,
        plausible(occurred) as occurred_at
    ),
    unread(reported, reported_at, $blanks) as reported_unread,
    unread(occurred, occurred_at, $blanks) as occurred_unread,
    has_clock(occurred_timed, occurred_parts) as has_time
from timed;
