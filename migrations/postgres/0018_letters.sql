-- When the last letter of a conversation is deleted, the one before it stands last.

create index conversation_root on conversation (root_id);
