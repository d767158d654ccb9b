//! Sealing a message so that only the client reads it, and not the push service between: as RFC 8291 has it
//! (`aes128gcm`), and for clients that ask for no standard as the fourth draft of it had it (`aesgcm`).

use alongside_domain::push::Subscription;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use http::HeaderName;

/// Every message is as long as this before it is sealed, so that its length says nothing.
const PADDED_BYTES: usize = 1_024;
/// Bytes in a record, as its header says.
const RECORD_BYTES: u32 = 4_096;
const KEY_BYTES: usize = 16;

/// What has to be new for every message.
#[derive(Debug)]
pub struct Random {
    /// The salt.
    pub salt: [u8; 16],
}

/// A message that only the client can read.
#[derive(Debug)]
pub struct Sealed {
    /// The bytes.
    pub body: Vec<u8>,
    /// The name of the way it was sealed.
    pub encoding: &'static str,
    /// What an older client needs beside the bytes: the salt, and our key for this message.
    beside: Option<(String, String)>,
}

/// It cannot be sealed: the client's key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client's key cannot be used")]
pub struct NoKey;

/// Seals a message for a client.
pub fn seal(subscription: &Subscription, message: &[u8], random: &Random) -> Result<Sealed, NoKey> {
    let ours = PrivateKey::generate(&ECDH_P256).map_err(|_| NoKey)?;
    let length = PADDED_BYTES.max(message.len());
    with_key(subscription, message, random, &ours, length)
}

/// As [`seal`], with a key that is given, and a message that is filled up to this length.
fn with_key(
    subscription: &Subscription,
    message: &[u8],
    random: &Random,
    ours: &PrivateKey,
    length: usize,
) -> Result<Sealed, NoKey> {
    let theirs = decoded(&subscription.p256dh)?;
    let auth = decoded(&subscription.auth)?;
    let public = ours.compute_public_key().map_err(|_| NoKey)?;
    let public = public.as_ref();
    let secret =
        agree(ours, UnparsedPublicKey::new(&ECDH_P256, &theirs), NoKey, |shared| Ok(mac(&auth, &[shared])))?;
    let filling = length.saturating_sub(message.len());
    if subscription.standard {
        let master = mac(&secret, &[b"WebPush: info\0", &theirs, public, &[1]]);
        let once = mac(&random.salt, &[&master]);
        let key = mac(&once, &[b"Content-Encoding: aes128gcm\0", &[1]]);
        let nonce = mac(&once, &[b"Content-Encoding: nonce\0", &[1]]);
        // The last record ends with a two, and then nothing.
        let plain = [message, &[2], &vec![0; filling]].concat();
        let header = [&random.salt[..], &RECORD_BYTES.to_be_bytes(), &[65], public].concat();
        let body = [header, encrypted(&key, &nonce, plain)?].concat();
        return Ok(Sealed { body, encoding: "aes128gcm", beside: None });
    }
    let master = mac(&secret, &[b"Content-Encoding: auth\0", &[1]]);
    let once = mac(&random.salt, &[&master]);
    let both = [&b"P-256\0"[..], &[0, 65], &theirs, &[0, 65], public].concat();
    let key = mac(&once, &[b"Content-Encoding: aesgcm\0", &both, &[1]]);
    let nonce = mac(&once, &[b"Content-Encoding: nonce\0", &both, &[1]]);
    // The length of the filling, the filling, the message.
    let length = u16::try_from(filling).map_err(|_| NoKey)?.to_be_bytes();
    let plain = [&length[..], &vec![0; filling], message].concat();
    let beside = (BASE64URL_NOPAD.encode(&random.salt), BASE64URL_NOPAD.encode(public));
    Ok(Sealed { body: encrypted(&key, &nonce, plain)?, encoding: "aesgcm", beside: Some(beside) })
}

impl Sealed {
    /// The headers that an older client needs, with the node's key as it wants it.
    pub fn headers(&self, node_key: &str) -> Vec<(HeaderName, String)> {
        let Some((salt, public)) = &self.beside else { return Vec::new() };
        vec![
            (HeaderName::from_static("encryption"), format!("salt={salt}")),
            (HeaderName::from_static("crypto-key"), format!("dh={public};p256ecdsa={node_key}")),
        ]
    }
}

/// One step of HKDF with SHA-256: to extract, keyed with the salt; to expand to at most 32 bytes, keyed with what was
/// extracted, over the info and a one.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

fn encrypted(key: &[u8; 32], nonce: &[u8; 32], mut text: Vec<u8>) -> Result<Vec<u8>, NoKey> {
    let key = UnboundKey::new(&AES_128_GCM, &key[..KEY_BYTES]).map_err(|_| NoKey)?;
    let nonce = Nonce::try_assume_unique_for_key(&nonce[..NONCE_LEN]).map_err(|_| NoKey)?;
    LessSafeKey::new(key).seal_in_place_append_tag(nonce, Aad::empty(), &mut text).map_err(|_| NoKey)?;
    Ok(text)
}

fn decoded(text: &str) -> Result<Vec<u8>, NoKey> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NoKey)
}

#[cfg(test)]
mod tests;
