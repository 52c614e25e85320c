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
    select distinct kind, number.bare as bare
    from numbers
    where number.is_padded
),

final as (
    select kind, number.bare as bare
    from numbers
    where (kind, number.bare) in (select (kind, bare) from padded)
    group by kind, number.bare
    having count(distinct number.key) > 1
)

select * from final;
