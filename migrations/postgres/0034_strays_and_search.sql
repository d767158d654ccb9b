-- A file is written before the row that refers to it, and removed after it is gone. Whoever is killed in between leaves it
-- lying: by these names it is removed later.
create table stray_file (
    name text primary key,
    expected boolean not null,
    remove_at bigint not null
);
create index stray_file_remove_at on stray_file (remove_at);

-- Posts that are not for everybody are found by their words, too, by whom they are for: also those from before that was so.
insert into job (id, body, sequence, due_at)
    select 1, '{"kind":"index_older","below":9223372036854775807}', 'from:search', 0
    where exists (select 1 from post);
