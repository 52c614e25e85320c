-- A macro, stored in every database: the incidents of a selection, a filter that is null being off.
-- `name` is the incident's value of the dimension asked for, one of the taxonomy's dimensions.
create macro selected(
    starts_, ends_, district_, location_, facility_, victim_, demography_, category_,
    self_service_, dimension_
) as table
select
    *,
    case dimension_
        when 'category' then category::varchar
        when 'subcategory' then subcategory
        when 'facility' then facility
        when 'victim' then victim
        when 'demography' then demography
        when 'district' then district
        when 'location' then location
    end as name
from incident
where
    occurred_at >= starts_
    and occurred_at < ends_
    and (district_ is null or district = district_)
    and (location_ is null or location = location_)
    and (facility_ is null or facility = facility_)
    and (victim_ is null or victim = victim_)
    and (demography_ is null or demography = demography_)
    and (category_ is null or category::varchar = category_)
    and (self_service_ is null or self_service = self_service_);
