-- What the rest of the client API keeps: whom a member recommends, hashtags on profiles, single posts in filters,
-- announcements, whose notifications wait apart, and suggestions that were turned down.

create table endorsement (
    member_id bigint not null references member (actor_id),
    target_id bigint not null references actor (id),
    id bigint not null,
    primary key (member_id, target_id)
);

create table featured_tag (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    tag text not null
);
create unique index featured_tag_once on featured_tag (member_id, tag);

create table filter_post (
    id bigint primary key,
    filter_id bigint not null references filter (id),
    post_id bigint not null references post (id)
);
create unique index filter_post_once on filter_post (filter_id, post_id);
create index filter_post_post on filter_post (post_id);

-- What whoever runs the node tells every member.
create table announcement (
    id bigint primary key,
    source text not null,
    content text not null,
    starts_at bigint,
    ends_at bigint,
    published_at bigint not null,
    updated_at bigint not null
);

create table announcement_read (
    announcement_id bigint not null references announcement (id),
    member_id bigint not null references member (actor_id),
    primary key (announcement_id, member_id)
);
create index announcement_read_member on announcement_read (member_id);

create table announcement_reaction (
    announcement_id bigint not null references announcement (id),
    name text not null,
    member_id bigint not null references member (actor_id),
    primary key (announcement_id, name, member_id)
);
create index announcement_reaction_member on announcement_reaction (member_id);

-- Whose notifications a member wants kept apart or not at all; without a line, what holds for everybody.
create table notification_policy (
    member_id bigint primary key references member (actor_id),
    not_following text not null,
    not_followers text not null,
    new_accounts text not null,
    private_mentions text not null,
    limited_accounts text not null
);

-- Those whose notifications are never kept apart, because the member let them through once.
create table notification_permission (
    member_id bigint not null references member (actor_id),
    from_id bigint not null references actor (id),
    primary key (member_id, from_id)
);

alter table notification add column apart boolean not null default false;
create index notification_apart on notification (member_id, from_id) where apart;

create table suggestion_dismissal (
    member_id bigint not null references member (actor_id),
    target_id bigint not null references actor (id),
    primary key (member_id, target_id)
);
