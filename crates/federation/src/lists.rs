//! Reading the collections of others: page by page, up to a limit, and never one page twice.

use crate::documents::collection::Collection;
use crate::documents::reference::Reference;
use crate::documents::{self, Document};
use crate::node::Federation;
use crate::receive::act::Error;
use std::collections::HashSet;
use url::Url;

/// Pages of a collection that are read.
pub const PAGES_MAX: usize = 5;

/// The items of a collection, at most so many: embedded, on its first page, or on the pages that follow.
pub async fn items(node: &Federation, collection: Reference, max: usize) -> Result<Vec<Reference>, Error> {
    let mut out = Vec::new();
    let mut asked: HashSet<Url> = HashSet::new();
    let mut next = Some(collection);
    for _ in 0..PAGES_MAX {
        let Some(page) = next.take() else { break };
        if let Reference::Id(id) = &page
            && !asked.insert(id.clone())
        {
            break;
        }
        let Some(page) = read(node, page).await? else { break };
        out.extend(page.items_here().cloned());
        if out.len() >= max {
            break;
        }
        next = page.continues_at().cloned().map(Reference::Id);
    }
    out.truncate(max);
    Ok(out)
}

/// The last items of a collection, at most so many, in its own order: from its last page backwards.
pub async fn last_items(node: &Federation, collection: &Url, max: usize) -> Result<Vec<Reference>, Error> {
    let Some(whole) = read(node, Reference::Id(collection.clone())).await? else { return Ok(Vec::new()) };
    let mut out: Vec<Reference> = Vec::new();
    let mut asked: HashSet<Url> = HashSet::new();
    let mut before = whole.last.clone();
    if before.is_none() {
        out.extend(whole.items_here().cloned());
    }
    for _ in 0..PAGES_MAX {
        let Some(id) = before.take().filter(|id| asked.insert(id.clone())) else { break };
        let Some(page) = read(node, Reference::Id(id)).await? else { break };
        let mut items: Vec<Reference> = page.items_here().cloned().collect();
        items.append(&mut out);
        out = items;
        if out.len() >= max {
            break;
        }
        before = page.prev;
    }
    Ok(out.split_off(out.len().saturating_sub(max)))
}

async fn read(node: &Federation, reference: Reference) -> Result<Option<Collection>, Error> {
    let id = match reference {
        Reference::Embedded(document) => {
            return Ok(match *document {
                Document::Collection(collection) => Some(*collection),
                Document::Activity(_)
                | Document::Actor(_)
                | Document::Post(_)
                | Document::Tombstone(_)
                | Document::Key(_)
                | Document::Unknown(_) => None,
            });
        }
        Reference::Id(id) => id,
    };
    match node.read_list(&id).await {
        Ok(fetched) => match documents::read(&fetched.json) {
            Ok(Document::Collection(collection)) => Ok(Some(*collection)),
            Ok(_) | Err(_) => Ok(None),
        },
        Err(error) if error.is_temporary() => Err(error.into()),
        Err(_) => Ok(None),
    }
}
