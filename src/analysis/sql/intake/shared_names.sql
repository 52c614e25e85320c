-- A row is a complaint about a name that two locations go by.
with spellings as (
    select
        location,
        lower(trim(unnest(list_append(string_split(coalesce(other_names, ''), ';'), location)))) as spelling
    from location
)

select 'the name ' || spelling || ' belongs to ' || string_agg(distinct location, ' and ') as complaint
from spellings
where spelling <> ''
group by spelling
having count(distinct location) > 1
order by complaint;
