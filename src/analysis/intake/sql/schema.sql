-- The tables of the database, empty, and what analysts read of them. The type `category` is there
-- already.
create table location (
    location varchar primary key,
    other_names varchar,
    district varchar,
    facility varchar,
    latitude double check (latitude between -90 and 90),
    longitude double check (longitude between -180 and 180)
);

comment on table location is 'Registret over lokationer: en række er en institution.';
comment on column location.location is 'Lokationens navn, som det står i alle tabeller.';
comment on column location.other_names is
    'Andre navne, som eksporterne bruger om lokationen, adskilt af semikolon.';
comment on column location.district is 'Bydel, en af KFF''s 10.';
comment on column location.facility is
    'Facilitet, for eksempel Bibliotek, Kulturhus eller Idrætsanlæg.';
comment on column location.latitude is 'Breddegrad (WGS 84), omtrentlig.';
comment on column location.longitude is 'Længdegrad (WGS 84), omtrentlig.';

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

comment on table opening_hours is
    'Åbningstider: en række er en lokations tider på en ugedag i en periode.';
comment on column opening_hours.location is 'Lokation.';
comment on column opening_hours.weekday is
    'Ugedag fra 1 (mandag) til 7 (søndag). En ugedag uden række er lukket.';
comment on column opening_hours.opens is 'Åbner.';
comment on column opening_hours.closes is 'Lukker.';
comment on column opening_hours.staffed_from is 'Bemandet fra. Tom: ubemandet hele dagen.';
comment on column opening_hours.staffed_to is 'Bemandet til. Tom: ubemandet hele dagen.';
comment on column opening_hours.valid_from is 'Første dag, tiderne gælder. Tom: fra begyndelsen.';
comment on column opening_hours.valid_to is 'Sidste dag, tiderne gælder. Tom: indtil videre.';

create table visit (
    location varchar not null,
    year integer not null,
    month integer check (month between 1 and 12),
    visits bigint not null check (visits >= 0)
);

comment on table visit is 'Besøgstal: en række er en lokations besøg i et år eller i en måned.';
comment on column visit.location is 'Lokation.';
comment on column visit.year is 'Kalenderår.';
comment on column visit.month is 'Måned fra 1 til 12. Tom: hele året.';
comment on column visit.visits is 'Antal besøg.';

create table measure (
    location varchar,
    kind varchar not null,
    starts date,
    ends date,
    description varchar,
    remark varchar
);

comment on table measure is 'Tiltag: en række er noget, der er sat i værk på en lokation.';
comment on column measure.location is 'Lokation.';
comment on column measure.kind is
    'Slags, for eksempel Lukning, Indskrænket åbningstid eller Ekstra bemanding.';
comment on column measure.starts is 'Første dag. Tom: ikke oplyst.';
comment on column measure.ends is 'Sidste dag. Tom: ikke afsluttet eller ikke oplyst.';
comment on column measure.description is 'Hvad tiltaget er.';
comment on column measure.remark is 'Hvad kilden lader stå åbent.';

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

comment on table shift is
    'Vagter: en række er et holds tider på en lokation på en ugedag i en periode.';
comment on column shift.location is 'Lokation.';
comment on column shift.team is 'Hold, for eksempel Natteværter.';
comment on column shift.weekday is 'Ugedag fra 1 (mandag) til 7 (søndag).';
comment on column shift.starts is 'Vagten begynder.';
comment on column shift.ends is 'Vagten slutter; er det før begyndelsen, er det næste dag.';
comment on column shift.valid_from is 'Første dag, vagten gælder. Tom: ikke oplyst.';
comment on column shift.valid_to is 'Sidste dag, vagten gælder. Tom: indtil videre.';
comment on column shift.remark is 'Hvad kilden lader stå åbent.';

create table experience (
    month date not null,
    district varchar,
    location varchar,
    direction varchar not null,
    strength integer not null,
    note varchar
);

comment on table experience is
    'Erfaringer: en række er, hvad en bydels repræsentant ved om en måned, som ingen har meldt ind.';
comment on column experience.month is 'Månedens første dag.';
comment on column experience.district is 'Bydel. Tom: lokationens er ikke oplyst.';
comment on column experience.location is 'Lokation. Tom: alle i bydelen.';
comment on column experience.direction is 'op: mere uro, end data viser; ned: mindre.';
comment on column experience.strength is 'Styrke fra 1 til 3.';
comment on column experience.note is 'Begrundelse, uden personoplysninger.';

create table survey (
    location varchar not null,
    year integer not null,
    question varchar,
    share double not null check (share between 0 and 1),
    answers integer,
    remark varchar
);

comment on table survey is
    'Medarbejdermålinger: en række er svaret på et spørgsmål på en lokation i et år.';
comment on column survey.location is 'Lokation.';
comment on column survey.year is 'Kalenderår.';
comment on column survey.question is 'Spørgsmålet.';
comment on column survey.share is 'Andel af svarene fra 0 til 1.';
comment on column survey.answers is 'Antal svar. Tom: ikke oplyst.';
comment on column survey.remark is 'Hvad kilden lader stå åbent.';

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

comment on table incident is 'Hændelser: en række er en indmeldt hændelse.';
comment on column incident.incident_id is
    'Hændelsens nummer: kilden og et pseudonym af sagens eller ordrens nummer.';
comment on column incident.source is
    'Kilde: uro (skemaet Uro på lokation) eller haervaerk (bestillinger på udbedring).';
comment on column incident.occurred_at is
    'Hvornår hændelsen skete, i dansk tid. Ukendt klokkeslæt er 00:00.';
comment on column incident.has_time is 'Sand, når klokkeslættet er kendt.';
comment on column incident.reported_at is
    'Hvornår den blev meldt ind eller ordren bestilt. Tom: ikke oplyst.';
comment on column incident.season is 'Sæson fra 1. oktober til 30. september, skrevet 2024/25.';
comment on column incident.half is
    'Halvår: vinter (oktober til marts) eller sommer (april til september).';
comment on column incident.month is 'Månedens første dag.';
comment on column incident.district is 'Bydel. Tom: ikke oplyst.';
comment on column incident.location is 'Lokation.';
comment on column incident.facility is 'Facilitet, for eksempel Bibliotek. Tom: ikke oplyst.';
comment on column incident.category is
    'Urotype, for eksempel Trusler.';
comment on column incident.subcategory is
    'Underkategori af Uønsket adfærd. Tom: ingen eller ikke oplyst.';
comment on column incident.ladder_step is
    'Trin på konflikttrappen, 1 det laveste. Tom: uden for trappen.';
comment on column incident.victim is
    'Forurettede: Lokationen, Medarbejder Kulturen eller Bruger. Tom: ikke oplyst.';
comment on column incident.demography is
    'Demografi: hvem der stod bag, for eksempel Udsatte voksne. Tom: ikke oplyst.';
comment on column incident.self_service is
    'Sand, når der var åbent uden personale. Tom: tid eller åbningstid er ukendt.';

create table help_call (
    incident_id varchar not null,
    helper varchar not null,
    arrived boolean not null
);

comment on table help_call is
    'Tilkaldt hjælp: en række er en slags hjælp, der blev tilkaldt til en hændelse.';
comment on column help_call.incident_id is 'Hændelsens nummer.';
comment on column help_call.helper is 'Hjælp, for eksempel Politiet eller Sociolancen.';
comment on column help_call.arrived is 'Sand, når hjælpen kom.';

create table row_digest (
    incident_id varchar not null,
    digest varchar not null
);

comment on table row_digest is
    'Genkendelse: en række er, hvad eksportens række om en hændelse eller en afvist sag sagde.';
comment on column row_digest.incident_id is 'Hændelsens nummer.';
comment on column row_digest.digest is
    'Et aftryk af rækkens felter uden fritekst; kun projektets nøgle kan lave det.';

create table intake_row (
    file varchar not null,
    row bigint not null,
    fate varchar not null,
    reason varchar,
    incident_id varchar
);

comment on table intake_row is 'Indlæsningen: en række er en række i en eksport.';
comment on column intake_row.file is 'Eksportens filnavn.';
comment on column intake_row.row is 'Rækkens nummer i filen; 1 er den første under overskrifterne.';
comment on column intake_row.fate is
    'accepted (hændelse), duplicate (dublet), linked (hører til sag), cancelled, rejected.';
comment on column intake_row.reason is 'Årsagen til udfaldet, eller hvad der ellers skal nævnes.';
comment on column intake_row.incident_id is 'Den hændelse, rækken hører til. Tom: ingen.';

create table unknown_label (
    kind varchar not null,
    label varchar not null,
    rows bigint not null
);

comment on table unknown_label is
    'Ukendte betegnelser: en række er en betegnelse i eksporterne, som ingen kender.';
comment on column unknown_label.kind is 'Slags betegnelse, for eksempel category eller location.';
comment on column unknown_label.label is 'Betegnelsen, som den er skrevet.';
comment on column unknown_label.rows is 'Rækker, den står i, også afviste.';

create table dataset (
    version integer not null,
    synthetic boolean not null,
    first_day date,
    last_day date,
    city varchar not null
);

comment on table dataset is 'Hele databasen i én række.';
comment on column dataset.version is 'Tabellernes udgave; en anden udgave af programmet laver en anden.';
comment on column dataset.synthetic is 'Sand, når data er opdigtede til afprøvning.';
comment on column dataset.first_day is 'Dagen for den første hændelse. Tom: ingen hændelser.';
comment on column dataset.last_day is 'Dagen for den sidste hændelse. Tom: ingen hændelser.';
comment on column dataset.city is 'Byens navn.';

create table made_by (
    key varchar not null,
    layout varchar not null,
    columns varchar not null,
    taxonomy varchar not null,
    program varchar not null
);

comment on table made_by is 'Hvad databasen er lavet med, i én række: aftryk, der kan sammenlignes.';
comment on column made_by.key is 'Nøglen, som pseudonymerne er lavet med.';
comment on column made_by.layout is 'Layoutet.';
comment on column made_by.columns is 'Layoutet uden dets betegnelser og overskrifter.';
comment on column made_by.taxonomy is 'Betegnelserne.';
comment on column made_by.program is 'Programmets indlæsning.';
