//! Narrower timelines: what those in a list wrote, what somebody wrote under a hashtag, and what was written to
//! somebody alone.

use crate::entries::Id;
use crate::error::Error;
use crate::page::Page;
use crate::posts;
use crate::session::Session;
use alongside_domain::id::{ActorId, EntryId, PostId};
use alongside_domain::list::List;

/// What those in a member's list wrote and boosted, newest first: as at home, and with the replies the
/// list asks for.
pub async fn of_list(
    session: &mut impl Session,
    member: ActorId,
    list: &List,
    page: &Page,
) -> Result<Vec<EntryId>, Error> {
    let sql = if page.is_upward() { OF_LIST_UPWARD } else { OF_LIST };
    let rows: Vec<Id> = session
        .query(sql)
        .bind(list.id)
        .bind(page.below())
        .bind(page.above())
        .bind(page.limit)
        .bind(member)
        .bind(list.replies_policy)
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

const OF_LIST: &str = "select e.id from entry e
    where e.actor_id in (select actor_id from list_entry where list_id = $1) and e.id < $2 and e.id > $3
        and not e.community_reply and e.visibility <> 'direct'
        and (e.visibility <> 'members' or e.by_community or e.actor_id = $5)
        and (not e.boost or e.by_community or exists (select 1 from follow f
            where f.follower_id = $5 and f.target_id = e.actor_id and f.accepted and f.show_boosts))
        and (e.by_community or e.boost or e.reply_to_author_id is null
            or ($6 = 'followed' and exists (select 1 from follow f
                where f.follower_id = $5 and f.target_id = e.reply_to_author_id and f.accepted))
            or ($6 <> 'none' and e.reply_to_author_id in (select actor_id from list_entry where list_id = $1)))
    order by e.id desc limit $4";

const OF_LIST_UPWARD: &str = "select e.id from entry e
    where e.actor_id in (select actor_id from list_entry where list_id = $1) and e.id < $2 and e.id > $3
        and not e.community_reply and e.visibility <> 'direct'
        and (e.visibility <> 'members' or e.by_community or e.actor_id = $5)
        and (not e.boost or e.by_community or exists (select 1 from follow f
            where f.follower_id = $5 and f.target_id = e.actor_id and f.accepted and f.show_boosts))
        and (e.by_community or e.boost or e.reply_to_author_id is null
            or ($6 = 'followed' and exists (select 1 from follow f
                where f.follower_id = $5 and f.target_id = e.reply_to_author_id and f.accepted))
            or ($6 <> 'none' and e.reply_to_author_id in (select actor_id from list_entry where list_id = $1)))
    order by e.id limit $4";

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
        .bind(page.below())
        .bind(page.above())
        .bind(page.limit)
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
    let rows: Vec<posts::Id> =
        session.query(sql).bind(actor).bind(page.below()).bind(page.above()).bind(page.limit).all().await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}
