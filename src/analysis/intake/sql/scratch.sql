-- Tables and macros that only the ingest uses; they live in a scratch database, attached as `raw`.
-- A row's number in its file is its rowid less the rows of earlier files: numbering rows while they
-- are read would read them on one core.
create table raw.file (
    file_no integer,
    file varchar,
    rows_before bigint,
    has_numbers boolean,
    has_district boolean,
    has_facility boolean,
    uro_before bigint,
    haervaerk_before bigint
);

-- A case or order number, which is not stored: the pseudonym of what makes it the same number, and
-- of its digits without leading zeros where it is digits alone; whether it has such zeros; how it is
-- written where a spreadsheet has destroyed it; whether it is free text; whether it is synthetic.
create type raw.number as struct(
    key varchar,
    bare varchar,
    is_padded boolean,
    destroyed varchar,
    is_text boolean,
    is_synthetic boolean
);

create table raw.uro (
    file_no integer,
    problem varchar,
    case_number raw.number,
    reported_at timestamp,
    reported_unread varchar,
    occurred_at timestamp,
    occurred_unread varchar,
    has_time boolean,
    district varchar,
    location varchar,
    facility varchar,
    category varchar,
    subcategory varchar,
    victim varchar,
    demography varchar,
    called varchar,
    arrived varchar,
    digest varchar
);

create table raw.haervaerk (
    file_no integer,
    problem varchar,
    order_number raw.number,
    reported_at timestamp,
    reported_unread varchar,
    district varchar,
    location varchar,
    facility varchar,
    case_number raw.number,
    status varchar,
    digest varchar
);

-- A row is a spelling in a field of a form and the label it stands for, its own text where nobody
-- knows it; of a category or a status, the text stands as `unknown` instead. Of a category: the
-- subcategory that the spelling itself names, and whether it is divided into subcategories.
create table raw.label (
    form varchar,
    field varchar,
    spelling varchar,
    label varchar,
    unknown varchar,
    subcategory varchar,
    is_divided boolean
);

-- A row is a way the two help columns are filled in and a helper that they name.
create table raw.help_combination (
    called varchar, arrived varchar, helper varchar, was_called boolean, has_arrived boolean
);

create table raw.month (month date, season varchar, half varchar);

create table raw.city (name varchar);

create temp macro today() as timezone('Europe/Copenhagen', now())::date;

create temp macro is_ascii(text) as strlen(text) = length(text);

create temp macro trimmed(text) as nullif(
    trim(text, ' ' || chr(9) || chr(10) || chr(13) || chr(160)), ''
);

create temp macro plain_dashes(text) as
case when is_ascii(text) then text else regexp_replace(text, '[‐‑‒–—―⁃−﹘﹣－]', '-', 'g') end;

-- Null where a word says that there is nothing. $blanks are these words, each between separators: of a
-- list every row would be given a copy, which takes most of the time of reading.
create temp macro worded(text, blanks) as
case when not contains(blanks, chr(31) || lower(plain_dashes(text)) || chr(31)) then text end;

-- Equal texts have equal pseudonyms, and none can be found without the key.
create temp macro pseudonym(text) as left(sha256(getvariable('key') || text), 24);

-- By which a row that says the same as before is known: no cell can be found from it without the key.
create temp macro digest(cells) as left(pseudonym(cells::varchar), 12);

-- A case or order number as written, without what nobody sees, and what makes it a fraction.
create temp macro plain_number(text, blanks) as worded(
    trimmed(
        case
            when suffix(text, '.0') then regexp_replace(text, '^\s*(\d+)\.0$', '\1')
            when is_ascii(text) then text
            else regexp_replace(nfc_normalize(text), '[\p{Cc}\p{Cf}]', '', 'g')
        end
    ),
    blanks
);

-- Numbers are the same whatever the case of their letters and the kind of their dashes and spaces.
create temp macro number_key(number) as
case
    when is_ascii(number) and not contains(number, '  ') then upper(number)
    else upper(regexp_replace(plain_dashes(number), '[\p{Zs}]+', ' ', 'g'))
end;

-- What a spreadsheet makes of a number too long for it, of a column too narrow, of a number that it
-- takes for a day, an amount or a truth.
create temp macro is_destroyed(number) as coalesce(
    regexp_full_match(
        number,
        '[-+]?\d+([.,]\d+)?[eE][-+]?\d+|#+|\d{4}-\d\d-\d\d( 00:00:00)?|\d\d-\d\d-\d{4}'
        || '|(?i)true|false|sand|falsk|\d{1,3}(\.\d{3})+,\d+'
        || '|(\d{1,2}-)?(jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)(-\d{2,4})?'
    ),
    false
);

-- Free text that has moved into the field of a number.
create temp macro is_text(number) as coalesce(
    length(number) > 40
    or (
        not regexp_full_match(number, '[\w.-]*')
        and regexp_matches(number, '@|(?i)cpr|(\p{L}{2,}\W+){2}\p{L}{2,}')
    ),
    false
);

-- What is stored of a number as written.
create temp macro number(plain) as
case
    when plain is not null
        then struct_pack(
            key := pseudonym(number_key(plain)),
            bare := case
                when regexp_full_match(plain, '\d+') then pseudonym(ltrim(plain, '0'))
            end,
            is_padded := regexp_full_match(plain, '0\d*'),
            destroyed := case when is_destroyed(plain) then shown(plain) end,
            is_text := is_text(plain),
            is_synthetic := starts_with(plain, getvariable('synthetic'))
        )
end;

-- How much a label tells that the fields of its row have moved: 2 is enough.
create temp macro sign(signs, label) as
2 * coalesce(list_contains(signs.sure::varchar[], label), false)::integer
+ coalesce(list_contains(signs.other::varchar[], label), false)::integer;

-- A label as a reason quotes it; a semicolon parts reasons.
create temp macro shown(label) as
case when length(label) > 40 then left(replace(label, ';', ','), 39) || '…' else replace(label, ';', ',') end;

-- What a later file corrects: that a field differs, or a label from what it was to what it is.
create temp macro changed(field, is_changed) as case when is_changed then field end;

create temp macro changed_label(field, lost, won) as
case
    when lost is distinct from won
        then field || ' fra ' || coalesce(shown(lost), 'tom') || ' til ' || coalesce(shown(won), 'tom')
end;

create temp macro repeated(number, differs, is_later, changes) as
'Gentager et ' || number
|| case when differs then ' med andre oplysninger' else '' end
|| case when is_later then coalesce('; Rettet i en senere eksport: ' || changes, '') else '' end;

-- Years that no incident can have are slips of the pen.
create temp macro plausible(moment) as case when year(moment) between 1950 and 2999 then moment end;

create temp macro in_copenhagen(moment, zone) as
case
    when zone = 'Europe/Copenhagen' then moment
    else timezone('Europe/Copenhagen', timezone(zone, moment))
end;

create temp macro spaced(text) as
case when is_ascii(text) then text else regexp_replace(text, '\p{Zs}', ' ', 'g') end;

-- The parts of a time in ISO 8601, all of them empty where the text as a whole is none.
create temp macro iso_parts(text) as regexp_extract(
    text,
    '^\s*(\d{4}-\d{1,2}-\d{1,2})(?:([Tt ]) *(\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)'
    || ' ?((?i)z|utc|gmt|[+-]\d\d(?::?[0-5]\d)?)?)?\s*$',
    ['day', 'parting', 'clock', 'shift']
);

create temp macro iso_local(parts) as try_cast(
    nullif(trim(parts.day || ' ' || replace(parts.clock, ',', '.')), '') as timestamp
);

create temp macro in_range(minutes) as
case when minutes between -720 and 840 and minutes % 15 = 0 then minutes end;

-- Minutes ahead of UTC, null where no clock on earth is. After a space and without seconds, what
-- begins with a minus may as well be the end of a range of hours.
create temp macro shift_minutes(parts) as
case
    when parts.shift = '' then null
    when lower(parts.shift) in ('z', 'utc', 'gmt') then 0
    when parts.shift like '-%' and parts.parting = ' ' and length(parts.clock) < 6 then null
    else in_range(
        (left(parts.shift, 1) || '1')::integer
        * (
            substr(parts.shift, 2, 2)::integer * 60
            + coalesce(try_cast(substr(replace(parts.shift, ':', ''), 4) as integer), 0)
        )
    )
end;

-- The moment in Copenhagen that a text means: read with a format that has a time of day (`timed`),
-- with one that has none (`dated`), or as ISO 8601, whose own shift from UTC goes before the zone.
create temp macro moment_of(timed, dated, parts, zone) as
case
    when timed is not null then in_copenhagen(timed, zone)
    when dated is not null then dated
    when parts.shift <> ''
        then timezone(
            'Europe/Copenhagen',
            timezone('UTC', iso_local(parts) - to_minutes(shift_minutes(parts)))
        )
    when parts.clock <> '' then in_copenhagen(iso_local(parts), zone)
    else iso_local(parts)
end;

create temp macro has_clock(timed, parts) as timed is not null or coalesce(parts.clock <> '', false);

-- How a text that is no time is written: its digits, letters and what nobody sees are hidden.
create temp macro unread(moment, text, blanks) as
case
    when plausible(moment) is null and worded(trimmed(text), blanks) is not null
        then shown(
            regexp_replace(
                regexp_replace(
                    regexp_replace(trimmed(text), '\p{L}+', 'x', 'g'), '\d', '0', 'g'
                ),
                '[\p{C}]',
                '?',
                'g'
            )
        )
end;
