//! Fetching what lies elsewhere for members here, who get a copy of it: through the same guard as every other
//! request, never for a host whose media are left out, and only for addresses that this node has signed.

use crate::fetch::error::FetchError;
use crate::node::{Federation, ReadError};
use alongside_app::copies::{self, Known};
use alongside_app::hosts::may_talk;
use alongside_app::media::{self, Wanted};
use alongside_app::pictures::Unusable;
use alongside_domain::agreement::Limit;
use alongside_domain::fold;
use alongside_store::{error, hosts};
use bytes::Bytes;
use tokio::sync::Semaphore;
use url::Url;

/// Files that are asked for at once: each is held in memory until it is written.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Why there is no copy now.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store could not do it.
    #[error("the copy could not be kept")]
    Store(#[from] error::Error),
    /// The copy could not be written.
    #[error("the copy could not be kept")]
    Keep(#[source] media::Error),
}

/// The name of the copy of a file elsewhere, which is asked for if there is none yet; none if it cannot be had.
pub async fn of(node: &Federation, wanted: &Wanted) -> Result<Option<String>, Error> {
    let Ok(url) = Url::parse(&wanted.url) else { return Ok(None) };
    // An address may be older than what the operator has decided since.
    if !is_wanted(node, &url).await? {
        return Ok(None);
    }
    if let Some(known) = known(node, wanted).await? {
        return Ok(known);
    }
    let Ok(_turn) = AT_ONCE.acquire().await else { return Ok(None) };
    // Somebody else may have looked meanwhile.
    if let Some(known) = known(node, wanted).await? {
        return Ok(known);
    }
    let app = node.app();
    let fetched = fetch(node, wanted, &url).await;
    let kept = match fetched {
        Ok(bytes) => copies::keep(app, &wanted.url, bytes, wanted.size).await,
        Err(error) => {
            tracing::debug!(error = &error as &dyn std::error::Error, "a file elsewhere cannot be had");
            copies::miss(app, &wanted.url).await?;
            return Ok(None);
        }
    };
    match kept {
        Ok(name) => Ok(Some(name)),
        Err(media::Error::Unusable(unusable)) if unusable != Unusable::Stopped => {
            copies::miss(app, &wanted.url).await?;
            Ok(None)
        }
        Err(error) => Err(Error::Keep(error)),
    }
}

/// What is not for everybody lies at an address that runs out; a node shows it for longer to those who sign, if its members
/// may see it.
async fn fetch(node: &Federation, wanted: &Wanted, url: &Url) -> Result<Bytes, ReadError> {
    let settings = node.app().settings();
    let (picture_max, film_max) = (settings.media_bytes_max, settings.media.film_bytes_max);
    match node.client().get_file(url, picture_max, film_max, None).await {
        Err(FetchError::NotFound | FetchError::Denied { .. }) if !wanted.open => {
            node.read_file(url, picture_max, film_max).await
        }
        fetched => Ok(fetched?),
    }
}

/// Whether the host is talked with, and its media are not left out.
async fn is_wanted(node: &Federation, url: &Url) -> Result<bool, error::Error> {
    let Some(host) = fold::host_of(url) else { return Ok(false) };
    let mut reader = node.app().reader();
    if may_talk(node.app(), &mut reader, &host).await.is_err() {
        return Ok(false);
    }
    Ok(!hosts::standing(&mut reader, &host).await?.limits.has(Limit::NoMedia))
}

async fn known(node: &Federation, wanted: &Wanted) -> Result<Option<Option<String>>, error::Error> {
    Ok(match copies::find(node.app(), &wanted.url, wanted.size).await? {
        Known::Copied(name) => Some(Some(name)),
        Known::Missed => Some(None),
        Known::Not => None,
    })
}
