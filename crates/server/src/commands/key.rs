//! `key rotate`.

use crate::cli::key::KeyOwner;
use alongside_domain::actor::Actor;
use alongside_federation::keys::{self, KeyError};
use alongside_federation::node::Federation;
use alongside_store::{actors, error};

/// Why no keys were made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nobody to make them for.
    #[error("nobody on this node is called {0}")]
    Nobody(String),
    /// They could not be made or kept.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] error::Error),
}

/// Makes new keys, and says what follows.
pub async fn rotate(node: &Federation, of: &KeyOwner) -> Result<String, Error> {
    let app = node.app();
    let actor = match &of.handle {
        None => keys::node_actor(app).await?,
        Some(handle) => {
            let found = actors::find_by_address(&mut app.reader(), handle.as_str(), "").await?;
            found.filter(Actor::is_present).ok_or_else(|| Error::Nobody(handle.to_string()))?
        }
    };
    keys::rotate(app, &actor).await?;
    if of.handle.is_none() {
        // It signs for the node too, where anything was ever reported as its staff.
        let staff = actors::find_by_address(&mut app.reader(), keys::STAFF_HANDLE, "").await?;
        if let Some(staff) = staff {
            keys::rotate(app, &staff).await?;
        }
    }
    Ok(match of.handle {
        None => "The node signs with new keys.".to_owned(),
        Some(_) => format!(
            "@{}@{} signs with new keys. Followers elsewhere are told by the running node.",
            actor.handle,
            app.places().host()
        ),
    })
}
