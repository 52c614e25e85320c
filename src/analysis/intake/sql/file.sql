-- The rows of one form in a file, just loaded: how many rows of each form came before them,
-- and how many of their own file ($rows_before).
insert into raw.file
select
    $file_no,
    $file,
    $rows_before,
    $has_numbers,
    $has_district,
    $has_facility,
    (select count(*) from raw.uro where file_no < $file_no),
    (select count(*) from raw.haervaerk where file_no < $file_no);
