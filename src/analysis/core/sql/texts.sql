-- A row is a text that people wrote, in register or other tables or as a place in an export, and that
-- holds a sign which $means something to a page. Other labels of exports are known, or not shown.
with written as (
    select unnest([location, district, facility]) as text from location
    union
    select label from unknown_label where kind = 'location'
    union
    select unnest([kind, description, remark]) from measure
    union
    select unnest([team, remark]) from shift
    union
    select note from experience
    union
    select unnest([question, remark]) from survey
    union
    select city from dataset
)

select text from written
where regexp_matches(text, $means);
