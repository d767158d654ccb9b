//! What was for the members of a community elsewhere, once nobody here is one any more: its words go, its
//! places in the threads stay. Nothing is remembered as deleted, so it can come back when somebody joins again.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, PostId};
use alongside_domain::post::Post;

/// Posts of others for the members of a community that still have their words, some at a time.
pub async fn kept(
    session: &mut impl Session,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where community_id = $1 and visibility = 'members' and not local
                and deleted_at is null order by id limit $2",
        )
        .bind(community)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Takes the words of these posts away, and everything that hangs on them. Unlike what its author deleted
/// they have no tombstone.
pub async fn drop_words(tx: &mut Tx, posts: &[PostId], now: Timestamp) -> Result<(), Error> {
    let posts = numbers(posts.iter().map(|id| id.get()));
    for statement in [
        "delete from poll_vote where poll_id in (select id from poll
            where post_id in (select value from json_each($1)))",
        "delete from poll_option where poll_id in (select id from poll
            where post_id in (select value from json_each($1)))",
        "delete from poll where post_id in (select value from json_each($1))",
        "delete from post_edit where post_id in (select value from json_each($1))",
        "delete from post_tag where post_id in (select value from json_each($1))",
        "delete from post_mention where post_id in (select value from json_each($1))",
        "delete from post_search where rowid in (select value from json_each($1))",
        "delete from entry where post_id in (select value from json_each($1))",
        "delete from notification where post_id in (select value from json_each($1))",
        "delete from bookmark where post_id in (select value from json_each($1))",
        "delete from pin where post_id in (select value from json_each($1))",
        "delete from thread_context where post_id in (select value from json_each($1))",
        "delete from reaction where post_id in (select value from json_each($1))",
        "delete from media where post_id in (select value from json_each($1)) and file is null",
    ] {
        tx.query(statement).bind(posts.as_str()).execute().await?;
    }
    tx.query(
        "update post set title = null, content = '', source = '', content_note = '', language = null, poll_id = null,
            edited_at = null, replies_fetched_at = null, reactions_count = 0, me_too_count = 0, deleted_at = $2
        where id in (select value from json_each($1))",
    )
    .bind(posts.as_str())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

crate::row! {
    /// Names what was let go of.
    pub struct Uri {
        /// Its address in the protocol.
        pub uri: String,
    }
}

/// The addresses of the newest posts for the members of a community that were let go of, the oldest of them first.
pub async fn gone(
    session: &mut impl Session,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let rows: Vec<Uri> = session
        .query(
            "select p.uri from post p where p.community_id = $1 and p.visibility = 'members' and not p.local
                and p.deleted_at is not null and not exists (select 1 from tombstone t where t.uri = p.uri)
            order by p.id desc limit $2",
        )
        .bind(community)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().rev().map(|row| row.uri).collect())
}

/// Forgets the text of what a community sent that was dealt with: its words are in there too.
pub async fn forget_arrivals(tx: &mut Tx, community: CommunityId) -> Result<(), Error> {
    tx.query(
        "update inbox set body = '' where done_at is not null
            and actor_uri = (select uri from actor where id = $1)",
    )
    .bind(community)
    .execute()
    .await?;
    Ok(())
}

/// Gives a post its words again that were let go of; false if it has them, or is gone for good.
pub async fn bring_back(
    tx: &mut Tx,
    post: &Post,
    mentions: &[ActorId],
    tags: &[String],
) -> Result<bool, Error> {
    let brought = tx
        .query(
            "update post set title = $2, content = $3, content_note = $4, sensitive = $5, language = $6, poll_id = $7,
                edited_at = $8, deleted_at = null
            where id = $1 and deleted_at is not null and not local
                and not exists (select 1 from tombstone t where t.uri = post.uri)",
        )
        .bind(post.id)
        .bind(post.title.clone())
        .bind(&post.content)
        .bind(&post.content_note)
        .bind(post.sensitive)
        .bind(post.language.clone())
        .bind(post.poll)
        .bind(post.edited_at)
        .execute()
        .await?;
    if brought == 0 {
        return Ok(false);
    }
    crate::posts::name(tx, post.id, mentions, tags).await?;
    Ok(true)
}

/// Takes back what is on its way to a host and is for members: of one community, or of any. That posts are deleted is
/// told all the same.
pub async fn hold_back(tx: &mut Tx, host: &str, community: Option<CommunityId>) -> Result<(), Error> {
    tx.query(
        "delete from delivery where host = $1 and erasure_id is null and exists (select 1 from activity a
            where a.id = delivery.activity_id and a.members_of = coalesce($2, a.members_of))",
    )
    .bind(host)
    .bind(community)
    .execute()
    .await?;
    Ok(())
}
