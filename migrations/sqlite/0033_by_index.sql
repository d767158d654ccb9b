-- What is taken back, deleted, swept every hour or turned away was looked for in all there is, and so were the posts of
-- this node among those of all others, and people by how their names begin.
create index notification_from on notification (from_id, kind, subject_id);
create index notification_post on notification (post_id) where post_id is not null;
create index bookmark_post on bookmark (post_id);
create index pin_post on pin (post_id);
create index poll_vote_actor on poll_vote (actor_id);
create index session_account on session (account_id);
create index delivery_erasure on delivery (erasure_id) where erasure_id is not null;
drop index media_scheduled;
create index media_scheduled on media (scheduled_id) where scheduled_id is not null;
create index post_reply_to_author on post (reply_to_author_id) where reply_to_author_id is not null;
create index post_local on post (local, id) where reply_to_uri is null and visibility = 'public';
create index actor_handle on actor (handle_folded);
drop index activity_post;
create index activity_post on activity (post_id, at);
drop index activity_actor;
create index activity_actor on activity (actor_id, post_id);
