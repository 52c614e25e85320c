-- A row is a row of the form that repeats an accepted case number, and whether it says the same.
create table raw.form_repeat as
with firsts as (
    select
        case_key,
        min(place_in_order(file_no, row)) as first_place
    from form
    where rejected is null
    group by case_key
    having count(*) > 1
),

repeats as (
    select
        form.*,
        firsts.first_place
    from form
    inner join firsts using (case_key)
    where form.rejected is null and place_in_order(form.file_no, form.row) <> firsts.first_place
),

final as (
    select
        repeats.file_no,
        repeats.row,
        first.case_number as first_case_number,
        (
            repeats.occurred_at, repeats.reported_at, repeats.district, repeats.location,
            repeats.facility, repeats.category, repeats.subcategory, repeats.victim,
            repeats.demography, repeats.called, repeats.arrived
        ) is distinct from (
            first.occurred_at, first.reported_at, first.district, first.location,
            first.facility, first.category, first.subcategory, first.victim,
            first.demography, first.called, first.arrived
        ) as differs
    from repeats
    inner join form as first
        on repeats.case_key = first.case_key
        and repeats.first_place = place_in_order(first.file_no, first.row)
)

select * from final;
