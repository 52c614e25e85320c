-- A file about to be loaded, and how many rows of each form came before its own.
insert into raw.file
select
    $file_no,
    $file,
    (select count(*) from raw.uro),
    (select count(*) from raw.haervaerk);
