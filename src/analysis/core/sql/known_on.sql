-- A macro, stored in every database: the day from which an incident was known, having happened and been
-- reported. A report without a day counts as known at once.
create or replace macro known_on(occurred_at_, reported_at_) as greatest(occurred_at_, reported_at_)::date;
