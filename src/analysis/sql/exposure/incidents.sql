-- A row is a month, a location, one of the six types, a demography and whether it was surely
-- self-service, with the incidents; Andet ($other) is drawn out of the category it is a subcategory
-- of. $dimension is null.
with final as (
    select
        month,
        location,
        case when subcategory = $other then $other else category::varchar end as category,
        demography,
        coalesce(self_service, false) as self_service,
        count(*) as incidents
    from
        selected(
            $starts, $ends, $district, $location, $facility, $victim, $demography, $category,
            $self_service, $dimension
        )
    group by all
)

select * from final
order by all;
