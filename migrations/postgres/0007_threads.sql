-- Threads that live elsewhere: the collection their origin keeps of them (FEP-7888), and how far catching up has come.
create table thread_context (
    post_id bigint primary key references post (id),
    uri text not null
);

create table catch_up (
    post_id bigint primary key references post (id),
    began_at bigint not null,
    ended_at bigint,
    found bigint not null default 0
);
create index catch_up_began on catch_up (began_at);
