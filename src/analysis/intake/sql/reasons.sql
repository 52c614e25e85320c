-- A row is a fate and a reason given for it, with the number of rows; a row may have several. What a
-- reason quotes of an export is told only where all of it $is_whole.
with reasons as (
    select
        fate,
        unnest(string_split(reason, '; ')) as told
    from intake_row
    where reason is not null
)

select
    fate,
    case when $is_whole then told else shown_reason(told) end as reason,
    count(*) as rows
from reasons
group by fate, reason
order by fate, rows desc, reason;
