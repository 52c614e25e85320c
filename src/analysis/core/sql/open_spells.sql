-- A macro, stored in every database: a row is a location, a day from starts_ to the one before ends_
-- and a spell of it that is open, from `opens` to `closes`. Where self_service_ is not null, only the
-- spells without staff (true) or with (false). For closed_ see `open_days`.
create or replace macro open_spells(starts_, ends_, closed_, self_service_) as table
with opened as (
    select
        location,
        day,
        unnest(case
            when self_service_ is null then [{'opens': opens, 'closes': closes}]
            when self_service_
                then [
                    {'opens': opens, 'closes': least(closes, staffed_from)},
                    {'opens': greatest(opens, coalesce(staffed_to, closes)), 'closes': closes}
                ]
            else [{
                'opens': greatest(opens, coalesce(staffed_from, closes)),
                'closes': least(closes, staffed_to)
            }]
        end, recursive := true)
    from open_days(starts_, ends_, closed_, null)
    where hours > 0
),

final as (
    select *
    from opened
    where opens < closes
)

select * from final;
