-- What is for members travels to other nodes: an activity says which post it is about, so that whoever may read the
-- post may read the activity, and whether it goes to the followers of its actor (FEP-8fcf).
alter table activity add column about_id integer;
alter table activity add column to_followers boolean not null default false;
create index activity_about on activity (about_id);
