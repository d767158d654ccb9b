//! A member's home timeline: woven, when it is read, of the lines of all whom they follow.

use crate::entries::Id;
use crate::error::Error;
use crate::page::Page;
use crate::session::{Session, Sql};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, EntryId};

/// A member's home: what those they follow wrote and boosted, and what they wrote themselves, without those on an
/// exclusive list, and without what says that it is in none of the languages in which the member reads somebody. Of a
/// community its announcements alone, never a comment; no post twice.
pub async fn timeline(
    session: &mut impl Session,
    member: ActorId,
    now: Timestamp,
    page: &Page,
) -> Result<Vec<EntryId>, Error> {
    let sql = if page.is_upward() { HOME_UPWARD } else { HOME };
    let rows: Vec<Id> = session
        .query(sql)
        .bind(member)
        .bind_page(page)
        .bind(now)
        .bind(page.limit * CANDIDATES_PER_LINE)
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

/// How many lines are looked at for one that is shown, because some are left out: those shown by another as
/// well, and those of whom the member keeps away from.
const CANDIDATES_PER_LINE: i64 = 4;

/// The lines of all, one after the other: a line is followed by the next of the same actor, and of all that wait
/// the newest comes first. So no more are looked at than are wanted, and one of each actor.
///
/// SQLite keeps those that wait in order by itself, gives them in it, and stops when enough are shown. PostgreSQL does
/// not, but lets a subquery refer to the row beside it: there the newest few of each actor are looked at first, together
/// as many as are wanted. The oldest of these is the edge: what is wanted lies above it, and little else does, however
/// much everybody has written.
const HOME: Sql = Sql {
    sqlite: "with recursive followed (id, show_boosts, languages) as materialized (
            select target_id, show_boosts, languages from follow where follower_id = $1 and accepted
            union all select $1, true, '[]'),
        shown (id, show_boosts, languages) as materialized (select id, show_boosts, languages from followed
            where id not in (
            select i.actor_id from list l join list_entry i on i.list_id = l.id where l.member_id = $1 and l.exclusive)),
        line (id, actor_id, show_boosts, languages, post_id, by_community) as (
            select $2, id, show_boosts, languages, null, null from shown
            union all
            select e.id, l.actor_id, l.show_boosts, l.languages, e.post_id, e.by_community
            from line l cross join entry e on e.id = (
                select c.id from entry c
                where c.actor_id = l.actor_id and c.id < l.id and c.id > $3 and not c.community_reply
                    and c.visibility <> 'direct'
                    and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                    and (l.show_boosts or c.by_community or not c.boost)
                    and (l.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                        and lower(l.languages) not like '%\"' || lower(p.language) || '\"%'))
                    and (c.by_community or c.boost or c.reply_to_author_id is null
                        or c.reply_to_author_id in (select id from followed))
                order by c.id desc limit 1)
            order by 1 desc limit $6 + (select count(*) from shown))
        select l.id from line l
        where l.id < $2 and not exists (select 1 from entry o where o.post_id = l.post_id and o.id <> l.id
                and +o.actor_id in (select id from shown)
                and not exists (select 1 from shown f join post p on p.id = o.post_id
                    where f.id = o.actor_id and f.languages <> '[]'
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and ((o.by_community and not l.by_community) or (o.by_community = l.by_community and o.id < l.id)))
            and not exists (select 1 from post p where p.id = l.post_id and (p.author_id in (
                    select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
                or p.author_id in (select target_id from block where actor_id = $1)
                or p.author_id in (select actor_id from block where target_id = $1)))
            and l.actor_id not in (
                select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
        limit $4",
    postgres: "with followed (id, show_boosts, languages) as (
            select target_id, show_boosts, languages from follow where follower_id = $1 and accepted
            union all select $1, true, '[]'),
        shown (id, show_boosts, languages) as (select id, show_boosts, languages from followed where id not in (
            select i.actor_id from list l join list_entry i on i.list_id = l.id where l.member_id = $1 and l.exclusive)),
        head (id) as (
            select e.id from shown f cross join lateral (
            select c.id from entry c where c.actor_id = f.id and c.id < $2 and c.id > $3 and not c.community_reply
                and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                and (f.show_boosts or c.by_community or not c.boost)
                and (f.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%'))
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or c.reply_to_author_id in (select id from followed))
            order by c.id desc limit (select $6 / count(*) + 1 from shown)) e
            order by e.id desc limit $6),
        edge (id) as (select case when count(*) < $6 then $3 else min(id) - 1 end from head),
        candidate (id, actor_id, post_id, by_community) as (
            select e.id, e.actor_id, e.post_id, e.by_community from shown f cross join lateral (
            select c.id, c.actor_id, c.post_id, c.by_community from entry c
            where c.actor_id = f.id and c.id < $2 and c.id > (select id from edge) and not c.community_reply
                and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                and (f.show_boosts or c.by_community or not c.boost)
                and (f.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%'))
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or c.reply_to_author_id in (select id from followed))
            order by c.id desc limit $6) e
            order by e.id desc limit $6)
        select l.id from candidate l
        where not exists (select 1 from entry o where o.post_id = l.post_id and o.id <> l.id
                and +o.actor_id in (select id from shown)
                and not exists (select 1 from shown f join post p on p.id = o.post_id
                    where f.id = o.actor_id and f.languages <> '[]'
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and ((o.by_community and not l.by_community) or (o.by_community = l.by_community and o.id < l.id)))
            and not exists (select 1 from post p where p.id = l.post_id and (p.author_id in (
                    select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
                or p.author_id in (select target_id from block where actor_id = $1)
                or p.author_id in (select actor_id from block where target_id = $1)))
            and l.actor_id not in (
                select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
        order by l.id desc limit $4",
};

/// As [`HOME`], read upwards.
const HOME_UPWARD: Sql = Sql {
    sqlite: "with recursive followed (id, show_boosts, languages) as materialized (
            select target_id, show_boosts, languages from follow where follower_id = $1 and accepted
            union all select $1, true, '[]'),
        shown (id, show_boosts, languages) as materialized (select id, show_boosts, languages from followed
            where id not in (
            select i.actor_id from list l join list_entry i on i.list_id = l.id where l.member_id = $1 and l.exclusive)),
        line (id, actor_id, show_boosts, languages, post_id, by_community) as (
            select $3, id, show_boosts, languages, null, null from shown
            union all
            select e.id, l.actor_id, l.show_boosts, l.languages, e.post_id, e.by_community
            from line l cross join entry e on e.id = (
                select c.id from entry c
                where c.actor_id = l.actor_id and c.id > l.id and c.id < $2 and not c.community_reply
                    and c.visibility <> 'direct'
                    and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                    and (l.show_boosts or c.by_community or not c.boost)
                    and (l.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                        and lower(l.languages) not like '%\"' || lower(p.language) || '\"%'))
                    and (c.by_community or c.boost or c.reply_to_author_id is null
                        or c.reply_to_author_id in (select id from followed))
                order by c.id limit 1)
            order by 1 limit $6 + (select count(*) from shown))
        select l.id from line l
        where l.id > $3 and not exists (select 1 from entry o where o.post_id = l.post_id and o.id <> l.id
                and +o.actor_id in (select id from shown)
                and not exists (select 1 from shown f join post p on p.id = o.post_id
                    where f.id = o.actor_id and f.languages <> '[]'
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and ((o.by_community and not l.by_community) or (o.by_community = l.by_community and o.id < l.id)))
            and not exists (select 1 from post p where p.id = l.post_id and (p.author_id in (
                    select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
                or p.author_id in (select target_id from block where actor_id = $1)
                or p.author_id in (select actor_id from block where target_id = $1)))
            and l.actor_id not in (
                select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
        limit $4",
    postgres: "with followed (id, show_boosts, languages) as (
            select target_id, show_boosts, languages from follow where follower_id = $1 and accepted
            union all select $1, true, '[]'),
        shown (id, show_boosts, languages) as (select id, show_boosts, languages from followed where id not in (
            select i.actor_id from list l join list_entry i on i.list_id = l.id where l.member_id = $1 and l.exclusive)),
        head (id) as (
            select e.id from shown f cross join lateral (
            select c.id from entry c where c.actor_id = f.id and c.id < $2 and c.id > $3 and not c.community_reply
                and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                and (f.show_boosts or c.by_community or not c.boost)
                and (f.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%'))
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or c.reply_to_author_id in (select id from followed))
            order by c.id limit (select $6 / count(*) + 1 from shown)) e
            order by e.id limit $6),
        edge (id) as (select case when count(*) < $6 then $2 else max(id) + 1 end from head),
        candidate (id, actor_id, post_id, by_community) as (
            select e.id, e.actor_id, e.post_id, e.by_community from shown f cross join lateral (
            select c.id, c.actor_id, c.post_id, c.by_community from entry c
            where c.actor_id = f.id and c.id > $3 and c.id < (select id from edge) and not c.community_reply
                and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $1)
                and (f.show_boosts or c.by_community or not c.boost)
                and (f.languages = '[]' or not exists (select 1 from post p where p.id = c.post_id
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%'))
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or c.reply_to_author_id in (select id from followed))
            order by c.id limit $6) e
            order by e.id limit $6)
        select l.id from candidate l
        where not exists (select 1 from entry o where o.post_id = l.post_id and o.id <> l.id
                and +o.actor_id in (select id from shown)
                and not exists (select 1 from shown f join post p on p.id = o.post_id
                    where f.id = o.actor_id and f.languages <> '[]'
                    and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and ((o.by_community and not l.by_community) or (o.by_community = l.by_community and o.id < l.id)))
            and not exists (select 1 from post p where p.id = l.post_id and (p.author_id in (
                    select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
                or p.author_id in (select target_id from block where actor_id = $1)
                or p.author_id in (select actor_id from block where target_id = $1)))
            and l.actor_id not in (
                select target_id from mute where member_id = $1 and (expires_at is null or expires_at > $5))
        order by l.id limit $4",
};
