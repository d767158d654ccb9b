-- What is for the members of a community says of which, because a vote, or that somebody was sent out, is about no post
-- by which it could be told. And whom everybody here was heard by before that was remembered (0006) is worked out from
-- whom they follow, named and answered, so that a deletion reaches them.

alter table activity add column members_of integer;
update activity set members_of = (select p.community_id from post p where p.id = activity.about_id)
    where about_id in (select id from post where visibility = 'members');
update activity set members_of = actor_id
    where members_of is null and to_followers
        and actor_id in (select c.actor_id from community c where c.audience = 'members');

create temporary table heard_before as
    select f.target_id as here_id, f.follower_id as there_id from follow f
    union select f.follower_id, f.target_id from follow f
    union select p.author_id, m.actor_id from post p join post_mention m on m.post_id = p.id where p.local
    union select p.author_id, p.reply_to_author_id from post p where p.local
    union select p.author_id, p.community_id from post p where p.local
    union select p.author_id, f.follower_id from post p join follow f on f.target_id = p.community_id where p.local
    union select r.actor_id, p.author_id from reaction r join post p on p.id = r.post_id
    union select e.actor_id, p.author_id from entry e join post p on p.id = e.post_id where e.boost;

delete from heard_before where here_id is null or there_id is null
    or here_id not in (select id from actor where host = '')
    or there_id not in (select id from actor where host <> '');

insert into destination (id, host, inbox)
    select min(a.id), min(a.host), coalesce(a.shared_inbox, a.inbox) from actor a
    where a.id in (select there_id from heard_before)
    group by coalesce(a.shared_inbox, a.inbox)
    on conflict (inbox) do nothing;

insert into heard (actor_id, destination_id)
    select distinct b.here_id, d.id from heard_before b
        join actor a on a.id = b.there_id
        join destination d on d.inbox = coalesce(a.shared_inbox, a.inbox)
    where b.here_id > 0
    on conflict (actor_id, destination_id) do nothing;

drop table heard_before;

-- So that the numbers of inboxes that nothing is remembered of any more are found, and can go.
create index sent_destination on sent (destination_id);
create index heard_destination on heard (destination_id);
