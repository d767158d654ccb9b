-- What is looked for when somebody leaves, or a post does, was looked for in everything that is kept.
create index activity_actor on activity (actor_id) where post_id is null;
create index post_gone on post (deleted_at) where deleted_at is not null;
delete from post_mention where post_id in (select p.id from post p where p.deleted_at is not null
    and not exists (select 1 from erasure e where e.post_id = p.id and e.told_at is null));
