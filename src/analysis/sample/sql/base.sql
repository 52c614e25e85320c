-- A row is a row of the committed sample to draw from, of the incident form or (kind
-- `order`) a repair order that names no case; `place` counts from 0 in order of time within its kind.
-- `hour` is null where the time of day is unknown; `unread` holds a time that cannot be read, else null.
-- `delay` is the minutes from the incident to its report.
create table base (
    kind varchar,
    place bigint,
    season varchar,
    month date,
    days bigint,
    hour bigint,
    unread varchar,
    delay bigint,
    has_case boolean,
    has_order boolean,
    district varchar,
    location varchar,
    facility varchar,
    category varchar,
    subcategory varchar,
    victim varchar,
    demography varchar,
    called varchar,
    arrived varchar,
    status varchar
);
