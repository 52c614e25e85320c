-- The incidents of what is asked at each place of the register, and in each district at those that it does
-- not know, which may be anything that somebody typed; in all ('') and by each dimension by itself: quarters
-- of a year, hours in blocks of $hours. What is blank is named '', but a district $blank. What was reported
-- after the period is left out, so that every release of it is the same, and no two tell what came in
-- between.
with divided as (
    select
        coalesce(district, $blank) as district,
        case
            when location in (select location from location) then location else nobody_knows()
        end as location,
        unnest([
            {'dimension': '', 'name': ''},
            {'dimension': 'category', 'name': category::varchar},
            {'dimension': 'quarter', 'name': month(date_trunc('quarter', month))::varchar},
            {
                'dimension': 'hour',
                'name': case when has_time then (hour(occurred_at) // $hours * $hours)::varchar end
            },
            {'dimension': 'subcategory', 'name': coalesce(subcategory, '')},
            {'dimension': 'victim', 'name': victim},
            {'dimension': 'demography', 'name': demography}
        ]) as one,
        category::varchar = $divided as has_subcategory
    from selected($asked)
    where coalesce(reported_at, occurred_at) < $asked['ends']
),

counted as (
    select
        district,
        location,
        one.dimension as dimension,
        coalesce(one.name, '') as name,
        count(*) as incidents
    from divided
    where one.dimension <> 'subcategory' or has_subcategory
    group by all
),

places as (
    select district, location from counted
    union
    select coalesce(district, $blank) as district, location from location
),

names as (
    select dimension, name from counted
    union
    select '' as dimension, '' as name
)

select
    district,
    location,
    dimension,
    name,
    coalesce(incidents, 0)::bigint as incidents
from places
cross join names
left join counted using (district, location, dimension, name)
order by all;
