-- A row is a fate and a reason given for it, with the number of rows; a row may have several.
with reasons as (
    select
        fate,
        unnest(string_split(reason, '; ')) as reason
    from intake_row
    where reason is not null
)

select
    fate,
    reason,
    count(*) as rows
from reasons
group by fate, reason
order by fate, rows desc, reason;
