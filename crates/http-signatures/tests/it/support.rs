//! What the tests share: requests that own their parts, and keys made once.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_signatures::keys::PublicKey;
use http_signatures::policy::Policy;
use http_signatures::private_key::PrivateKey;
use http_signatures::refused::Refused;
use http_signatures::request::{Request, Target};
use http_signatures::sign::{self, Signer};
use http_signatures::time::UnixSeconds;
use http_signatures::verify::{Family, Signature};

pub(crate) const NOW: UnixSeconds = UnixSeconds(1_767_225_600);
pub(crate) const KEY_ID: &str = "https://peer.example/users/alice#main-key";

pub(crate) static RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_rsa_2048().unwrap());
pub(crate) static ED25519: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_ed25519().unwrap());

/// A request that owns its parts, so that a test can change any of them.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn new(method: Method, url: &str, body: &[u8]) -> Self {
        Self { method, url: url.to_owned(), headers: HeaderMap::new(), body: body.to_vec() }
    }

    /// Signs, and adds the `Host` header that an HTTP/1.1 client would.
    pub(crate) fn signed(mut self, family: Family, key: &PrivateKey) -> Self {
        let signer = Signer { key, key_id: KEY_ID };
        let sign = match family {
            Family::Cavage => sign::cavage,
            Family::Rfc9421 => sign::rfc9421,
        };
        let target = self.target();
        self.headers.extend(sign(&self.method, &target, &self.body, signer, NOW).unwrap());
        let host = self.url.parse::<http::Uri>().unwrap().authority().unwrap().to_string();
        self.set("host", &host)
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    pub(crate) fn add(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Replaces text inside a header that must contain it.
    pub(crate) fn edit(self, name: &str, from: &str, to: &str) -> Self {
        let value = self.headers[name].to_str().unwrap().to_owned();
        assert!(value.contains(from), "{name} has no {from}: {value}");
        self.set(name, &value.replace(from, to))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn target(&self) -> Target {
        Target::new(&self.url.parse().unwrap()).unwrap()
    }

    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), Refused> {
        self.verify_under(&Policy::default(), key, NOW)
    }

    pub(crate) fn verify_under(
        &self,
        policy: &Policy,
        key: &PublicKey,
        now: UnixSeconds,
    ) -> Result<(), Refused> {
        let target = self.target();
        let request =
            Request { method: &self.method, target: &target, headers: &self.headers, body: &self.body };
        Signature::parse(&self.headers)?.check(&request, policy, now)?.verify(key)
    }
}
