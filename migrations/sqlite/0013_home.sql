-- Home timelines find all that decides about a line in one index.
drop index entry_actor;
create index entry_actor on entry (actor_id, id, community_reply, visibility, by_community, boost, reply_to_author_id, post_id);
