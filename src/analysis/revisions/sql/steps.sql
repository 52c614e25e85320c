-- The view `state`: a row is an incident as `old` or `new` has it, with the `helpers` that were called to
-- it and whether they came, but not when it was reported, which moves no figure. The table
-- `shown_incident`, which `selected` reads: a row is a state that an incident has left (sign -1) or come
-- to (1) between the two, and the `cause`. An incident in one of them alone has one state; another goes
-- by one more where its register has changed too.
create view state as
with incidents as (
    select * exclude (reported_at) replace (category::varchar as category), 'old' as of
    from old.shown_incident
    union all by name
    select * exclude (reported_at) replace (category::varchar as category), 'new' as of
    from new.shown_incident
),

calls as (
    select *, 'old' as of from old.shown_help
    union all by name
    select *, 'new' as of from new.shown_help
),

called as (
    select of, incident_id, list((helper, arrived) order by helper, arrived) as helpers
    from calls
    group by of, incident_id
)

select * from incidents
left join called using (of, incident_id);

create table shown_incident as
with was as (select * exclude (of) from state where of = 'old'),

became as (select * exclude (of) from state where of = 'new'),

made as (
    select
        old_made.layout <> new_made.layout as is_layout,
        old_made.columns <> new_made.columns as is_columns,
        old_made.taxonomy <> new_made.taxonomy as is_taxonomy,
        old_made.program <> new_made.program as is_program,
        exists(
            (from old.location except from new.location)
            union all (from new.location except from old.location)
        )
        or exists(
            (from old.opening_hours except from new.opening_hours)
            union all (from new.opening_hours except from old.opening_hours)
        ) as is_register,
        (select last_day from old.dataset) as last_day
    from old.made_by as old_made
    cross join new.made_by as new_made
),

differing as (
    select incident_id, was, became
    from was
    full join became using (incident_id)
    where was is distinct from became
),

-- Why a row that says the same is another, and what is told where nothing but other rows can be why.
-- Where the layout reads other columns, nobody knows whether the row says the same.
explained as (
    select
        differing.*,
        case
            when was.incident_id is null
                then case
                    when became.occurred_at::date <= made.last_day then 'late'
                    else 'new'
                end
            when became.incident_id is null then 'gone'
            else 'corrected'
        end as usual,
        case
            when old_source.digest is null or new_source.digest is null then usual
            when old_source.digest <> new_source.digest and not made.is_columns then 'corrected'
            when made.is_layout or made.is_taxonomy then 'reclassified'
            when made.is_register then 'register'
            when made.is_program then 'program'
            else usual
        end as cause,
        made.is_register and was.location = became.location as is_same_place,
        coalesce(
            is_same_place and old_place.district is distinct from new_place.district, false
        ) as is_district,
        coalesce(
            is_same_place and old_place.facility is distinct from new_place.facility, false
        ) as is_facility,
        coalesce(
            is_same_place
            and was.occurred_at = became.occurred_at
            and was.has_time = became.has_time,
            false
        ) as is_hours
    from differing
    cross join made
    left join old.row_digest as old_source using (incident_id)
    left join new.row_digest as new_source using (incident_id)
    left join old.location as old_place on was.location = old_place.location
    left join new.location as new_place on was.location = new_place.location
),

passed as (
    select
        *,
        -- What it would be, had the register stayed.
        struct_update(
            became,
            district := case when is_district then was.district else became.district end,
            facility := case when is_facility then was.facility else became.facility end,
            self_service := case when is_hours then was.self_service else became.self_service end
        ) as between_both
    from explained
),

moved as (
    select cause, -1 as sign, was as state
    from passed
    where was.incident_id is not null and was is distinct from between_both
    union all
    select cause, 1, between_both
    from passed
    where became.incident_id is not null and was is distinct from between_both
    union all
    select 'register', -1, between_both
    from passed
    where was.incident_id is not null and became is distinct from between_both
    union all
    select 'register', 1, became
    from passed
    where was.incident_id is not null and became is distinct from between_both
)

select cause, sign, unnest(state)
from moved;
