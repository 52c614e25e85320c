-- A row is a spelling of a location that the register knows, its own name among them.
with spellings as (
    select
        location,
        unnest(list_append(string_split(coalesce(other_names, ''), ';'), location)) as spelling
    from location
),

final as (
    select
        location,
        trim(spelling) as spelling
    from spellings
    where trim(spelling) <> ''
)

select * from final
order by location, spelling;
