-- A row is a field of the incident form and the incidents of the form that leave it blank; a
-- subcategory is asked for only where the category is $unwanted.
with form as (
    select *
    from selected($asked)
    where source = 'uro'
),

counted as (
    select 'district' as field, count(*) as incidents, count(*) - count(district) as blank from form
    union all
    select 'facility', count(*), count(*) - count(facility) from form
    union all
    select 'subcategory', count(*), count(*) - count(subcategory)
    from form
    where category::varchar = $unwanted
    union all
    select 'victim', count(*), count(*) - count(victim) from form
    union all
    select 'demography', count(*), count(*) - count(demography) from form
    union all
    select 'time', count(*), count(*) filter (where not has_time) from form
    union all
    select 'reported_at', count(*), count(*) - count(reported_at) from form
),

final as (
    select
        field,
        incidents,
        blank,
        blank / nullif(incidents, 0) as share
    from counted
)

select * from final
order by blank desc, field;
