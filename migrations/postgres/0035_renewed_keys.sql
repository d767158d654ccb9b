-- Who has not read a key since it was renewed refuses what is signed with it.
alter table actor_key add column renewed boolean not null default false;
