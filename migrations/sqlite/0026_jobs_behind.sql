-- A worker that looks for work passes over what waits behind another of its sequence.
alter table job add column behind boolean not null default false;
drop index job_due;
create index job_due on job (due_at, id) where not behind;
