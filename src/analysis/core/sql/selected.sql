-- A macro, stored in every database: the incidents of what is asked, a struct of a period and the
-- values of each filter, null being off, and the `weekdays` in words, Monday first. `name` is the incident's
-- value of the dimension asked for, or null.
create or replace macro selected(asked) as table
select
    *,
    case asked['dimension']
        when 'category' then category::varchar
        when 'subcategory' then subcategory
        when 'facility' then facility
        when 'victim' then victim
        when 'demography' then demography
        when 'district' then district
        when 'location' then location
        when 'weekday' then asked['weekdays'][isodow(occurred_at)]
    end as name
from shown_incident
where
    occurred_at >= asked['starts']
    and occurred_at < asked['ends']
    and lies_in(asked, district, location, facility)
    and (asked['victim'] is null or list_contains(asked['victim'], victim))
    and (asked['demography'] is null or list_contains(asked['demography'], demography))
    and (asked['category'] is null or list_contains(asked['category'], category::varchar))
    and (asked['self_service'] is null or self_service = asked['self_service']);
