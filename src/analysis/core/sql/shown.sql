-- Macros, stored in every database. What neither taxonomy, register nor layout knows may be anything
-- that somebody typed, a name among it, and has one name on every page; see `database.show`.
create or replace macro nobody_knows() as 'Andet (ukendt betegnelse)';

-- A reason names what it is about after a colon, such as the label that nobody knows.
create or replace macro shown_reason(reason) as
split_part(reason, ': ', 1)
|| case when contains(reason, ', i registret: ') then ' er en anden end i registret' else '' end;
