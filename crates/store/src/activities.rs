//! Activities of this node: written once, delivered many times, served at their address.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActivityId, ActorId, CommunityId, PostId};

crate::row! {
    /// An activity of ours.
    pub struct Activity {
        /// Its id.
        pub id: ActivityId,
        /// Its address.
        pub uri: String,
        /// Who acts.
        pub actor_id: ActorId,
        /// The post whose words it carries, so that they go when these go.
        pub post_id: Option<PostId>,
        /// The post it is about: whoever may read that may read this.
        pub about_id: Option<PostId>,
        /// The document, as it is sent and served.
        pub body: String,
        /// Anybody may read it.
        pub open: bool,
        /// It is for the followers of who acts, and they alone.
        pub to_followers: bool,
        /// The community whose members it is for, and nobody else.
        pub members_of: Option<CommunityId>,
        /// When.
        pub at: Timestamp,
    }
}

/// Keeps an activity. One of the same address that is kept already stays as it is, and its id is given.
pub async fn put(tx: &mut Tx, activity: &Activity) -> Result<ActivityId, Error> {
    tx.query(
        "insert into activity (id, uri, actor_id, post_id, about_id, body, open, to_followers, members_of, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (uri) do nothing",
    )
    .bind(activity.id)
    .bind(&activity.uri)
    .bind(activity.actor_id)
    .bind(activity.post_id)
    .bind(activity.about_id)
    .bind(&activity.body)
    .bind(activity.open)
    .bind(activity.to_followers)
    .bind(activity.members_of)
    .bind(activity.at)
    .execute()
    .await?;
    let kept: Id = tx.query("select id from activity where uri = $1").bind(&activity.uri).one().await?;
    Ok(kept.id)
}

crate::row! {
    /// Names an activity.
    pub struct Id {
        /// Its id.
        pub id: ActivityId,
    }
}

/// The activity with this address.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Activity>, Error> {
    session
        .query(
            "select id, uri, actor_id, post_id, about_id, body, open, to_followers, members_of, at from activity
            where uri = $1",
        )
        .bind(uri)
        .optional()
        .await
}

/// Takes the words of a post out of every activity that carries them, whether it was sent or still waits.
pub async fn silence(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    for statement in [
        "delete from delivery where activity_id in (select id from activity where post_id = $1)",
        "update activity set open = false, body = '' where post_id = $1",
    ] {
        tx.query(statement).bind(post).execute().await?;
    }
    Ok(())
}

/// Withholds every activity that carries the words of a post: none is delivered or served, until
/// [`release`].
pub async fn withhold(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    for statement in [
        "delete from delivery where activity_id in (select id from activity where post_id = $1)",
        "update activity set open = false where post_id = $1",
    ] {
        tx.query(statement).bind(post).execute().await?;
    }
    Ok(())
}

/// Serves again what carries the words of a post that anybody may read.
pub async fn release(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    tx.query("update activity set open = true where post_id = $1 and body <> ''")
        .bind(post)
        .execute()
        .await?;
    Ok(())
}

/// Forgets activities without words of a post (reactions, follows, answers) that were made before a moment
/// and are on their way to nobody, some at a time; how many there were.
pub async fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.query(
        "delete from activity where id in (
            select a.id from activity a where a.at < $1 and a.post_id is null
                and not exists (select 1 from delivery d where d.activity_id = a.id) limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
