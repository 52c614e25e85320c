-- A row is a spelling found in the exports with the kind of label it is.
with helpers as (
    select unnest(string_split(called, ',')) as spelling
    from (select distinct called from raw.uro)
    union
    select unnest(string_split(arrived, ',')) as spelling
    from (select distinct arrived from raw.uro)
),

final as (
    select 'district' as kind, district as spelling from raw.uro
    union
    select 'district', district from raw.haervaerk
    union
    select 'location', location from raw.uro
    union
    select 'location', location from raw.haervaerk
    union
    select 'facility', facility from raw.uro
    union
    select 'facility', facility from raw.haervaerk
    union
    select 'category', category from raw.uro
    union
    select 'subcategory', subcategory from raw.uro
    union
    select 'victim', victim from raw.uro
    union
    select 'demography', demography from raw.uro
    union
    select 'status', status from raw.haervaerk
    union
    select 'helper', clean(spelling) from helpers
)

select * from final
where spelling is not null
order by kind, spelling;
