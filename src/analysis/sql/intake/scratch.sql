-- Tables and macros that only the ingest uses; they live in a scratch database, attached as `raw`.
-- A row's number in its file is its rowid less the rows of earlier files: numbering rows while they
-- are read would read them on one core.
create table raw.file (
    file_no integer, file varchar, uro_before bigint, haervaerk_before bigint
);

create table raw.uro (
    file_no integer,
    case_number varchar,
    reported_at timestamp,
    reported_unread boolean,
    occurred_at timestamp,
    occurred_unread boolean,
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
    order_number varchar,
    reported_at timestamp,
    reported_unread boolean,
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

create table raw.city (name varchar);

create temp macro clean(text) as nullif(trim(text, ' ' || chr(9) || chr(10) || chr(13) || chr(160)), '');

-- A time as Danes write it.
create temp macro danish_time(text) as try_strptime(
    text,
    [
        '%d-%m-%Y %H:%M', '%d-%m-%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y %H:%M:%S',
        '%d-%m-%Y', '%d.%m.%Y'
    ]
);

-- A time in ISO 8601; one with an offset is moved to Copenhagen's wall clock.
create temp macro iso_time(text) as
case
    when not coalesce(text like '____-%', false) then null
    when regexp_matches(text, '\d\d:\d\d.*([Zz]|[+-]\d\d:?\d\d)$')
        then timezone('Europe/Copenhagen', try_cast(text as timestamptz))
    else try_cast(text as timestamp)
end;

-- Years that no incident can have are slips of the pen.
create temp macro plausible(time) as case when year(time) between 1950 and 2999 then time end;

create temp macro to_time(text) as coalesce(
    plausible(danish_time(text)), plausible(iso_time(clean(text)))
);

-- Whether there is something to read where no time could be read.
create temp macro is_unread(time, text) as case when time is null then clean(text) is not null else false end;
