-- A row is a case number without its leading zeros that stands both with and without some of them.
create table raw.zero_loss as
with padded as (
    select distinct ltrim(case_number, '0') as bare
    from raw.uro
    where starts_with(case_number, '0') and regexp_full_match(case_number, '\d+')
),

final as (
    select ltrim(case_number, '0') as bare
    from raw.uro
    where ltrim(case_number, '0') in (select bare from padded)
    group by bare
    having count(distinct case_number) > 1
)

select * from final;
