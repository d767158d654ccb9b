-- Moderation of communities: the measures taken, why somebody was sent out, and reports told to other nodes.

-- What was done in a community of ours, or by a member of ours in another, and why.
create table measure (
    id bigint primary key,
    community_id bigint not null references community (actor_id),
    by_id bigint not null references actor (id),
    kind text not null,
    post_id bigint references post (id),
    member_id bigint references actor (id),
    until_at bigint,
    removes_posts boolean not null,
    reason text not null,
    at bigint not null
);
create index measure_community on measure (community_id, id);
create index measure_post on measure (post_id);
create index measure_member on measure (member_id);

alter table community_ban add column reason text not null default '';

alter table report add column forwarded boolean not null default false;
