-- A row is a row of the form that repeats an accepted case number, the row that stands instead, and
-- whether it says the same. The file made later wins; within a file the first row stays. `changes`
-- is what the later file corrects.
create table raw.form_repeat as
-- Of millions of numbers few repeat: grouping their hashes leaves few rows to compare.
with suspects as (
    select hash(case_key) as key_hash
    from raw.form
    group by key_hash
    having count(*) > 1
),

candidates as (
    select *
    from raw.form
    where rejected is null and hash(case_key) in (select key_hash from suspects)
),

winners as (
    select distinct on (case_key) *
    from candidates
    order by case_key, file_rank desc, file_no, row
),

final as (
    select
        lost.file_no,
        lost.row,
        won.file_no as winner_file_no,
        won.row as winner_row,
        won.file_rank > lost.file_rank as is_later,
        (
            lost.occurred_at, lost.has_time, lost.reported_at, lost.district, lost.location,
            lost.facility, lost.category, lost.subcategory, lost.victim, lost.demography,
            lost.called, lost.arrived
        ) is distinct from (
            won.occurred_at, won.has_time, won.reported_at, won.district, won.location,
            won.facility, won.category, won.subcategory, won.victim, won.demography,
            won.called, won.arrived
        ) as differs,
        nullif(concat_ws(
            ', ',
            changed('tidspunkt', lost.occurred_at is distinct from won.occurred_at),
            changed_label('lokation', lost.location, won.location),
            changed_label('urotype', lost.category, won.category),
            changed_label('underkategori', lost.subcategory, won.subcategory),
            changed_label('forurettede', lost.victim, won.victim),
            changed_label('demografi', lost.demography, won.demography),
            changed(
                'hjælp', (lost.called, lost.arrived) is distinct from (won.called, won.arrived)
            )
        ), '') as changes
    from candidates as lost
    inner join winners as won using (case_key)
    where (lost.file_no, lost.row) <> (won.file_no, won.row)
)

select * from final;
