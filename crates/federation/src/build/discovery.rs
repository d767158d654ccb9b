//! How others find somebody here, and what runs here: WebFinger (RFC 7033) and NodeInfo.

use crate::build::{ACTIVITY_STREAMS, handle};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::place::Places;
use alongside_domain::sign_up::Registrations;
use alongside_store::statistics::Statistics;
use serde_json::{Value, json};

/// The name of this software, as NodeInfo wants names.
pub const SOFTWARE: &str = "alongside";

/// Who somebody here is.
pub fn webfinger(places: &Places, actor: &Actor) -> Value {
    let mut links = vec![json!({ "rel": "self", "type": "application/activity+json", "href": actor.uri })];
    if actor.kind == ActorKind::Application {
        links.push(json!({
            "rel": format!("{ACTIVITY_STREAMS}#Service"),
            "type": "application/activity+json",
            "href": actor.uri,
        }));
    } else {
        links.push(json!({
            "rel": "http://webfinger.net/rel/profile-page",
            "type": "text/html",
            "href": actor.url,
        }));
    }
    json!({
        "subject": format!("acct:{}", handle(places, actor).trim_start_matches('@')),
        "aliases": [actor.uri, actor.url],
        "links": links,
    })
}

/// Where what runs here is told. Who the node is as an actor is told by WebFinger for its own address
/// (FEP-d556) and not here, as FEP-2677 would have it: there are clients that take any link for NodeInfo.
pub fn nodeinfo_links(places: &Places) -> Value {
    let schema = |version: &str| {
        json!({
            "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
            "href": format!("{}/nodeinfo/{version}", places.origin()),
        })
    };
    json!({ "links": [schema("2.0"), schema("2.1")] })
}

/// What runs here, in version 2.0 or 2.1 of the schema.
pub fn nodeinfo(version: &str, title: &str, registrations: Registrations, usage: &Statistics) -> Value {
    json!({
        "version": version,
        "software": { "name": SOFTWARE, "version": env!("CARGO_PKG_VERSION") },
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": [] },
        "openRegistrations": registrations == Registrations::Open,
        "usage": { "users": { "total": usage.members, "activeMonth": usage.active }, "localPosts": usage.posts },
        // Libraries for clients that do not know a name look here for whose API is spoken.
        "metadata": { "nodeName": title, "upstream": { "name": "mastodon" } },
    })
}
