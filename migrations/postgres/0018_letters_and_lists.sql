-- When the last letter of a conversation is deleted, the one before it stands last. Who is followed no more is in no
-- list: those who were left before that was so are taken out here.

create index conversation_root on conversation (root_id);

delete from list_entry where not exists (
    select 1 from list l left join follow f on f.follower_id = l.member_id and f.target_id = list_entry.actor_id
    where l.id = list_entry.list_id and (f.id is not null or l.member_id = list_entry.actor_id)
);
