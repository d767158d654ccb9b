-- Whoever runs a server may send somebody out of it and take what they wrote away: so it is kept when that was, to bring back
-- what went then, and not what moderators removed before or after.
create table site_removal (
    host text not null,
    actor_id integer not null references actor (id),
    at integer not null,
    primary key (host, actor_id)
);
