-- One row: the $version of the tables, whether any of the data is synthetic (by its numbers), its days, and
-- the city's name, which says what it is where a district or a location bears it too.
insert into dataset
select
    $version,
    exists(from raw.uro where case_number.is_synthetic)
    or exists(from raw.haervaerk where order_number.is_synthetic),
    (select min(occurred_at)::date from incident),
    (select max(occurred_at)::date from incident),
    (
        select
            name || case
                when name in (
                    select unnest([district, location]) from incident
                    union all
                    select unnest([district, location]) from location
                ) then ' (hele byen)'
                else ''
            end
        from raw.city
    );
