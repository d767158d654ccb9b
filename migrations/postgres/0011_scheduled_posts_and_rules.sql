-- Posts that wait for their moment and the images that are kept for them; what a community asks of its members.
create table scheduled_post (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    draft text not null,
    application text,
    idempotency_key text,
    due_at bigint not null,
    error text
);
create index scheduled_post_member on scheduled_post (member_id, id);
create unique index scheduled_post_once on scheduled_post (member_id, idempotency_key);

alter table media add column scheduled_id bigint references scheduled_post (id);
create index media_scheduled on media (scheduled_id);

-- Its rules as a list, and when somebody looks after it, in words.
alter table community add column rules text not null default '[]';
alter table community add column staffed_hours text not null default '';
