-- A row is a row of the incident form with its labels and either the reasons to reject it or the
-- place of the first row with its case number.
create temp view form as
with labelled as (
    select
        uro.file_no,
        uro.rowid - file.uro_before + 1 as row,
        uro.case_number,
        upper(uro.case_number) as case_key,
        uro.occurred_at,
        uro.has_time,
        uro.reported_at,
        coalesce(register.district, district.label) as district,
        location.label as location,
        coalesce(register.facility, facility.label) as facility,
        category.label as category,
        case
            when category.is_divided then coalesce(category.subcategory, subcategory.label)
        end as subcategory,
        victim.label as victim,
        demography.label as demography,
        uro.called,
        uro.arrived,
        nullif(concat_ws(
            '; ',
            case when uro.case_number is null then 'Intet sagsnummer' end,
            case when location.label is null then 'Ingen lokation' end,
            case
                when uro.occurred_unread then 'Tidspunktet kan ikke læses'
                when uro.occurred_at is null then 'Intet tidspunkt'
                when uro.occurred_at::date > current_date then 'Tidspunktet ligger efter indlæsningsdagen'
            end,
            case
                when clean(uro.category) is null then 'Ingen urotype'
                when category.label is null then 'Ukendt urotype'
            end
        ), '') as rejected,
        nullif(concat_ws(
            '; ',
            case
                when register.district <> district.label
                    then 'Bydel i indmeldingen: ' || district.label || ', i registret: ' || register.district
            end,
            case
                when register.facility <> facility.label
                    then 'Facilitet i indmeldingen: ' || facility.label || ', i registret: ' || register.facility
            end,
            case when register.location is null then 'Lokationen står ikke i registret' end,
            case
                when subcategory.label is not null and not category.is_divided
                    then 'Underkategori udeladt: urotypen har ingen'
            end,
            case
                when uro.reported_unread
                    then 'Tidspunktet for oprettelse kan ikke læses'
            end
        ), '') as note
    from raw.uro
    inner join raw.file using (file_no)
    left join raw.label as district
        on district.kind = 'district' and uro.district = district.spelling
    left join raw.label as location
        on location.kind = 'location' and uro.location = location.spelling
    left join location as register on location.label = register.location
    left join raw.label as facility
        on facility.kind = 'facility' and uro.facility = facility.spelling
    left join raw.label as category
        on category.kind = 'category' and uro.category = category.spelling
    left join raw.label as subcategory
        on subcategory.kind = 'subcategory' and uro.subcategory = subcategory.spelling
    left join raw.label as victim on victim.kind = 'victim' and uro.victim = victim.spelling
    left join raw.label as demography
        on demography.kind = 'demography' and uro.demography = demography.spelling
)

select * from labelled;
