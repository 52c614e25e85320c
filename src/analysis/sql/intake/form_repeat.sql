-- A row is a row of the form that repeats an accepted case number, and whether it says the same.
create table raw.form_repeat as
-- Of millions of numbers few repeat: grouping their hashes leaves few rows to compare.
with suspects as (
    select hash(upper(case_number)) as key_hash
    from raw.uro
    group by key_hash
    having count(*) > 1
),

candidates as (
    select *
    from form
    where rejected is null and hash(case_key) in (select key_hash from suspects)
),

numbered as (
    select
        file_no,
        row,
        row_number() over same_case > 1 as is_repeat,
        first_value(case_number) over same_case as first_case_number,
        (
            occurred_at, reported_at, district, location, facility, category, subcategory, victim,
            demography, called, arrived
        ) is distinct from first_value((
            occurred_at, reported_at, district, location, facility, category, subcategory, victim,
            demography, called, arrived
        )) over same_case as differs
    from candidates
    window same_case as (partition by case_key order by file_no, row)
)

select
    file_no,
    row,
    first_case_number,
    differs
from numbered
where is_repeat;
