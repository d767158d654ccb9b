//! `account delete`, `account erasure`, `account alias` and `account move`.

use crate::cli::account::{AliasChange, Moving};
use alongside_app::context::App;
use alongside_app::departures;
use alongside_domain::actor::Handle;
use alongside_federation::moving;
use alongside_federation::node::Federation;
use alongside_store::{actors, erasures, error};
use std::fmt::Write as _;

/// Hosts shown of an erasure.
const HOSTS_SHOWN_MAX: i64 = 10_000;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody was deleted.
    #[error(transparent)]
    Stays(#[from] departures::Error),
    /// Nobody moved.
    #[error(transparent)]
    Move(#[from] moving::Error),
    /// Nothing of that name was deleted here.
    #[error("nobody of the name {0} was deleted here, or too long ago")]
    NoErasure(String),
    /// The store could not do it.
    #[error("the store could not be read")]
    Store(#[from] error::Error),
}

/// Deletes a member, and says so.
pub async fn delete(app: &App, handle: &Handle) -> Result<String, Error> {
    departures::delete(app, handle.as_str()).await?;
    Ok(format!(
        "@{handle}@{} is deleted. Every server that has anything of theirs is told; `alongside account erasure {handle}` \
         shows what they answered.",
        app.places().host()
    ))
}

/// What other servers answered to a deletion.
pub async fn erasure(app: &App, handle: &Handle) -> Result<String, Error> {
    let mut reader = app.reader();
    let missing = || Error::NoErasure(handle.to_string());
    let actor = actors::find_by_address(&mut reader, handle.as_str(), "").await?.ok_or_else(missing)?;
    let erasure = erasures::of_actor(&mut reader, actor.id).await?.ok_or_else(missing)?;
    let receipts = erasures::receipts(&mut reader, erasure.id, "", HOSTS_SHOWN_MAX).await?;
    let mut says = match (erasure.told_at, receipts.len()) {
        (None, _) => return Ok("The servers to tell are being looked up.".to_owned()),
        (Some(_), 0) => return Ok("No other server had anything of theirs.".to_owned()),
        (Some(_), count) => format!("Told {count} servers:"),
    };
    for receipt in receipts {
        let answer = receipt.answer.or(receipt.last_error).unwrap_or_default();
        let plain: String = answer.chars().filter(|char| !char.is_control()).collect();
        // Writing to a string does not fail.
        let _ = write!(says, "\n{}  {}  {plain}", receipt.host, receipt.state);
    }
    Ok(says)
}

/// Adds another address of a member, or takes it away.
pub async fn alias(node: &Federation, change: &AliasChange) -> Result<String, Error> {
    let (handle, address) = (change.handle.as_str(), &change.address);
    if change.remove {
        let removed = moving::remove_alias(node, handle, address).await?;
        let says = if removed { "is no longer" } else { "was not" };
        return Ok(format!("{address} {says} among the other addresses of {handle}."));
    }
    moving::add_alias(node, handle, address).await?;
    Ok(format!("{address} is among the other addresses of {handle}."))
}

/// Moves a member to another account.
pub async fn depart_to(node: &Federation, wanted: &Moving) -> Result<String, Error> {
    moving::depart_to(node, wanted.handle.as_str(), &wanted.to).await?;
    Ok(format!("{} has moved to {}; their followers are told.", wanted.handle, wanted.to))
}
