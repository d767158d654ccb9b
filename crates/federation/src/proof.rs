//! Object integrity proofs (FEP-8b32, cryptosuite `eddsa-jcs-2022`): a document that carries its author's
//! signature, so that whoever passes it on cannot change it and nobody has to ask its origin.
//!
//! Reading a proof needs no key and believes nothing: whose key it is, and whether the owner is the one who
//! is said to act, is for [`crate::receive`]. Signatures of linked data, the older kind, are never made and
//! never read: what they cover depends on contexts that others serve.

use crate::canonical::canonical;
use crate::keys::ActorKeys;
use alongside_domain::clock::Timestamp;
use aws_lc_rs::digest::{SHA256, digest};
use http_signatures::algorithm::Algorithm;
use http_signatures::keys::{KeyError, PublicKey};
use serde_json::{Map, Value, json};
use url::Url;

/// How old a proof may be that counts. Old ones are asked about at their origin, so that nobody brings back
/// what was since taken back.
pub const AGE_SECS_MAX: i64 = 12 * 3_600;
/// How far ahead of ours the clock of the signer may be.
const AHEAD_SECS_MAX: i64 = 3_600;
/// Proofs of one document that are looked at.
const PROOFS_MAX: usize = 4;
/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;

const CONTEXT: &str = "https://w3id.org/security/data-integrity/v2";
const TYPE: &str = "DataIntegrityProof";
const SUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";

/// A proof as read from a document: everything of it that needs no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The address of the key that is said to have made it.
    pub key: Url,
    created: Timestamp,
    expires: Option<Timestamp>,
    signature: Vec<u8>,
    /// What the signer may have signed; one of them must fit.
    messages: Vec<Vec<u8>>,
}

impl Proof {
    /// The first proof of a document that is of the kind we know.
    pub fn of(document: &Map<String, Value>) -> Option<Self> {
        let proofs = match document.get("proof")? {
            Value::Array(proofs) => proofs.as_slice(),
            proof => std::slice::from_ref(proof),
        };
        proofs.iter().take(PROOFS_MAX).filter_map(Value::as_object).find_map(|proof| read(document, proof))
    }

    /// Whether it was made lately, and still holds.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let lives = self.expires.is_none_or(|expires| now < expires);
        lives && self.created < now.plus_secs(AHEAD_SECS_MAX) && now < self.created.plus_secs(AGE_SECS_MAX)
    }

    /// Whether this key made it, over this very document.
    pub fn is_by(&self, key: &PublicKey) -> bool {
        let fits = |message: &Vec<u8>| key.verify(Algorithm::Ed25519, message, &self.signature).is_ok();
        self.messages.iter().any(fits)
    }
}

/// The document with a proof by one who lives here. It must have a context and no proof yet.
pub fn prove(document: Value, keys: &ActorKeys, at: Timestamp) -> Result<Value, KeyError> {
    let Value::Object(mut document) = document else { return Ok(document) };
    name_context(&mut document);
    let mut options = json!({
        "type": TYPE,
        "cryptosuite": SUITE,
        "verificationMethod": keys.ed25519_uri,
        "proofPurpose": PURPOSE,
        "created": at.to_string(),
    });
    if let Some(context) = document.get("@context") {
        options["@context"] = context.clone();
    }
    let document = Value::Object(document);
    let signature = keys.ed25519.sign(Algorithm::Ed25519, &message(&options, &document))?;
    options["proofValue"] = format!("z{}", bs58::encode(signature).into_string()).into();
    let mut document = document;
    document["proof"] = options;
    Ok(document)
}

/// A proof means something only beside the words it is written in.
fn name_context(document: &mut Map<String, Value>) {
    let known = match document.remove("@context") {
        Some(Value::Array(known)) => known,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let mut contexts = known;
    if !contexts.iter().any(|context| context == CONTEXT) {
        // Behind the first, which everybody looks for at the front.
        contexts.insert(contexts.len().min(1), CONTEXT.into());
    }
    document.insert("@context".to_owned(), contexts.into());
}

fn read(document: &Map<String, Value>, proof: &Map<String, Value>) -> Option<Proof> {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    let is = |name, expected| text(name) == Some(expected);
    if !(is("type", TYPE) && is("cryptosuite", SUITE) && is("proofPurpose", PURPOSE)) {
        return None;
    }
    let moment = |name| text(name)?.parse::<jiff::Timestamp>().ok().map(of_wire);
    let expires = match proof.get("expires") {
        Some(_) => Some(moment("expires")?),
        None => None,
    };
    Some(Proof {
        key: Url::parse(text("verificationMethod")?).ok()?,
        created: moment("created")?,
        expires,
        signature: signature(text("proofValue")?)?,
        messages: messages(document, proof)?,
    })
}

fn of_wire(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_micros(at.as_microsecond())
}

fn signature(text: &str) -> Option<Vec<u8>> {
    // Decoding takes quadratic time, and this many characters hold any signature.
    let base58 = text.strip_prefix('z').filter(|base58| base58.len() <= 2 * SIGNATURE_BYTES)?;
    bs58::decode(base58).into_vec().ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES)
}

/// The options are signed as they stand or, by some who then leave their context out, with the document's.
fn messages(document: &Map<String, Value>, proof: &Map<String, Value>) -> Option<Vec<Vec<u8>>> {
    let mut signed = document.clone();
    signed.remove("proof");
    // Of the older kind; added by servers that make both, and covered by neither.
    signed.remove("signature");
    let mut options = proof.clone();
    options.remove("proofValue");
    let mut readings = vec![Value::Object(options.clone())];
    match options.get("@context") {
        // What was appended to the context since is not part of what was signed.
        Some(context) => {
            if !begins_with(signed.get("@context"), context) {
                return None;
            }
            signed.insert("@context".to_owned(), context.clone());
        }
        None => {
            if let Some(context) = signed.get("@context") {
                options.insert("@context".to_owned(), context.clone());
                readings.push(Value::Object(options));
            }
        }
    }
    let signed = Value::Object(signed);
    Some(readings.iter().map(|options| message(options, &signed)).collect())
}

fn begins_with(contexts: Option<&Value>, beginning: &Value) -> bool {
    match (contexts, beginning) {
        (Some(Value::Array(contexts)), Value::Array(beginning)) => contexts.starts_with(beginning),
        (contexts, beginning) => contexts == Some(beginning),
    }
}

/// What is signed: the digest of the options, then that of the document without its proof.
fn message(options: &Value, document: &Value) -> Vec<u8> {
    let of = |part: &Value| digest(&SHA256, canonical(part).as_bytes());
    [of(options).as_ref(), of(document).as_ref()].concat()
}

#[cfg(test)]
mod tests;
