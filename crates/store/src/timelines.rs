//! Narrower timelines: what those in a list wrote, the threads of a community, what somebody wrote under a hashtag,
//! and what was written to somebody alone.

use crate::entries::Id;
use crate::error::Error;
use crate::page::Page;
use crate::posts;
use crate::session::{Session, Sql};
use alongside_domain::id::{ActorId, CommunityId, EntryId, PostId};
use alongside_domain::list::List;

/// What those in a member's list wrote and boosted, newest first: as at home, in the languages too in which the member
/// reads them, and with the replies the list asks for.
pub async fn of_list(
    session: &mut impl Session,
    member: ActorId,
    list: &List,
    page: &Page,
) -> Result<Vec<EntryId>, Error> {
    let sql = if page.is_upward() { OF_LIST_UPWARD } else { OF_LIST };
    let rows: Vec<Id> =
        session.query(sql).bind(list.id).bind_page(page).bind(member).bind(list.replies_policy).all().await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

/// Of each in the list the newest lines, and of all these the newest: nobody's whole timeline is looked at. The two
/// engines differ in how a subquery may refer to the row beside it, as for [`crate::home`].
const OF_LIST: Sql = Sql {
    sqlite: "select e.id from list_entry l cross join entry e on e.id in (
            select c.id from entry c where c.actor_id = l.actor_id and c.id < $2 and c.id > $3
                and not c.community_reply and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $5)
                and (not c.boost or c.by_community or exists (select 1 from follow f
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.accepted and f.show_boosts))
                and not exists (select 1 from follow f join post p on p.id = c.post_id
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.languages <> '[]'
                        and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or ($6 = 'followed' and exists (select 1 from follow f
                        where f.follower_id = $5 and f.target_id = c.reply_to_author_id and f.accepted))
                    or ($6 <> 'none' and c.reply_to_author_id in (
                        select actor_id from list_entry where list_id = $1)))
            order by c.id desc limit $4)
        where l.list_id = $1 order by e.id desc limit $4",
    postgres: "select e.id from list_entry l cross join lateral (
            select c.id from entry c where c.actor_id = l.actor_id and c.id < $2 and c.id > $3
                and not c.community_reply and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $5)
                and (not c.boost or c.by_community or exists (select 1 from follow f
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.accepted and f.show_boosts))
                and not exists (select 1 from follow f join post p on p.id = c.post_id
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.languages <> '[]'
                        and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or ($6 = 'followed' and exists (select 1 from follow f
                        where f.follower_id = $5 and f.target_id = c.reply_to_author_id and f.accepted))
                    or ($6 <> 'none' and c.reply_to_author_id in (
                        select actor_id from list_entry where list_id = $1)))
            order by c.id desc limit $4) e
        where l.list_id = $1 order by e.id desc limit $4",
};

/// As [`OF_LIST`], read upwards.
const OF_LIST_UPWARD: Sql = Sql {
    sqlite: "select e.id from list_entry l cross join entry e on e.id in (
            select c.id from entry c where c.actor_id = l.actor_id and c.id < $2 and c.id > $3
                and not c.community_reply and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $5)
                and (not c.boost or c.by_community or exists (select 1 from follow f
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.accepted and f.show_boosts))
                and not exists (select 1 from follow f join post p on p.id = c.post_id
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.languages <> '[]'
                        and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or ($6 = 'followed' and exists (select 1 from follow f
                        where f.follower_id = $5 and f.target_id = c.reply_to_author_id and f.accepted))
                    or ($6 <> 'none' and c.reply_to_author_id in (
                        select actor_id from list_entry where list_id = $1)))
            order by c.id limit $4)
        where l.list_id = $1 order by e.id limit $4",
    postgres: "select e.id from list_entry l cross join lateral (
            select c.id from entry c where c.actor_id = l.actor_id and c.id < $2 and c.id > $3
                and not c.community_reply and c.visibility <> 'direct'
                and (c.visibility <> 'members' or c.by_community or c.actor_id = $5)
                and (not c.boost or c.by_community or exists (select 1 from follow f
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.accepted and f.show_boosts))
                and not exists (select 1 from follow f join post p on p.id = c.post_id
                    where f.follower_id = $5 and f.target_id = c.actor_id and f.languages <> '[]'
                        and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and (c.by_community or c.boost or c.reply_to_author_id is null
                    or ($6 = 'followed' and exists (select 1 from follow f
                        where f.follower_id = $5 and f.target_id = c.reply_to_author_id and f.accepted))
                    or ($6 <> 'none' and c.reply_to_author_id in (
                        select actor_id from list_entry where list_id = $1)))
            order by c.id limit $4) e
        where l.list_id = $1 order by e.id limit $4",
};

/// The threads of a community that a viewer may read, newest first, each as the post that began it.
pub async fn of_community(
    session: &mut impl Session,
    community: CommunityId,
    viewer: Option<ActorId>,
    only_media: bool,
    page: &Page,
) -> Result<Vec<PostId>, Error> {
    let sql = if page.is_upward() { OF_COMMUNITY_UPWARD } else { OF_COMMUNITY };
    let rows: Vec<posts::Id> = session
        .query(sql)
        .bind(community)
        .bind_page(page)
        .bind(viewer.map_or(-1, ActorId::get))
        .bind(only_media)
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

const OF_COMMUNITY: &str = "select p.id from post p
    where p.community_id = $1 and p.id < $2 and p.id > $3 and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null
        and (p.visibility in ('public', 'unlisted') or (p.visibility = 'members' and (p.author_id = $5
            or exists (select 1 from follow where follower_id = $5 and target_id = $1 and accepted)
            or exists (select 1 from community_role where actor_id = $5 and community_id = $1))))
        and (not $6 or exists (select 1 from media where media.post_id = p.id))
    order by p.id desc limit $4";

const OF_COMMUNITY_UPWARD: &str = "select p.id from post p
    where p.community_id = $1 and p.id < $2 and p.id > $3 and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null
        and (p.visibility in ('public', 'unlisted') or (p.visibility = 'members' and (p.author_id = $5
            or exists (select 1 from follow where follower_id = $5 and target_id = $1 and accepted)
            or exists (select 1 from community_role where actor_id = $5 and community_id = $1))))
        and (not $6 or exists (select 1 from media where media.post_id = p.id))
    order by p.id limit $4";

/// What somebody wrote under a hashtag that a viewer may read, newest first.
pub async fn of_author_and_tag(
    session: &mut impl Session,
    author: ActorId,
    viewer: Option<ActorId>,
    tag: &str,
    page: &Page,
) -> Result<Vec<PostId>, Error> {
    let sql = if page.is_upward() {
        "select p.id from post_tag t join post p on p.id = t.post_id
        where t.tag = $1 and p.author_id = $2 and p.visibility <> 'direct' and t.post_id < $3 and t.post_id > $4
            and p.deleted_at is null and p.removed_at is null
            and (p.visibility in ('public', 'unlisted') or p.author_id = $6
                or (p.visibility = 'private' and exists (select 1 from follow
                    where follower_id = $6 and target_id = p.author_id and accepted))
                or (p.visibility = 'members' and exists (select 1 from follow
                    where follower_id = $6 and target_id = p.community_id and accepted)))
        order by t.post_id limit $5"
    } else {
        "select p.id from post_tag t join post p on p.id = t.post_id
        where t.tag = $1 and p.author_id = $2 and p.visibility <> 'direct' and t.post_id < $3 and t.post_id > $4
            and p.deleted_at is null and p.removed_at is null
            and (p.visibility in ('public', 'unlisted') or p.author_id = $6
                or (p.visibility = 'private' and exists (select 1 from follow
                    where follower_id = $6 and target_id = p.author_id and accepted))
                or (p.visibility = 'members' and exists (select 1 from follow
                    where follower_id = $6 and target_id = p.community_id and accepted)))
        order by t.post_id desc limit $5"
    };
    let rows: Vec<posts::Id> = session
        .query(sql)
        .bind(tag)
        .bind(author)
        .bind_page(page)
        .bind(viewer.map_or(-1, ActorId::get))
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

/// What somebody wrote to others alone, or others to them, newest first.
pub async fn direct(session: &mut impl Session, actor: ActorId, page: &Page) -> Result<Vec<PostId>, Error> {
    let sql = if page.is_upward() {
        "select p.id from post p
        where p.id < $2 and p.id > $3 and p.visibility = 'direct' and p.deleted_at is null and p.removed_at is null
            and (p.author_id = $1
                or p.id in (select post_id from post_mention where actor_id = $1 and post_id < $2 and post_id > $3))
        order by p.id limit $4"
    } else {
        "select p.id from post p
        where p.id < $2 and p.id > $3 and p.visibility = 'direct' and p.deleted_at is null and p.removed_at is null
            and (p.author_id = $1
                or p.id in (select post_id from post_mention where actor_id = $1 and post_id < $2 and post_id > $3))
        order by p.id desc limit $4"
    };
    let rows: Vec<posts::Id> = session.query(sql).bind(actor).bind_page(page).all().await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}
