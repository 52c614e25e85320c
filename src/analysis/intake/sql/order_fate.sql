-- A row is a repair order with its fate; one that names an accepted case is that incident.
create table raw.order_fate as
with numbered as (
    select
        haervaerk.*,
        file_rank.rank as file_rank,
        haervaerk.rowid - file.haervaerk_before + file.rows_before + 1 as row,
        file.has_numbers,
        file.has_district,
        file.has_facility,
        file.file
    from raw.haervaerk
    inner join raw.file using (file_no)
    inner join raw.file_rank using (file_no)
),

labelled as (
    select
        haervaerk.file_no,
        haervaerk.file_rank,
        haervaerk.row,
        case
            when haervaerk.has_numbers then haervaerk.order_number.key
            else pseudonym(haervaerk.file || ':' || haervaerk.row)
        end as order_key,
        haervaerk.case_number.key as named_case,
        haervaerk.reported_at,
        coalesce(register.district, district.label) as district,
        location.label as location,
        coalesce(register.facility, facility.label) as facility,
        status.label as status,
        haervaerk.digest,
        coalesce(haervaerk.problem, nullif(concat_ws(
            '; ',
            case
                when not haervaerk.has_numbers then null
                when haervaerk.order_number is null then 'Intet ordrenummer'
                when haervaerk.order_number.destroyed is not null
                    then 'Ordrenummeret er ødelagt af et regneark: '
                    || haervaerk.order_number.destroyed
            end,
            case
                when haervaerk.case_number.destroyed is not null
                    then 'Sagsnummeret er ødelagt af et regneark: '
                    || haervaerk.case_number.destroyed
            end,
            case when location.label is null then 'Ingen lokation' end,
            case
                when haervaerk.reported_unread is not null
                    then 'Tidspunktet kan ikke læses (skrevet som '
                    || haervaerk.reported_unread || ')'
                when haervaerk.reported_at is null then 'Intet tidspunkt'
                when haervaerk.reported_at::date > today()
                    then 'Tidspunktet ligger efter indlæsningsdagen'
            end,
            case
                when status.unknown is not null then 'Ukendt status: ' || shown(status.unknown)
                when status.label is null then 'Ingen status'
            end
        ), '')) as rejected,
        nullif(concat_ws(
            '; ',
            case
                when haervaerk.has_district and register.district <> district.label
                    then 'Bydel i ordren: ' || shown(district.label)
                    || ', i registret: ' || register.district
            end,
            case
                when haervaerk.has_facility and register.facility <> facility.label
                    then 'Facilitet i ordren: ' || shown(facility.label)
                    || ', i registret: ' || register.facility
            end,
            case when register.location is null then 'Lokationen står ikke i registret' end,
            case
                when lost_order.bare is not null
                    then 'Samme ordrenummer findes med og uden foranstillede nuller'
            end,
            case
                when lost_case.bare is not null
                    then 'Samme sagsnummer findes med og uden foranstillede nuller'
            end
        ), '') as note
    from numbered as haervaerk
    left join raw.zero_loss as lost_order
        on lost_order.kind = 'order' and haervaerk.order_number.bare = lost_order.bare
    left join raw.zero_loss as lost_case
        on lost_case.kind = 'case' and haervaerk.case_number.bare = lost_case.bare
    left join raw.label as district
        on district.form = 'haervaerk'
        and district.field = 'district'
        and haervaerk.district = district.spelling
    left join raw.label as location
        on location.form = 'haervaerk'
        and location.field = 'location'
        and haervaerk.location = location.spelling
    left join location as register on location.label = register.location
    left join raw.label as facility
        on facility.form = 'haervaerk'
        and facility.field = 'facility'
        and haervaerk.facility = facility.spelling
    left join raw.label as status
        on status.form = 'haervaerk' and status.field = 'status' and haervaerk.status = status.spelling
),

compared as (
    select
        *,
        row_number() over same_order > 1 as is_repeat,
        first_value(file_rank) over same_order > file_rank as is_later,
        (reported_at, location, named_case, status, note) is distinct from (
            first_value((reported_at, location, named_case, status, note))
                over same_order
        ) as differs,
        nullif(concat_ws(
            ', ',
            changed('tidspunkt', reported_at is distinct from first_value(reported_at) over same_order),
            changed_label('lokation', location, first_value(location) over same_order),
            changed_label('status', status, first_value(status) over same_order)
        ), '') as changes
    from labelled
    window same_order as (
        partition by order_key, rejected is null
        order by file_rank desc, file_no, row
    )
),

corrections as (
    select
        order_key,
        string_agg(distinct changes, ' og ' order by changes) as corrected
    from compared
    where is_repeat and rejected is null and is_later
    group by order_key
),

cases as (
    select
        case_key,
        bool_or(rejected is null) as is_accepted
    from raw.form
    where case_key in (select named_case from labelled)
    group by case_key
),

final as (
    select
        compared.*,
        corrections.corrected,
        case
            when compared.rejected is not null then 'rejected'
            when compared.is_repeat then 'duplicate'
            when compared.status = $cancelled then 'cancelled'
            when cases.is_accepted then 'linked'
            else 'accepted'
        end as fate,
        case
            when cases.case_key is null and compared.named_case is not null
                then 'Ordren nævner en sag, der ikke findes i skemaet'
            when not cases.is_accepted and compared.named_case is not null
                then 'Ordren nævner en sag, der er afvist'
        end as case_note
    from compared
    left join cases on compared.named_case = cases.case_key
    left join corrections
        on compared.order_key = corrections.order_key
        and compared.rejected is null
        and not compared.is_repeat
)

select * from final;
