-- Tables and macros that only the ingest uses; they live in a scratch database, attached as `raw`.
create table raw.file (file_no integer, file varchar);

create table raw.uro (
    file_no integer,
    row bigint,
    case_number varchar,
    says_reported boolean,
    reported_at timestamp,
    says_occurred boolean,
    occurred_at timestamp,
    has_time boolean,
    district varchar,
    location varchar,
    facility varchar,
    category varchar,
    subcategory varchar,
    victim varchar,
    demography varchar,
    called varchar,
    arrived varchar
);

create table raw.haervaerk (
    file_no integer,
    row bigint,
    order_number varchar,
    says_reported boolean,
    reported_at timestamp,
    district varchar,
    location varchar,
    facility varchar,
    case_number varchar,
    status varchar
);

-- A row is a spelling found in an export and the label it stands for, its own text where nobody
-- knows it (null for a category). Of a category: the subcategory that the spelling itself names,
-- and whether the category is divided into subcategories.
create table raw.label (
    kind varchar, spelling varchar, label varchar, subcategory varchar, is_divided boolean
);

create table raw.month (month date, season varchar, half varchar);

create macro clean(text) as nullif(trim(text, ' ' || chr(9) || chr(10) || chr(13) || chr(160)), '');

-- Wall-clock time in Copenhagen; an ISO time with an offset is moved there. Years have four digits.
create macro to_time(text) as
case
    when text like '____-%'
        then case
            when length(text) > 16 and regexp_matches(text, '([Zz]|[+-]\d\d:?\d\d)$')
                then timezone('Europe/Copenhagen', try_cast(text as timestamptz))
            else try_cast(text as timestamp)
        end
    when text like '%-____' or text like '%.____' or text like '%-____ %' or text like '%.____ %'
        then try_strptime(
            text,
            [
                '%d-%m-%Y %H:%M', '%d-%m-%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S',
                '%d-%m-%Y', '%d.%m.%Y'
            ]
        )
end;

create macro place_in_order(file_no, row) as (file_no::bigint << 40) + row;
