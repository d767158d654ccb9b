-- What clients could ask for and was not kept: the languages in which one reads somebody one follows, and how many follows
-- of a member ended when a host was blocked.

alter table follow add column languages text not null default '[]';

create table severance (
    id integer primary key,
    member_id integer not null references member (actor_id),
    host text not null,
    followers integer not null,
    following integer not null,
    at integer not null
);
create index severance_member on severance (member_id);
