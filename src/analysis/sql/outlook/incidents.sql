-- A row is a location in a district, a month and a type, with the incidents that were known on the
-- day $through: they had happened and been reported. A report without a day counts as known.
with known as (
    select
        location,
        district,
        month,
        category::varchar as category
    from incident
    where
        occurred_at < $through::date + 1
        and coalesce(reported_at, occurred_at) < $through::date + 1
),

final as (
    select
        location,
        district,
        month,
        category,
        count(*) as incidents
    from known
    group by all
)

select * from final
order by all;
