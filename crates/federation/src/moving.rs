//! A member here says that an address elsewhere is theirs too, or moves there. Both need the other account as its own
//! server has it.

use crate::node::Federation;
use crate::receive::{act, moved};
use crate::resolve;
use alongside_app::moving;
use alongside_domain::actor::{Actor, Address};
use alongside_store::{actors, error};

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The verb would not do it.
    #[error(transparent)]
    Move(#[from] moving::Error),
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

/// Adds another address of a member.
pub async fn add_alias(node: &Federation, handle: &str, address: &Address) -> Result<(), Error> {
    let other = find(node, address).await?;
    Ok(moving::add_alias(node.app(), handle, &other).await?)
}

/// Takes another address of a member away; true if it was there.
pub async fn remove_alias(node: &Federation, handle: &str, address: &Address) -> Result<bool, Error> {
    let other = find(node, address).await?;
    Ok(moving::remove_alias(node.app(), handle, &other.uri).await?)
}

/// Moves a member to another account, if that says that it is theirs.
pub async fn depart_to(node: &Federation, handle: &str, address: &Address) -> Result<(), Error> {
    let other = find(node, address).await?;
    let own = actors::find_by_address(&mut node.app().reader(), handle, "").await?;
    let own = own.ok_or(moving::Error::Nobody)?;
    let unread = |error| Error::Unread(address.to_string(), error);
    let names_us = moved::names(node, &other, &own.uri).await.map_err(unread)?;
    Ok(moving::depart_to(node.app(), handle, &other, names_us).await?)
}

async fn find(node: &Federation, address: &Address) -> Result<Actor, Error> {
    resolve::address(node, address).await.map_err(|error| Error::Unknown(address.to_string(), error))
}
