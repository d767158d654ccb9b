//! The addresses that people sign in with. Administrators may look at one at a time, and each look is written down,
//! because an address says who somebody is, and which personas are one person's.

use crate::context::App;
use crate::staff;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::policy::Refusal;
use alongside_domain::staff::Duty;
use alongside_store::{audit, error, people};

/// Why no address is shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the address could not be looked up")]
    Store(#[from] error::Error),
}

/// The address that the account behind a persona signs in with; none for somebody who lives elsewhere.
pub async fn look_up(app: &App, by: MemberId, who: ActorId) -> Result<Option<String>, Error> {
    let Some(person) = people::behind(&mut app.reader(), &[who]).await?.pop() else { return Ok(None) };
    note(app, by, "address.read", &format!("actor {who}")).await?;
    Ok(Some(person.email))
}

/// Writes down that somebody is looked for by their address.
pub async fn note_search(app: &App, by: MemberId) -> Result<(), Error> {
    note(app, by, "address.search", "").await
}

async fn note(app: &App, by: MemberId, verb: &str, subject: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Addresses).await??;
    audit::append(&mut tx, app.ids(), app.now(), Some(by.account), verb, subject, "").await?;
    Ok(tx.commit().await?)
}
