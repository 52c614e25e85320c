-- A row is a column of a table of the database, with what `schema.sql` says of both.
with final as (
    select
        tables.table_name,
        tables.comment as table_comment,
        columns.column_index,
        columns.column_name,
        case
            when starts_with(columns.data_type, 'ENUM') then 'enum'
            else lower(columns.data_type)
        end as data_type,
        columns.comment
    from duckdb_tables() as tables
    inner join duckdb_columns() as columns using (database_name, schema_name, table_name)
    where not tables.internal and not tables.temporary
)

select
    table_name,
    table_comment,
    column_name,
    data_type,
    comment
from final
order by table_name <> 'incident', table_name, column_index;
