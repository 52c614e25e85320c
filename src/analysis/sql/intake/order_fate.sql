-- A row is a repair order with its fate; one that names an accepted case is that incident.
create table raw.order_fate as
with labelled as (
    select
        haervaerk.file_no,
        haervaerk.rowid - file.haervaerk_before + 1 as row,
        haervaerk.order_number,
        upper(haervaerk.order_number) as order_key,
        haervaerk.case_number as named_case,
        haervaerk.reported_at,
        coalesce(register.district, district.label) as district,
        location.label as location,
        coalesce(register.facility, facility.label) as facility,
        status.label as status,
        nullif(concat_ws(
            '; ',
            case when haervaerk.order_number is null then 'Intet ordrenummer' end,
            case when location.label is null then 'Ingen lokation' end,
            case
                when haervaerk.reported_unread then 'Tidspunktet kan ikke læses'
                when haervaerk.reported_at is null then 'Intet tidspunkt'
                when haervaerk.reported_at::date > current_date
                    then 'Tidspunktet ligger efter indlæsningsdagen'
            end
        ), '') as rejected,
        nullif(concat_ws(
            '; ',
            'Bydel i ordren: ' || district.label || ', i registret: '
            || nullif(register.district, district.label),
            'Facilitet i ordren: ' || facility.label || ', i registret: '
            || nullif(register.facility, facility.label),
            case when register.location is null then 'Lokationen står ikke i registret' end,
            case when not list_contains($statuses, status.label) then 'Ukendt status' end
        ), '') as note
    from raw.haervaerk
    inner join raw.file using (file_no)
    left join raw.label as district
        on district.kind = 'district' and haervaerk.district = district.spelling
    left join raw.label as location
        on location.kind = 'location' and haervaerk.location = location.spelling
    left join location as register on location.label = register.location
    left join raw.label as facility
        on facility.kind = 'facility' and haervaerk.facility = facility.spelling
    left join raw.label as status on status.kind = 'status' and haervaerk.status = status.spelling
),

numbered as (
    select
        *,
        row_number() over same_order > 1 as is_repeat,
        (reported_at, location, upper(named_case), status, note) is distinct from (
            first_value((reported_at, location, upper(named_case), status, note)) over same_order
        ) as differs
    from labelled
    window same_order as (partition by order_key, rejected is null order by file_no, row)
),

cases as (
    select
        case_key,
        min_by(case_number, (file_no, row)) filter (where rejected is null)
            as accepted_case
    from form
    where case_key in (select upper(named_case) from labelled)
    group by case_key
),

final as (
    select
        numbered.*,
        cases.accepted_case,
        case
            when numbered.rejected is not null then 'rejected'
            when numbered.is_repeat then 'duplicate'
            when numbered.status = $cancelled then 'cancelled'
            when cases.accepted_case is not null then 'linked'
            else 'accepted'
        end as fate,
        case
            when cases.case_key is null and numbered.named_case is not null
                then 'Ordren nævner en sag, der ikke findes i skemaet'
            when cases.accepted_case is null and numbered.named_case is not null
                then 'Ordren nævner en sag, der er afvist'
        end as case_note
    from numbered
    left join cases on upper(numbered.named_case) = cases.case_key
)

select * from final;
