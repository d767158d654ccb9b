//! Activities of this node: written once, delivered many times, served at their address.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActivityId, ActorId};

crate::row! {
    /// An activity of ours.
    pub struct Activity {
        /// Its id.
        pub id: ActivityId,
        /// Its address.
        pub uri: String,
        /// Who acts.
        pub actor_id: ActorId,
        /// The document, as it is sent and served.
        pub body: String,
        /// Anybody may read it.
        pub open: bool,
        /// When.
        pub at: Timestamp,
    }
}

/// Keeps an activity. One of the same address that is kept already stays as it is, and its id is given.
pub async fn put(tx: &mut Tx, activity: &Activity) -> Result<ActivityId, Error> {
    tx.query(
        "insert into activity (id, uri, actor_id, body, open, at) values ($1, $2, $3, $4, $5, $6)
        on conflict (uri) do nothing",
    )
    .bind(activity.id)
    .bind(&activity.uri)
    .bind(activity.actor_id)
    .bind(&activity.body)
    .bind(activity.open)
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
        .query("select id, uri, actor_id, body, open, at from activity where uri = $1")
        .bind(uri)
        .optional()
        .await
}
