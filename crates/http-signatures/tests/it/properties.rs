//! Properties: what is signed verifies; changed anywhere it does not; nothing panics.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use http_signatures::keys::PublicKey;
use http_signatures::policy::Policy;
use http_signatures::private_key::PrivateKey;
use http_signatures::refused::Refused;
use http_signatures::time::UnixSeconds;
use http_signatures::verify::Family;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};

use crate::fuzz_body;
use crate::support::{ED25519, Message, NOW, RSA};

fn key(index: usize) -> &'static PrivateKey {
    [&RSA, &ED25519][index]
}

fn families() -> impl Strategy<Value = Family> {
    select(vec![Family::Cavage, Family::Rfc9421])
}

fn messages() -> impl Strategy<Value = Message> {
    let methods = select(vec![Method::GET, Method::POST, Method::PUT, Method::DELETE]);
    let urls =
        "https://[a-z]{1,8}\\.example(:[1-9][0-9]{3})?/[a-zA-Z0-9/._~%20-]{0,20}(\\?[a-z0-9=&]{1,20})?";
    let urls = urls.prop_filter("a URL", |url| url.parse::<http::Uri>().is_ok());
    (methods, urls, vec(any::<u8>(), 0..200))
        .prop_map(|(method, url, body)| Message::new(method, &url, &body))
}

/// One change to something the signature covers.
#[derive(Clone, Debug)]
enum Change {
    Method,
    Path,
    Query,
    Host,
    Body(Index),
    Time,
    Digest(Index),
    Signature(Index),
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Method),
        Just(Change::Path),
        Just(Change::Query),
        Just(Change::Host),
        any::<Index>().prop_map(Change::Body),
        Just(Change::Time),
        any::<Index>().prop_map(Change::Digest),
        any::<Index>().prop_map(Change::Signature),
    ]
}

fn change(mut message: Message, change: &Change, family: Family) -> Message {
    match change {
        Change::Method => {
            let other = if message.method == Method::PUT { Method::PATCH } else { Method::PUT };
            message.method = other;
            message
        }
        Change::Path => {
            let path = message.url[8..].find('/').unwrap() + 8;
            message.url.insert_str(path, "/x");
            message
        }
        Change::Query => {
            message.url.push_str(if message.url.contains('?') { "&x" } else { "?x" });
            message
        }
        Change::Host => {
            message.url = message.url.replacen(".example", ".other.example", 1);
            let host = message.url.parse::<http::Uri>().unwrap().authority().unwrap().to_string();
            message.set("host", &host)
        }
        Change::Body(index) => {
            if message.body.is_empty() {
                message.body.push(0);
            } else {
                let at = index.index(message.body.len());
                message.body[at] ^= 1;
            }
            message
        }
        Change::Time => match family {
            Family::Cavage => message.set("date", "Thu, 01 Jan 2026 00:00:01 GMT"),
            Family::Rfc9421 => message.edit("signature-input", "1767225600", "1767225601"),
        },
        Change::Digest(index) => match family {
            Family::Cavage => swap_base64(message, "digest", "=", *index),
            Family::Rfc9421 if message.headers.contains_key("content-digest") => {
                swap_base64(message, "content-digest", "=:", *index)
            }
            Family::Rfc9421 => swap_base64(message, "signature", "=:", *index),
        },
        Change::Signature(index) => match family {
            Family::Cavage => swap_base64(message, "signature", "signature=\"", *index),
            Family::Rfc9421 => swap_base64(message, "signature", "=:", *index),
        },
    }
}

/// Changes one letter of the Base64 that starts after a marker, among the first 40.
fn swap_base64(message: Message, header: &str, marker: &str, index: Index) -> Message {
    let value = message.header(header).to_owned();
    let at = value.find(marker).unwrap() + marker.len() + index.index(40);
    let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
    message.set(header, &format!("{}{other}{}", &value[..at], &value[at + 1..]))
}

fn header_names() -> impl Strategy<Value = HeaderName> {
    let names = ["signature", "signature-input", "digest", "content-digest", "date", "host", "accept"];
    select(names.to_vec()).prop_map(HeaderName::from_static)
}

/// Header values between noise and almost right.
fn header_values() -> impl Strategy<Value = HeaderValue> {
    let noise = vec(any::<u8>(), 0..200);
    let pieces = select(vec![
        "sig1",
        "=",
        "(",
        ")",
        "\"",
        "@method",
        "@target-uri",
        "@query-param",
        ";",
        "name",
        "created",
        "1",
        "keyid",
        "keyId",
        ",",
        " ",
        ":AAAA:",
        "AAAA",
        "signature",
        "headers",
        "(request-target)",
        "(created)",
        "date",
        "sha-256",
        "SHA-256",
        "hs2019",
        "algorithm",
        "alg",
        "-",
        "?1",
        "@1",
        "%\"",
        "expires",
        "9999999999999999999",
    ]);
    let almost = vec(pieces, 0..40).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![noise, almost].prop_filter_map("a header value", |bytes| HeaderValue::from_bytes(&bytes).ok())
}

proptest! {
    #[test]
    fn what_is_signed_verifies(message in messages(), family in families(), which in 0..2_usize) {
        let signed = message.signed(family, key(which));
        assert_eq!(signed.verify(key(which).public_key()), Ok(()));
        let other = key(1 - which).public_key();
        assert!(signed.verify(other).is_err());
    }

    #[test]
    fn any_change_is_refused(
        message in messages(),
        family in families(),
        which in 0..2_usize,
        changed in changes(),
    ) {
        // A query that the signer left out may be added by default, on purpose.
        let policy = Policy { query_optional: false, ..Policy::default() };
        let key = key(which);
        let signed = message.signed(family, key);
        assert_eq!(signed.verify_under(&policy, key.public_key(), NOW), Ok(()));
        let changed = change(signed, &changed, family);
        assert!(changed.verify_under(&policy, key.public_key(), NOW).is_err());
    }

    #[test]
    fn time_alone_decides_within_the_window(offset in -10_000..10_000_i64, family in families()) {
        let signed = Message::new(Method::GET, "https://node.example/", b"").signed(family, &ED25519);
        let now = UnixSeconds(NOW.0 + offset);
        let outcome = signed.verify_under(&Policy::default(), ED25519.public_key(), now);
        let expected = match offset {
            3901.. => Err(Refused::Stale(offset)),
            ..-3600 => Err(Refused::FromTheFuture(-offset)),
            _ => Ok(()),
        };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn arbitrary_headers_never_panic_and_never_verify(
        headers in vec((header_names(), header_values()), 0..6),
        body in vec(any::<u8>(), 0..20),
    ) {
        let mut message = Message::new(Method::POST, "https://node.example/inbox?a=b", &body);
        message.headers = HeaderMap::new();
        for (name, value) in headers {
            message.headers.append(name, value);
        }
        assert!(message.verify(RSA.public_key()).is_err());
    }

    #[test]
    fn arbitrary_texts_are_no_keys(text in ".{0,200}", base58 in "z[1-9A-HJ-NP-Za-km-z]{0,100}") {
        assert!(PublicKey::from_pem(&text).is_err());
        assert!(PrivateKey::from_pem(&text).is_err());
        let _ = PublicKey::from_multibase(&base58);
    }

    #[test]
    fn the_fuzz_body_takes_anything(bytes in vec(any::<u8>(), 0..400)) {
        fuzz_body::run(&bytes);
    }
}
