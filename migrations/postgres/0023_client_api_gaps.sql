-- What clients could ask for and was not kept: the languages in which one reads somebody one follows, and how many follows
-- of a member ended when a host was blocked.

alter table follow add column languages text not null default '[]';

create table severance (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    host text not null,
    followers bigint not null,
    following bigint not null,
    at bigint not null
);
create index severance_member on severance (member_id);
