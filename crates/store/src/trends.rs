//! What is shown to those who look around: hashtags that several people use, and posts that communities put
//! first. Nothing here looks at who reads what.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts;
use crate::session::Session;
use alongside_domain::id::PostId;

/// Uses of hashtags that are looked at, the newest of them.
const USES_MAX: i64 = 5_000;

crate::row! {
    /// A hashtag that is used by several.
    pub struct Trend {
        /// The tag, folded.
        pub tag: String,
    }
}

/// Hashtags of public posts newer than an id that so many different people used, the most first; those that staff keep
/// back only for staff.
pub async fn tags(
    session: &mut impl Session,
    newer_than: i64,
    people_min: i64,
    for_staff: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<String>, Error> {
    let found: Vec<Trend> = session
        .query(
            "select u.tag from (
                select t.tag, p.author_id from post_tag t join post p on p.id = t.post_id
                where t.post_id > $1 and p.visibility = 'public' and p.deleted_at is null and p.removed_at is null
                order by t.post_id desc limit $2) u
            where $6 or not exists (select 1 from hashtag h where h.tag = u.tag and not h.trendable)
            group by u.tag having count(distinct u.author_id) >= $3
            order by count(distinct u.author_id) desc, u.tag limit $4 offset $5",
        )
        .bind(newer_than)
        .bind(USES_MAX)
        .bind(people_min)
        .bind(limit)
        .bind(offset)
        .bind(for_staff)
        .all()
        .await?;
    Ok(found.into_iter().map(|found| found.tag).collect())
}

/// Public posts that the open communities of this node show first, what was put there last first; those that staff keep
/// back only for staff.
pub async fn featured(
    session: &mut impl Session,
    for_staff: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<PostId>, Error> {
    let found: Vec<posts::Id> = session
        .query(
            "select p.id from pin i join community c on c.actor_id = i.actor_id join actor a on a.id = i.actor_id
            join post p on p.id = i.post_id
            where a.host = '' and a.deleted_at is null and c.audience = 'everyone' and p.visibility = 'public'
                and p.deleted_at is null and p.removed_at is null
                and ($3 or not exists (select 1 from trend_refusal r where r.post_id = p.id))
            order by i.at desc, p.id desc limit $1 offset $2",
        )
        .bind(limit)
        .bind(offset)
        .bind(for_staff)
        .all()
        .await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// Keeps a post back from those who look around; false if it was before.
pub async fn refuse(tx: &mut Tx, post: PostId) -> Result<bool, Error> {
    let refused = tx
        .query("insert into trend_refusal (post_id) values ($1) on conflict (post_id) do nothing")
        .bind(post)
        .execute()
        .await?;
    Ok(refused > 0)
}

/// Does not keep it back any more; false if it was not.
pub async fn allow(tx: &mut Tx, post: PostId) -> Result<bool, Error> {
    Ok(tx.query("delete from trend_refusal where post_id = $1").bind(post).execute().await? > 0)
}
