//! `account delete`, `account erasure`, `account alias` and `account move`.

use crate::cli::{AliasChange, Moving};
use alongside_app::context::App;
use alongside_app::{departures, moving as verbs};
use alongside_domain::actor::{Actor, Address, Handle};
use alongside_federation::node::Federation;
use alongside_federation::receive::{act, moved};
use alongside_federation::resolve;
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
    Move(#[from] verbs::Error),
    /// Nothing of that name was deleted here.
    #[error("nobody of the name {0} was deleted here, or too long ago")]
    NoErasure(String),
    /// The other account was not found.
    #[error("the account {0} cannot be found")]
    Unknown(String, #[source] resolve::Error),
    /// The other account could not be read at its own server.
    #[error("the account {0} cannot be read at its own server")]
    Unread(String, #[source] act::Error),
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
    let (app, handle) = (node.app(), change.handle.as_str());
    let other = find(node, &change.address).await?;
    if change.remove {
        let removed = verbs::remove_alias(app, handle, &other.uri).await?;
        let says = if removed { "is no longer" } else { "was not" };
        return Ok(format!("{} {says} among the other addresses of {handle}.", change.address));
    }
    verbs::add_alias(app, handle, &other).await?;
    Ok(format!("{} is among the other addresses of {handle}.", change.address))
}

/// Moves a member to another account.
pub async fn depart_to(node: &Federation, moving: &Moving) -> Result<String, Error> {
    let (app, handle) = (node.app(), moving.handle.as_str());
    let other = find(node, &moving.to).await?;
    let own = actors::find_by_address(&mut app.reader(), handle, "").await?;
    let own = own.ok_or(verbs::Error::Nobody)?;
    let unread = |error| Error::Unread(moving.to.to_string(), error);
    let names_us = moved::names(node, &other, &own.uri).await.map_err(unread)?;
    verbs::depart_to(app, handle, &other, names_us).await?;
    Ok(format!("{handle} has moved to {}; their followers are told.", moving.to))
}

async fn find(node: &Federation, address: &Address) -> Result<Actor, Error> {
    resolve::address(node, address).await.map_err(|error| Error::Unknown(address.to_string(), error))
}
