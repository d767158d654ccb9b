//! Whether two nodes know the same followers (FEP-8fcf). What goes to followers alone says, in a header, which of
//! them live where it arrives: all of them in one number. Where the number is another, the receiver asks for
//! the list, which is shown to that host and no other.

use crate::build::collection;
use crate::documents::origin;
use crate::node::Federation;
use crate::receive::act::Error;
use alongside_app::context::App;
use alongside_app::memberships::{self, SYNCHRONIZED_MAX};
use alongside_domain::actor::Actor;
use alongside_domain::fold;
use alongside_domain::id::ActorId;
use alongside_domain::place::{Part, Place, origin_of};
use alongside_store::{actors, error, follows};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

/// Where the number stands.
pub const HEADER: HeaderName = HeaderName::from_static("collection-synchronization");
/// Lists that one host may make us ask for in a minute.
const LISTS_PER_MIN: u32 = 10;
/// How often the list of one actor is asked for in a minute.
const LISTS_OF_ACTOR_PER_MIN: u32 = 1;

/// What is said with something that goes to the followers of an actor here, at the host of an inbox. Nothing
/// where there are more than one list holds.
pub async fn header(
    node: &Federation,
    actor: &Actor,
    inbox: &Url,
) -> Result<Option<HeaderValue>, error::Error> {
    let (Some(origin), Some(collection)) = (origin_of(inbox.as_str()), &actor.followers) else {
        return Ok(None);
    };
    let Some(known) = whole_list(node.app(), actor.id, &origin).await? else { return Ok(None) };
    let url = node.app().places().of(Place::Of(&actor.handle, Part::Synchronization));
    let digest = memberships::digest(known.iter().map(String::as_str));
    let said = format!("collectionId=\"{collection}\", url=\"{url}\", digest=\"{digest}\"");
    Ok(HeaderValue::from_str(&said).ok())
}

/// The followers of an actor here who live where addresses begin like this, as a document for that host alone.
pub async fn document(app: &App, actor: &Actor, origin: &str) -> Result<Option<Value>, error::Error> {
    let Some(known) = whole_list(app, actor.id, origin).await? else { return Ok(None) };
    let id = app.places().of(Place::Of(&actor.handle, Part::Synchronization));
    let items: Vec<Value> = known.into_iter().map(Value::from).collect();
    Ok(Some(collection::ordered(&id, items.len() as u64, items)))
}

async fn whole_list(app: &App, actor: ActorId, origin: &str) -> Result<Option<Vec<String>>, error::Error> {
    let known = follows::accepted_of(&mut app.reader(), actor, origin, SYNCHRONIZED_MAX).await?;
    let is_whole = i64::try_from(known.len()).is_ok_and(|count| count < SYNCHRONIZED_MAX);
    Ok(is_whole.then_some(known))
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    collection: String,
    url: Url,
    digest: String,
}

/// Compares what came with a verified delivery of somebody elsewhere with what is known here. Where it differs,
/// the list is asked for later, a few times a minute for each host.
pub async fn heard(node: &Federation, headers: &HeaderMap, signer: &str) -> Result<(), error::Error> {
    let Some(said) = headers.get(HEADER).and_then(|value| parse(value.to_str().ok()?)) else {
        return Ok(());
    };
    let app = node.app();
    let Some(actor) = actors::find_by_uri(&mut app.reader(), signer).await? else { return Ok(()) };
    let is_its_own = actor.followers.as_deref() == Some(said.collection.as_str())
        && Url::parse(&actor.uri).is_ok_and(|own| origin::same(&own, &said.url));
    if actor.is_local() || !is_its_own {
        return Ok(());
    }
    let own = format!("{}/", app.places().origin());
    let Some(known) = whole_list(app, actor.id, &own).await? else { return Ok(()) };
    if memberships::digest(known.iter().map(String::as_str)) == said.digest {
        return Ok(());
    }
    let host = fold::host_of(&said.url).unwrap_or_default();
    let now = app.now();
    let may_ask = node.budget().spend_of(&format!("followers at {host}"), LISTS_PER_MIN, now)
        && node.budget().spend_of(&format!("followers of {}", actor.id), LISTS_OF_ACTOR_PER_MIN, now);
    if may_ask {
        memberships::compare_later(app, actor.id, &said.url, &host).await?;
    }
    Ok(())
}

/// Asks somebody elsewhere who of us follows them, and makes it so.
pub async fn ask(node: &Federation, actor: ActorId, url: &str) -> Result<(), Error> {
    let Ok(url) = Url::parse(url) else { return Ok(()) };
    let fetched = match node.read(&url).await {
        Ok(fetched) => fetched,
        Err(error) if error.is_temporary() => return Err(error.into()),
        Err(_) => return Ok(()),
    };
    if let Some(said) = listed(&fetched.json) {
        memberships::reconcile(node.app(), actor, &said).await?;
    }
    Ok(())
}

/// A list that is all there. Of half a list nothing can be said about who is missing.
fn listed(document: &Value) -> Option<Vec<String>> {
    if ["first", "next"].iter().any(|page| document.get(page).is_some_and(|page| !page.is_null())) {
        return None;
    }
    let items = document.get("orderedItems").or_else(|| document.get("items"))?.as_array()?;
    if i64::try_from(items.len()).is_ok_and(|count| count < SYNCHRONIZED_MAX) {
        // An address with a null character is none, and cannot be looked for in PostgreSQL.
        items.iter().map(|item| item.as_str().filter(|uri| !uri.contains('\0')).map(str::to_owned)).collect()
    } else {
        None
    }
}

fn parse(header: &str) -> Option<Said> {
    let mut said = (None, None, None);
    for pair in header.split(',') {
        let (name, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"');
        match name.trim() {
            "collectionId" => said.0 = Some(value.to_owned()),
            "url" => said.1 = Url::parse(value).ok(),
            "digest" => said.2 = Some(value.to_ascii_lowercase()),
            _ => {}
        }
    }
    Some(Said { collection: said.0?, url: said.1?, digest: said.2? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_header_is_read_as_the_proposal_writes_it() {
        let header = "collectionId=\"https://b.example/users/1/followers\", \
            url=\"https://b.example/users/1/followers_synchronization\", digest=\"C33F\"";
        let said = parse(header).unwrap();
        assert_eq!(said.collection, "https://b.example/users/1/followers");
        assert_eq!(said.url.path(), "/users/1/followers_synchronization");
        assert_eq!(said.digest, "c33f");
        for broken in ["", "digest", "collectionId=\"x\"", "collectionId=\"x\", url=\"y\", digest=\"z\""] {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn half_a_list_says_nothing() {
        let whole = json!({ "orderedItems": ["https://a.example/actors/sam"] });
        assert_eq!(listed(&whole).unwrap().len(), 1);
        assert_eq!(listed(&json!({ "items": [] })).unwrap().len(), 0);
        assert!(listed(&json!({ "items": [], "next": "https://b.example/2" })).is_none());
        assert!(listed(&json!({ "first": "https://b.example/1" })).is_none());
        assert!(listed(&json!({ "items": [7] })).is_none());
        assert!(listed(&json!({ "items": ["https://a.example/actors/sam\0"] })).is_none());
    }
}
