-- A row is a month, a location, one of the types, a demography, whether it was surely
-- self-service and whether the hours of its day are $unclear, with the incidents; Andet ($other) is
-- drawn out of the category it is a subcategory of.
with chosen as (
    select *
    from selected($asked)
),

final as (
    select
        month,
        location,
        case when subcategory = $other then $other else category::varchar end as category,
        demography,
        coalesce(self_service, false) as self_service,
        exists (
            from measure
            where
                measure.location = chosen.location
                and measure.kind = $unclear
                and chosen.occurred_at::date
                between measure.starts and coalesce(measure.ends, 'infinity'::date)
        ) as on_unclear_day,
        count(*) as incidents
    from chosen
    group by all
)

select * from final
order by all;
