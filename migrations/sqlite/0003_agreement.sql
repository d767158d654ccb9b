-- What an operator limits about other hosts, and the lists of hosts that others keep for operators to follow.

alter table host add column limits text not null default '';
alter table host add column comment text not null default '';
create index host_decided on host (name) where policy <> 'open' or limits <> '';

-- A list that is followed. It decides nothing by itself: what it says is looked at beside what the operator
-- decided, so that all of it ends with it.
create table host_list (
    url text primary key,
    etag text,
    modified text,
    added_at integer not null,
    asked_at integer,
    last_error text
);

create table host_list_line (
    list_url text not null references host_list (url),
    name text not null,
    policy text not null,
    limits text not null,
    comment text not null,
    primary key (list_url, name)
);
create index host_list_line_name on host_list_line (name);
