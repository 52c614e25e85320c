-- A row is a figure of the published views that `old` and `new` give otherwise: of a place at a `level`
-- and a half-year, `before` and `after`, and the part of each cause, which together are the difference.
-- A `view` counts the incidents, or adds the $weights of their $labels, by `name` and, in some, by
-- `also`. Months are of every half-year, the other views of the last two of each kind.
with halves as (
    select season, half, dense_rank() over (partition by half order by season desc) <= 2 as is_last
    from (
        select distinct season, half from old.incident
        union
        select distinct season, half from new.incident
    )
),

asked as (
    select season, half, is_last
    from halves
    semi join shown_incident using (season, half)
),

stated as (
    select if(of = 'old', 'before', 'after') as cause, 1 as sign, * exclude (of)
    from state
    semi join asked using (season, half)
    union all by name
    select * from shown_incident
),

weighed as (
    select
        stated.*,
        asked.is_last,
        $weights[list_position($labels, category)] as weight,
        $weekdays[isodow(occurred_at)] as weekday
    from stated
    inner join asked using (season, half)
),

-- The figures that an incident counts in, wherever it happened.
counted as (
    select
        cause,
        sign,
        season,
        half,
        district,
        location,
        unnest(list_concat(
            [
                {view: 'month', name: month::varchar, also: null, measure: 'incidents', amount: 1},
                {
                    view: 'month', name: month::varchar, also: null, measure: 'relative_score',
                    amount: weight
                }
            ],
            case
                when is_last then [
                    {view: 'total', name: null, also: null, measure: 'incidents', amount: 1},
                    {view: 'total', name: null, also: null, measure: 'relative_score', amount: weight},
                    {view: 'category', name: category, also: null, measure: 'incidents', amount: 1},
                    {view: 'subcategory', name: subcategory, also: null, measure: 'incidents', amount: 1},
                    {view: 'facility', name: facility, also: null, measure: 'incidents', amount: 1},
                    {view: 'victim', name: victim, also: null, measure: 'incidents', amount: 1},
                    {view: 'demography', name: demography, also: null, measure: 'incidents', amount: 1},
                    {view: 'weekday', name: weekday, also: null, measure: 'incidents', amount: 1},
                    {
                        view: 'self_service', name: self_service::varchar, also: null,
                        measure: 'incidents', amount: 1
                    },
                    {
                        view: 'per_month', name: month::varchar, also: category,
                        measure: 'incidents', amount: 1
                    }
                ]
            end,
            case
                when is_last and has_time then [
                    {
                        view: 'hour', name: hour(occurred_at)::varchar, also: category,
                        measure: 'incidents', amount: 1
                    }
                ]
            end,
            case
                when is_last then list_transform(
                    helpers,
                    lambda one: {
                        view: 'helper', name: one[1], also: null, measure: 'called', amount: 1
                    }
                )
            end,
            case
                when is_last then list_transform(
                    list_filter(helpers, lambda one: one[2]),
                    lambda one: {
                        view: 'helper', name: one[1], also: null, measure: 'arrived', amount: 1
                    }
                )
            end
        ), recursive := true)
    from weighed
),

placed as (
    select
        * exclude (district, location),
        unnest([
            {level: 'city', place: $city},
            {level: 'district', place: district},
            {level: 'location', place: location}
        ], recursive := true)
    from counted
),

summed as (
    select
        level,
        place,
        season,
        half,
        view,
        name,
        also,
        measure,
        coalesce(sum(sign * amount) filter (where cause = 'before'), 0)::bigint as before,
        coalesce(sum(sign * amount) filter (where cause = 'after'), 0)::bigint as after,
        coalesce(sum(sign * amount) filter (where cause = 'new'), 0)::bigint as new,
        coalesce(sum(sign * amount) filter (where cause = 'late'), 0)::bigint as late,
        coalesce(sum(sign * amount) filter (where cause = 'corrected'), 0)::bigint as corrected,
        coalesce(sum(sign * amount) filter (where cause = 'gone'), 0)::bigint as gone,
        coalesce(sum(sign * amount) filter (where cause = 'reclassified'), 0)::bigint as reclassified,
        coalesce(sum(sign * amount) filter (where cause = 'register'), 0)::bigint as register,
        coalesce(sum(sign * amount) filter (where cause = 'program'), 0)::bigint as program
    from placed
    where place is not null
    group by all
),

final as (
    select *
    from summed
    where before <> after
)

select * from final
order by
    list_position(['city', 'district', 'location'], level),
    place,
    season desc,
    half desc,
    list_position($views, view),
    measure,
    case when view = 'weekday' then lpad(list_position($weekdays, name)::varchar, 3, '0') end,
    case when view = 'hour' then lpad(name, 3, '0') end,
    name is null,
    name,
    also;
