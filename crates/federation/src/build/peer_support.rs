//! What this node says of itself to those who may want an agreement with it: who runs it, by which keys it is
//! known, and which communities it offers. Signed, so that it can be passed on and kept (FEP-8b32).

use crate::build::{self, ACTIVITY_STREAMS};
use crate::keys::{self, KeyError};
use crate::node::Federation;
use crate::proof;
use alongside_app::context::Settings;
use alongside_domain::actor::Actor;
use alongside_domain::community::{Audience, Community};
use alongside_store::{actors, communities};
use serde_json::{Value, json};

/// Where it is found.
pub const PATH: &str = "/.well-known/peer-support";
/// Communities that are named in it.
const COMMUNITIES_MAX: i64 = 200;

/// The description, as it is now.
pub async fn load(node: &Federation) -> Result<Value, KeyError> {
    let app = node.app();
    let actor = keys::node_actor(app).await?;
    let keys = node.keys_of(&actor).await?;
    let own = build::actor::load(node.keys(), app, &actor).await?;
    let mut reader = app.reader();
    let offered = communities::local(&mut reader, COMMUNITIES_MAX).await?;
    let ids: Vec<_> = offered.iter().map(|community| community.id.actor()).collect();
    let actors = actors::find_all(&mut reader, &ids).await?;
    let offered: Vec<(&Actor, &Community)> = offered
        .iter()
        .filter_map(|community| {
            let actor = actors.iter().find(|actor| actor.id == community.id.actor() && actor.is_present());
            Some((actor?, community))
        })
        .collect();
    Ok(proof::prove(description(app.settings(), &own, &offered), &keys, app.now())?)
}

fn description(settings: &Settings, own: &Value, offered: &[(&Actor, &Community)]) -> Value {
    let mut document = json!({
        "@context": [ACTIVITY_STREAMS, { "alongside": "urn:alongside:", "PeerSupport": "alongside:PeerSupport" }],
        "id": format!("{}{PATH}", settings.places.origin()),
        "type": "PeerSupport",
        "attributedTo": own["id"],
        "name": settings.title,
        "url": format!("{}/", settings.places.origin()),
        "federation": settings.terms.mode.as_str(),
        "signedFetch": settings.terms.signed_fetch,
        "publicKey": own["publicKey"],
        "assertionMethod": own["assertionMethod"],
        "communities": offered.iter().map(|(actor, community)| offer(actor, community)).collect::<Vec<_>>(),
    });
    if let Some(contact) = &settings.contact {
        document["safeguardingContact"] = contact.as_str().into();
    }
    document
}

fn offer(actor: &Actor, community: &Community) -> Value {
    json!({
        "id": actor.uri,
        "name": actor.name,
        "summary": actor.note,
        "audience": community.audience.as_str(),
        "membersOnly": community.audience == Audience::Members,
        "joinPolicy": community.join_policy.as_str(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::Proof;
    use crate::testing::federation;
    use alongside_testkit::node::Node;
    use http_signatures::keys::PublicKey;

    fn holds(document: &Value) -> bool {
        let key = document["assertionMethod"][0]["publicKeyMultibase"].as_str().unwrap();
        let key = PublicKey::from_multibase(key).unwrap();
        let proof = Proof::of(document.as_object().unwrap());
        proof.is_some_and(|proof| proof.is_by(&key))
    }

    alongside_testkit::both_engines! {
    async fn a_node_says_what_it_offers_and_signs_that(node: Node) {
            node.community("sleep", Audience::Everyone).await;
            node.community("carers", Audience::Members).await;
            node.member("sam").await;
            let document = load(&federation(&node, Vec::new())).await.unwrap();
            assert_eq!(document["attributedTo"], node.app.places().of(alongside_domain::place::Place::Node));
            let offered = document["communities"].as_array().unwrap();
            let told: Vec<_> = offered.iter().map(|one| (one["audience"].as_str().unwrap(), one["membersOnly"].as_bool().unwrap())).collect();
            assert_eq!(told, [("everyone", false), ("members", true)]);
            assert!(!document.to_string().contains("help@mail.example"), "whom moderators turn to is theirs to know");
            assert!(!document.to_string().contains("sam"));
            assert!(holds(&document));
            let mut forged = document;
            forged["communities"][1]["membersOnly"] = false.into();
            assert!(!holds(&forged));
    }
    }
}
