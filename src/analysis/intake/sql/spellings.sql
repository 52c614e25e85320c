-- A row is a spelling in a field of a form with the rows it stands on, the most used first.
with final as (
    select 'uro' as form, 'district' as field, district as spelling, count(*) as rows
    from raw.uro
    group by all
    union all
    select 'uro', 'location', location, count(*) from raw.uro group by all
    union all
    select 'uro', 'facility', facility, count(*) from raw.uro group by all
    union all
    select 'uro', 'category', category, count(*) from raw.uro group by all
    union all
    select 'uro', 'subcategory', subcategory, count(*) from raw.uro group by all
    union all
    select 'uro', 'victim', victim, count(*) from raw.uro group by all
    union all
    select 'uro', 'demography', demography, count(*) from raw.uro group by all
    union all
    select 'haervaerk', 'district', district, count(*) from raw.haervaerk group by all
    union all
    select 'haervaerk', 'location', location, count(*) from raw.haervaerk group by all
    union all
    select 'haervaerk', 'facility', facility, count(*) from raw.haervaerk group by all
    union all
    select 'haervaerk', 'status', status, count(*) from raw.haervaerk group by all
)

select * from final
where spelling is not null
order by rows desc, spelling, form, field;
