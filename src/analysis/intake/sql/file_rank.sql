-- A row is a file and its place in the order in which the files were made, by the newest time that
-- something in them was reported or ordered, or, where nothing says so, happened; of equals the later
-- name is the later.
create table raw.file_rank as
with reports as (
    select file_no, coalesce(reported_at, occurred_at) as reported_at from raw.uro
    union all
    select file_no, reported_at from raw.haervaerk
),

newest as (
    select
        file.file,
        max(reports.reported_at) filter (where reports.reported_at::date <= today()) as newest
    from raw.file
    left join reports using (file_no)
    group by file.file
),

ranked as (
    select
        file,
        row_number() over (order by newest nulls first, file) as rank
    from newest
),

final as (
    select
        file.file_no,
        ranked.rank
    from raw.file
    inner join ranked using (file)
)

select * from final;
