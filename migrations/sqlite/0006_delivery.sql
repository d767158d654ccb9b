-- Whole hosts are leased to be delivered to, not single rows; it is remembered which inboxes a post's words went to,
-- so that a deletion can follow them, and what each host answered to it; and people may move.

alter table host add column next_at integer;
alter table host add column leased_until integer not null default 0;
alter table host add column leased_by integer not null default 0;
create index host_next on host (next_at);
update host set next_at = 0 where exists (select 1 from delivery d where d.host = host.name);

-- Words of somebody here that were taken back everywhere: one post's, or, without a post, all of theirs.
create table erasure (
    id integer primary key,
    actor_id integer not null references actor (id),
    post_id integer references post (id),
    uri text not null,
    at integer not null,
    told_at integer
);
create unique index erasure_post on erasure (post_id);
create index erasure_actor on erasure (actor_id, id);
create index erasure_at on erasure (at);

-- What a host answered to it. `open` deliveries are still on their way to the host.
create table receipt (
    erasure_id integer not null references erasure (id),
    host text not null,
    open integer not null,
    state text not null,
    answer text,
    at integer not null,
    primary key (erasure_id, host)
) without rowid;
create index receipt_host on receipt (host, state);

alter table delivery drop column leased_until;
alter table delivery drop column leased_by;
alter table delivery add column erasure_id integer references erasure (id);

-- An inbox that something was ever sent to, by a number, because it is named once for every post.
create table destination (
    id integer primary key,
    host text not null,
    inbox text not null
);
create unique index destination_inbox on destination (inbox);

-- The inboxes that the words of a post were sent to, for as long as there are words.
create table sent (
    post_id integer not null references post (id),
    destination_id integer not null references destination (id),
    primary key (post_id, destination_id)
) without rowid;

-- The inboxes that anything of somebody here was ever sent to.
create table heard (
    actor_id integer not null references actor (id),
    destination_id integer not null references destination (id),
    primary key (actor_id, destination_id)
) without rowid;

-- Other addresses that somebody here says are theirs.
create table alias (
    actor_id integer not null references actor (id),
    uri text not null,
    at integer not null,
    primary key (actor_id, uri)
);

-- Where somebody here has moved to.
create table moved (
    actor_id integer primary key references actor (id),
    uri text not null,
    at integer not null
);
