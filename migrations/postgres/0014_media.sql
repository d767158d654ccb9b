-- Films and sounds, which a job makes ready after they were uploaded; copies of what lies elsewhere; emojis.
alter table media add column state text not null default 'ready';
alter table media add column duration_millis bigint;
alter table media add column frame_rate text;
alter table media add column bitrate bigint;
create index media_waiting on media (owner_id) where state = 'waiting';

-- Copies of files that lie elsewhere, by the hash of where; without a file, one that could not be had.
create table media_copy (
    url_hash text primary key,
    file text,
    preview text,
    bytes bigint not null,
    fetched_at bigint not null,
    used_at bigint not null
);
create index media_copy_used on media_copy (used_at);

-- Pictures that stand for a word between colons: the node's own, without a host, and those others use.
create table emoji (
    host text not null,
    shortcode text not null,
    file text,
    url text,
    category text,
    updated_at bigint not null,
    primary key (host, shortcode)
);
