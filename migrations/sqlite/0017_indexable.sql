-- Members may say that what they write for everybody can be found by its words, elsewhere too.
alter table actor add column indexable boolean not null default false;
