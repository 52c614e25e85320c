-- Writes a season's repair orders to $path, with the orders' headings: first those that name no
-- case, then those of the form's rows known to have one ($done), which name its case number.
copy (
    with orders as (
        select
            'H-' || lpad(i::varchar, 8, '0') as number,
            null as case_number,
            occurred,
            district,
            location,
            facility,
            status
        from drawn('order', $orders, $seed, $season, $exported)
        union all
        select
            'H-U' || lpad(i::varchar, 8, '0'),
            lpad(i::varchar, 8, '0'),
            reported,
            district,
            location,
            facility,
            $done
        from drawn('form', $rows, $seed, $season, $exported)
        where has_order
    ),

    final as (
        select
            $prefix || number as "Ordrenr",
            strftime(occurred, '%d-%m-%Y') as "Bestilt",
            district as "Bydel",
            location as "Lokation",
            facility as "Facilitet",
            $prefix || case_number as "Sagsnr",
            status as "Status",
            $description as "Beskrivelse"
        from orders
    )

    select * from final
) to $path (header, delimiter ';');
