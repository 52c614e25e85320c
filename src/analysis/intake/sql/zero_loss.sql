-- A row is a case or order number without its leading zeros that stands both with and without some
-- of them.
create table raw.zero_loss as
with numbers as (
    select 'case' as kind, case_number as number from raw.uro
    union all
    select 'case', case_number from raw.haervaerk
    union all
    select 'order', order_number from raw.haervaerk
),

padded as (
    select distinct kind, ltrim(number, '0') as bare
    from numbers
    where starts_with(number, '0') and regexp_full_match(number, '\d+')
),

final as (
    select kind, ltrim(number, '0') as bare
    from numbers
    where (kind, ltrim(number, '0')) in (select (kind, bare) from padded)
    group by kind, bare
    having count(distinct number) > 1
)

select * from final;
