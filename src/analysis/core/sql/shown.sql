-- Views, stored in every database: incidents and help with their labels as pages show them. What
-- neither taxonomy, register nor layout knows may be anything that somebody typed, a name among it.
-- A location is shown as written: it is where something happened, whoever knows it.
create macro shown(asked_kind, written) as
case
    when written in (select label from unknown_label where kind = asked_kind)
        then 'Andet (ukendt betegnelse)'
    else written
end;

create view shown_incident as
select * replace (
    shown('district', district) as district,
    shown('facility', facility) as facility,
    shown('subcategory', subcategory) as subcategory,
    shown('victim', victim) as victim,
    shown('demography', demography) as demography
)
from incident;

create view shown_help as
select
    incident_id,
    shown('helper', helper) as helper,
    bool_or(arrived) as arrived
from help_call
group by all;
