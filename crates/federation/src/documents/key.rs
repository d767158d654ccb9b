//! Public keys, as actors list them and as some servers serve them alone.

use url::Url;

use crate::documents::fields::Fields;

/// Keys of one actor we read.
pub const KEYS_MAX: usize = 10;

/// A public key and whose it claims to be. It counts only once that owner lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id, often the owner's with a fragment.
    pub id: Url,
    /// The actor it claims.
    pub owner: Url,
    /// The key itself.
    pub material: KeyMaterial,
}

/// A public key as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMaterial {
    /// PEM of a `publicKey`, usually RSA.
    Pem(String),
    /// Multibase of a Multikey (FEP-521a), usually Ed25519.
    Multibase(String),
}

pub(super) fn is_key(kind: &str) -> bool {
    matches!(kind, "Key" | "CryptographicKey" | "Multikey")
}

impl Key {
    /// Reads a key; its `type` is not needed, for many servers leave it out.
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let material = match (fields.text("publicKeyPem"), fields.text("publicKeyMultibase")) {
            (Some(pem), _) => KeyMaterial::Pem(pem.to_owned()),
            (None, Some(multibase)) => KeyMaterial::Multibase(multibase.to_owned()),
            (None, None) => return None,
        };
        let owner = fields.id("owner").or_else(|| fields.id("controller"))?;
        Some(Self { id: fields.own_id()?, owner, material })
    }

    /// The keys an actor lists, of both kinds.
    pub(super) fn listed(actor: Fields<'_>) -> Vec<Self> {
        ["publicKey", "assertionMethod"]
            .into_iter()
            .flat_map(|name| actor.objects(name))
            .take(KEYS_MAX)
            .filter_map(Self::read)
            .collect()
    }
}
