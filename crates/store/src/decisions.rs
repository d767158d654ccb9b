//! What was decided about hosts, each under the number that clients name it by. The hosts themselves are in
//! [`crate::hosts`].

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::agreement::{Limits, Policy};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::DecisionId;

crate::row! {
    /// What was decided about a host.
    pub struct Decision {
        /// Its number.
        pub decision_id: DecisionId,
        /// The host.
        pub name: String,
        /// Whether it is talked with.
        pub policy: Policy,
        /// Within which limits.
        pub limits: Limits,
        /// Why, for everybody to read.
        pub comment: String,
        /// Why, for the staff.
        pub private_comment: String,
        /// Its name is shown to others in part.
        pub obfuscate: bool,
        /// Since when.
        pub decided_at: Timestamp,
    }
}

/// The decision with this number.
pub async fn find(session: &mut impl Session, id: DecisionId) -> Result<Option<Decision>, Error> {
    session
        .query(
            "select decision_id, name, policy, limits, comment, private_comment, obfuscate, decided_at from host
            where decision_id = $1 and decided_at is not null",
        )
        .bind(id)
        .optional()
        .await
}

/// The decision about a host.
pub async fn of_host(session: &mut impl Session, name: &str) -> Result<Option<Decision>, Error> {
    session
        .query(
            "select decision_id, name, policy, limits, comment, private_comment, obfuscate, decided_at from host
            where name = $1 and decision_id is not null and decided_at is not null",
        )
        .bind(name)
        .optional()
        .await
}

/// Decisions that let a host in, or those that keep something from it; the newest first.
pub async fn page(session: &mut impl Session, allowed: bool, page: &Page) -> Result<Vec<Decision>, Error> {
    let statement = if page.is_upward() {
        "select decision_id, name, policy, limits, comment, private_comment, obfuscate, decided_at from host
        where decision_id < $1 and decision_id > $2 and (policy = 'allow') = $4 and decided_at is not null
        order by decision_id limit $3"
    } else {
        "select decision_id, name, policy, limits, comment, private_comment, obfuscate, decided_at from host
        where decision_id < $1 and decision_id > $2 and (policy = 'allow') = $4 and decided_at is not null
        order by decision_id desc limit $3"
    };
    let query = session.query(statement).bind_page(page);
    Ok(page.newest_first(query.bind(allowed).all().await?))
}

/// Gives what was decided about a host a number and a moment, unless it has them; takes them away where nothing is
/// decided any more.
pub async fn number(tx: &mut Tx, name: &str, id: DecisionId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "update host set decision_id = coalesce(decision_id, $2), decided_at = coalesce(decided_at, $3)
        where name = $1 and (policy <> 'open' or limits <> '')",
    )
    .bind(name)
    .bind(id)
    .bind(now)
    .execute()
    .await?;
    tx.query(
        "update host set decision_id = null, decided_at = null, private_comment = '', obfuscate = false
        where name = $1 and policy = 'open' and limits = ''",
    )
    .bind(name)
    .execute()
    .await?;
    Ok(())
}

/// Says what staff alone read about it, and whether its name is shown to others in part.
pub async fn annotate(tx: &mut Tx, name: &str, private_comment: &str, obfuscate: bool) -> Result<(), Error> {
    tx.query("update host set private_comment = $2, obfuscate = $3 where name = $1")
        .bind(name)
        .bind(private_comment)
        .bind(obfuscate)
        .execute()
        .await?;
    Ok(())
}
