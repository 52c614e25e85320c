-- The tables of the database, empty. The type `category` is there already.
create table location (
    location varchar primary key,
    other_names varchar,
    district varchar,
    facility varchar,
    latitude double,
    longitude double
);

create table opening_hours (
    location varchar not null,
    weekday integer not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null check (closes > opens),
    staffed_from time,
    staffed_to time,
    valid_from date,
    valid_to date,
    check ((staffed_from is null) = (staffed_to is null)),
    check (staffed_to > staffed_from),
    check (valid_to >= valid_from)
);

create table visit (
    location varchar not null,
    year integer not null,
    month integer,
    visits bigint not null
);

create table measure (
    location varchar,
    kind varchar not null,
    starts date,
    ends date,
    description varchar,
    remark varchar
);

create table shift (
    location varchar,
    team varchar not null,
    weekday integer not null check (weekday between 1 and 7),
    starts time not null,
    ends time not null,
    valid_from date,
    valid_to date,
    remark varchar
);

create table survey (
    location varchar not null,
    year integer not null,
    question varchar,
    share double not null check (share between 0 and 1),
    answers integer,
    remark varchar
);

create table incident (
    incident_id varchar not null,
    source varchar not null,
    occurred_at timestamp not null,
    has_time boolean not null,
    reported_at timestamp,
    season varchar not null,
    half varchar not null,
    month date not null,
    district varchar,
    location varchar not null,
    facility varchar,
    category category not null,
    subcategory varchar,
    ladder_step integer,
    victim varchar,
    demography varchar,
    self_service boolean
);

create table help_call (
    incident_id varchar not null,
    helper varchar not null,
    arrived boolean not null
);

create table intake_row (
    file varchar not null,
    row bigint not null,
    fate varchar not null,
    reason varchar,
    incident_id varchar
);

create table dataset (
    synthetic boolean not null,
    first_day date,
    last_day date
);
