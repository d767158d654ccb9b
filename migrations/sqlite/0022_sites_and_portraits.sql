-- Whoever runs a server may send somebody out of it and take what they wrote away: so it is kept when that was, to bring back
-- what went then, and not what moderators removed before or after.
create table site_removal (
    host text not null,
    actor_id integer not null references actor (id),
    at integer not null,
    primary key (host, actor_id)
);

-- The pictures of whoever is suspended are found by their names each time somebody asks for the picture of a profile.
create index actor_hidden_avatar on actor (avatar) where suspended_at is not null and host = '';
create index actor_hidden_header on actor (header) where suspended_at is not null and host = '';
