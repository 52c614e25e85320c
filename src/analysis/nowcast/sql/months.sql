-- A row is a month of what is asked, with its incidents.
with final as (
    select
        month,
        count(*) as incidents
    from selected($asked)
    group by month
)

select * from final
order by month;
