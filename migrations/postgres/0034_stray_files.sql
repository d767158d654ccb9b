-- A file is written before the row that refers to it, and removed after it is gone. Whoever is killed in between leaves it
-- lying: by these names it is removed later.
create table stray_file (
    name text primary key,
    expected boolean not null,
    remove_at bigint not null
);
create index stray_file_remove_at on stray_file (remove_at);
