//! Reading lists of hosts where they lie, once a day and only if they have changed.

use crate::fetch::error::FetchError;
use crate::fetch::marks::Known;
use crate::node::Federation;
use alongside_app::host_lists::{self, Difference};
use alongside_domain::causes;
use alongside_domain::host_list::{self, Kind, List, Unusable};
use alongside_store::error;
use alongside_store::host_lists::HostList;
use url::Url;

/// Why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not lie there, or its server does not give it.
    #[error("the list could not be read at its address")]
    Fetch(#[from] FetchError),
    /// It is no list.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// Not one line of it was understood: that is no list, and to take it for an empty one would undo the last.
    #[error("no line of it names a host")]
    Nothing,
}

/// A list as it lies at its address now.
#[derive(Debug)]
pub struct Read {
    /// How its server marks it.
    pub known: Known,
    /// What it says.
    pub list: List,
}

/// Reads a list; none, if it is as it was.
pub async fn read(node: &Federation, url: &Url, known: &Known) -> Result<Option<Read>, Error> {
    // Its server need not be one of those this node talks with: the operator has named it.
    let fetched = node.reader_of_lists().get_text(url, known, host_list::BYTES_MAX).await?;
    let Some(text) = fetched else { return Ok(None) };
    let list = host_list::read(&text.text, Kind::Blocked)?;
    if list.lines.is_empty() {
        return Err(Error::Nothing);
    }
    Ok(Some(Read { known: text.known, list }))
}

/// Asks for every list that is due. One that cannot be read stays as it was.
pub async fn refresh(node: &Federation) -> Result<(), error::Error> {
    for list in host_lists::due(node.app()).await? {
        let Difference { added, gone } = one(node, &list).await?;
        tracing::info!(
            list.url = list.url,
            list.added = added.len(),
            list.gone = gone.len(),
            "a list was asked again"
        );
    }
    Ok(())
}

async fn one(node: &Federation, list: &HostList) -> Result<Difference, error::Error> {
    let known = Known { etag: list.etag.clone(), modified: list.modified.clone() };
    let read = match Url::parse(&list.url) {
        Ok(url) => read(node, &url, &known).await,
        Err(_) => Err(Error::Nothing),
    };
    match read {
        Ok(None) => {
            host_lists::refreshed(node.app(), &HostList { last_error: None, ..list.clone() }, None).await
        }
        Ok(Some(read)) => {
            let now = HostList {
                etag: read.known.etag,
                modified: read.known.modified,
                last_error: None,
                ..list.clone()
            };
            host_lists::refreshed(node.app(), &now, Some(&read.list.lines)).await
        }
        Err(error) => {
            let failed = HostList { last_error: Some(causes::line(&error)), ..list.clone() };
            host_lists::refreshed(node.app(), &failed, None).await
        }
    }
}

#[cfg(test)]
mod tests;
