//! The ways in which we sign requests. Which of them a host takes is learned and remembered for it.

use crate::documents::actor::Actor;
use crate::documents::key::{Key, KeyMaterial};
use crate::keys::ActorKeys;
use http::{HeaderMap, Method};
use http_signatures::algorithm::KeyKind;
use http_signatures::keys::PublicKey;
use http_signatures::request::Target;
use http_signatures::sign::{self, Signer};
use http_signatures::time::UnixSeconds;
use url::Url;

/// What RFC 9421 is called where software declares what it can do (FEP-844e).
pub const RFC9421: &str = "https://datatracker.ietf.org/doc/html/rfc9421";
/// What it is called together with Ed25519.
pub const RFC9421_ED25519: &str =
    "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25";

alongside_domain::words! {
    /// How a request is signed; the word is what a host is remembered by.
    pub enum Manner {
        /// After draft-cavage-12 with RSA: what nearly everybody reads.
        Cavage = "cavage",
        /// After RFC 9421 with RSA.
        Rfc9421 = "rfc9421",
        /// After RFC 9421 with Ed25519: between nodes that publish such keys (FEP-521a).
        Ed25519 = "ed25519",
    }
}

impl Manner {
    /// The one to begin with for a host that is remembered by this word, if by any.
    pub fn remembered(word: Option<&str>) -> Self {
        word.and_then(|word| word.parse().ok()).unwrap_or(Self::Cavage)
    }

    /// The one that an actor's software declares to take; none, where it declares nothing newer. It reads
    /// Ed25519 only if its own actors have such keys.
    pub fn declared(actor: &Actor) -> Option<Self> {
        let declares = |wanted: &str| actor.implements.iter().any(|href| href.as_str() == wanted);
        let has_ed25519 = || {
            let is_ed25519 = |key: &Key| match &key.material {
                KeyMaterial::Multibase(text) => {
                    PublicKey::from_multibase(text).is_ok_and(|key| key.kind() == KeyKind::Ed25519)
                }
                KeyMaterial::Pem(_) => false,
            };
            actor.keys.iter().any(is_ed25519)
        };
        if declares(RFC9421_ED25519) && has_ed25519() {
            return Some(Self::Ed25519);
        }
        declares(RFC9421).then_some(Self::Rfc9421)
    }

    /// The one to try where this one is not understood.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Cavage => Self::Rfc9421,
            Self::Rfc9421 | Self::Ed25519 => Self::Cavage,
        }
    }

    /// The headers that sign a request. None where our own key fails us: then the other side refuses, and
    /// says so.
    pub fn sign(
        self,
        method: &Method,
        url: &Url,
        body: &[u8],
        keys: &ActorKeys,
        now: UnixSeconds,
    ) -> HeaderMap {
        let rsa = Signer { key: &keys.rsa, key_id: &keys.rsa_uri };
        let ed25519 = Signer { key: &keys.ed25519, key_id: &keys.ed25519_uri };
        let Some(target) = target(url) else { return HeaderMap::new() };
        let signed = match self {
            Self::Cavage => sign::cavage(method, &target, body, rsa, now),
            Self::Rfc9421 => sign::rfc9421(method, &target, body, rsa, now),
            Self::Ed25519 => sign::rfc9421(method, &target, body, ed25519, now),
        };
        signed.unwrap_or_default()
    }
}

fn target(url: &Url) -> Option<Target> {
    Target::new(&url.as_str().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{self, Document};
    use serde_json::{Value, json};

    fn declared(implements: &[&str], key: &str) -> Option<Manner> {
        let implements: Vec<Value> = implements.iter().map(|href| json!({ "href": href })).collect();
        let actor = json!({
            "id": "https://a.example/u",
            "type": "Person",
            "inbox": "https://a.example/u/inbox",
            "assertionMethod": [{
                "id": "https://a.example/u#key",
                "type": "Multikey",
                "controller": "https://a.example/u",
                "publicKeyMultibase": key,
            }],
            "generator": { "type": "Application", "implements": implements },
        });
        let Ok(Document::Actor(actor)) = documents::read(&actor) else { panic!("an actor") };
        Manner::declared(&actor)
    }

    #[test]
    fn what_software_declares_is_believed_as_far_as_its_keys_show_it() {
        let ed25519 = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        assert_eq!(declared(&[RFC9421, RFC9421_ED25519], ed25519), Some(Manner::Ed25519));
        assert_eq!(declared(&[RFC9421, RFC9421_ED25519], "z1"), Some(Manner::Rfc9421));
        assert_eq!(declared(&[RFC9421], ed25519), Some(Manner::Rfc9421));
        assert_eq!(declared(&["https://w3id.org/fep/8b32"], ed25519), None);
    }

    #[test]
    fn a_host_is_remembered_by_a_word() {
        for manner in Manner::ALL {
            assert_eq!(Manner::remembered(Some(manner.as_str())), *manner);
            assert_ne!(manner.other(), *manner);
        }
        assert_eq!(Manner::remembered(None), Manner::Cavage);
        assert_eq!(Manner::remembered(Some("pigeon")), Manner::Cavage);
    }
}
