-- A row is a spelling in a field of a form with the rows it stands on, the most used first, in one
-- export ($file_no) or all. Whatever is no number, time or help is a label.
with uro as (
    select * exclude (
        file_no, problem, case_number, reported_at, reported_unread, occurred_at, occurred_unread,
        has_time, called, arrived, digest
    )
    from raw.uro
    where coalesce(file_no = $file_no, true)
),

haervaerk as (
    select * exclude (
        file_no, problem, order_number, reported_at, reported_unread, case_number, digest
    )
    from raw.haervaerk
    where coalesce(file_no = $file_no, true)
),

spelled as (
    select 'uro' as form, *
    from (unpivot uro on columns(*) into name field value spelling)
    union all
    select 'haervaerk', *
    from (unpivot haervaerk on columns(*) into name field value spelling)
),

final as (
    select form, field, spelling, count(*) as rows
    from spelled
    group by form, field, spelling
)

select * from final
order by rows desc, spelling, form, field;
