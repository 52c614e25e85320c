-- The rows of one form in a file, about to be loaded: how many rows of each form came before them,
-- and how many of their own file ($rows_before).
insert into raw.file
select
    $file_no,
    $file,
    $rows_before,
    $has_numbers,
    $has_district,
    $has_facility,
    (select count(*) from raw.uro),
    (select count(*) from raw.haervaerk);
