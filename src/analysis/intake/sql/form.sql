-- A row is a row of the incident form with its labels and either the reasons to reject it or the
-- place of the first row with its case number.
create table raw.form as
with numbered as (
    select
        uro.*,
        file_rank.rank as file_rank,
        uro.rowid - file.uro_before + file.rows_before + 1 as row,
        file.file,
        file.has_numbers,
        file.has_district,
        file.has_facility
    from raw.uro
    inner join raw.file using (file_no)
    inner join raw.file_rank using (file_no)
),

labelled as (
    select
        uro.file_no,
        uro.file_rank,
        uro.row,
        case
            when uro.has_numbers then uro.case_number.key
            else pseudonym(uro.file || ':' || uro.row)
        end as case_key,
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
        uro.digest,
        coalesce(uro.problem, nullif(concat_ws(
            '; ',
            case
                when not uro.has_numbers then null
                when uro.case_number is null then 'Intet sagsnummer'
                when uro.case_number.destroyed is not null
                    then 'Sagsnummeret er ødelagt af et regneark: ' || uro.case_number.destroyed
            end,
            case when location.label is null then 'Ingen lokation' end,
            case
                when uro.occurred_unread is not null
                    then 'Tidspunktet kan ikke læses (skrevet som ' || uro.occurred_unread || ')'
                when uro.occurred_at is null then 'Intet tidspunkt'
                when uro.occurred_at::date > today() then 'Tidspunktet ligger efter indlæsningsdagen'
            end,
            case
                when category.unknown is not null
                    then 'Ukendt urotype: ' || shown(category.unknown)
                when category.label is null then 'Ingen urotype'
            end
        ), '')) as rejected,
        nullif(concat_ws(
            '; ',
            case
                when uro.has_district and register.district <> district.label
                    then 'Bydel i indmeldingen: ' || shown(district.label)
                    || ', i registret: ' || register.district
            end,
            case
                when uro.has_facility and register.facility <> facility.label
                    then 'Facilitet i indmeldingen: ' || shown(facility.label)
                    || ', i registret: ' || register.facility
            end,
            case when register.location is null then 'Lokationen står ikke i registret' end,
            case
                when zero_loss.bare is not null
                    then 'Samme sagsnummer findes med og uden foranstillede nuller'
            end,
            case
                when subcategory.label is not null and not category.is_divided
                    then 'Underkategori udeladt: urotypen har ingen'
            end,
            case
                when uro.reported_unread is not null
                    then 'Tidspunktet for oprettelse kan ikke læses (skrevet som '
                    || uro.reported_unread || ')'
            end
        ), '') as note
    from numbered as uro
    left join raw.zero_loss
        on zero_loss.kind = 'case' and uro.case_number.bare = zero_loss.bare
    left join raw.label as district
        on district.form = 'uro' and district.field = 'district' and uro.district = district.spelling
    left join raw.label as location
        on location.form = 'uro' and location.field = 'location' and uro.location = location.spelling
    left join location as register on location.label = register.location
    left join raw.label as facility
        on facility.form = 'uro' and facility.field = 'facility' and uro.facility = facility.spelling
    left join raw.label as category
        on category.form = 'uro' and category.field = 'category' and uro.category = category.spelling
    left join raw.label as subcategory
        on subcategory.form = 'uro'
        and subcategory.field = 'subcategory'
        and uro.subcategory = subcategory.spelling
    left join raw.label as victim
        on victim.form = 'uro' and victim.field = 'victim' and uro.victim = victim.spelling
    left join raw.label as demography
        on demography.form = 'uro'
        and demography.field = 'demography'
        and uro.demography = demography.spelling
)

select * from labelled;
