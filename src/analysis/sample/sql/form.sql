-- Writes a season's rows of the incident form to $path, with the form's headings.
copy (
    select
        case
            when has_case
                then $prefix || lpad(
                    (i - (i > 0 and hash(i, $seed, 'repeat') % $one_in = 0)::bigint)::varchar, 8, '0'
                )
        end as "Sagsnr",
        strftime(reported, '%d-%m-%Y %H:%M') as "Oprettet",
        case
            when unread is not null then nullif(unread, '')
            when hour is null then strftime(occurred, '%d-%m-%Y')
            else strftime(occurred, '%d-%m-%Y %H:%M')
        end as "Hændelsestidspunkt",
        district as "Bydel",
        location as "Lokation",
        facility as "Facilitet",
        category as "Urotype",
        subcategory as "Underkategori",
        victim as "Forurettede",
        demography as "Demografi",
        called as "Tilkaldt hjælp",
        arrived as "Ankommet hjælp",
        $description as "Beskrivelse"
    from drawn('form', $rows, $seed, $season, $exported)
) to $path (header, delimiter ';');
