//! How many follows of a member ended when a host was blocked, by whoever runs the node or by themselves.

use crate::engine::Tx;
use crate::error::Error;
use crate::partings::Crossing;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::SeveranceId;
use alongside_domain::notification::SeveranceKind;

crate::row! {
    /// What a member lost.
    pub struct Severance {
        /// Its id.
        pub id: SeveranceId,
        /// Why.
        pub kind: SeveranceKind,
        /// The host.
        pub host: String,
        /// Those who followed the member.
        pub followers: i64,
        /// Those whom the member followed.
        pub following: i64,
        /// When.
        pub at: Timestamp,
    }
}

/// Keeps what a member lost.
pub async fn insert(
    tx: &mut Tx,
    id: SeveranceId,
    (kind, host): (SeveranceKind, &str),
    lost: &Crossing,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "insert into severance (id, member_id, kind, host, followers, following, at)
        values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(lost.member_id)
    .bind(kind)
    .bind(host)
    .bind(lost.followers)
    .bind(lost.following)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Those with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[SeveranceId]) -> Result<Vec<Severance>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, kind, host, followers, following, at from severance
            where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}
