//! What goes when an actor goes: its words, its reactions, its follows.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;

/// Takes away everything of an actor but its name and the places of its posts in their threads.
pub async fn forget(tx: &mut Tx, actor: ActorId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into tombstone (uri, at) select uri, $2 from post where author_id = $1 and deleted_at is null
        on conflict (uri) do nothing",
    )
    .bind(actor)
    .bind(now)
    .execute()
    .await?;
    for statement in [
        "delete from post_edit where post_id in (select id from post where author_id = $1)",
        "delete from post_tag where post_id in (select id from post where author_id = $1)",
        "delete from post_search where rowid in (select id from post where author_id = $1)",
        "delete from delivery where activity_id in (
            select a.id from activity a join post p on p.id = a.post_id where p.author_id = $1)",
        "update activity set open = false, body = ''
            where post_id in (select id from post where author_id = $1)",
        "delete from entry where actor_id = $1 or post_id in (select id from post where author_id = $1)",
        "delete from notification where from_id = $1",
        "update actor set followers_count = followers_count - 1
            where followers_count > 0 and id in (select target_id from follow where follower_id = $1 and accepted)",
        "update actor set following_count = following_count - 1
            where following_count > 0 and id in (select follower_id from follow where target_id = $1 and accepted)",
        "delete from follow where follower_id = $1 or target_id = $1",
        "update post set reactions_count = reactions_count - 1
            where reactions_count > 0 and id in (select post_id from reaction where actor_id = $1)",
        "update post set me_too_count = me_too_count - 1
            where me_too_count > 0 and id in (select post_id from reaction where actor_id = $1 and kind = 'me_too')",
        "delete from reaction where actor_id = $1",
        "delete from community_role where actor_id = $1",
        "delete from actor_key where actor_id = $1",
    ] {
        tx.query(statement).bind(actor).execute().await?;
    }
    tx.query(
        "update post set title = null, content = '', source = '', content_note = '', poll_id = null, deleted_at = $2
        where author_id = $1 and deleted_at is null",
    )
    .bind(actor)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
