-- One row: whether any of the data is synthetic (case or order numbers with $prefix), and its days.
insert into dataset
select
    exists(
        from incident
        where starts_with(split_part(incident_id, ':', 2), $prefix)
    ),
    (select min(occurred_at)::date from incident),
    (select max(occurred_at)::date from incident);
