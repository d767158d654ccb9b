-- Whoever is suspended by their own server is shown again when it says so, and whoever is suspended by the staff here
-- when that ends: so it is kept whose doing it is.
alter table actor add column suspended_elsewhere boolean not null default false;

-- Where what is written in a community elsewhere hangs (FEP-400e): a post has to name it, or its software takes the post for
-- one that only its author's followers should see.
create table wall (
    uri text primary key,
    community_id bigint not null references actor (id),
    comments boolean not null
);
create index wall_community on wall (community_id);
