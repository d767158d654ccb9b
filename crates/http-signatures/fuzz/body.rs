//! What is fuzzed, apart from who feeds it: the fuzzer, or the test that replays the corpus.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_signatures::keys::PublicKey;
use http_signatures::policy::{Coverage, Policy};
use http_signatures::private_key::PrivateKey;
use http_signatures::request::{Request, Target};
use http_signatures::time::UnixSeconds;
use http_signatures::verify::Signature;

const NOW: UnixSeconds = UnixSeconds(1_767_225_600);
const KEY: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// It is not even a request.
    Nothing,
    /// It has a method, an address and headers.
    Request,
    /// Its signature could be read.
    Parsed,
    /// Only the key could still refuse it.
    Checked,
}

/// Reads the input as `METHOD URL`, header lines, an empty line and a body, then does all a
/// server would do. Nobody has the key, so whatever verifies is a forgery.
pub(crate) fn run(input: &[u8]) -> Reached {
    if let Ok(text) = std::str::from_utf8(input) {
        let _ = PublicKey::from_pem(text);
        let _ = PublicKey::from_multibase(text);
        let _ = PrivateKey::from_pem(text);
    }
    let Some((method, target, headers, body)) = parse(input) else { return Reached::Nothing };
    let request = Request { method: &method, target: &target, headers: &headers, body };

    let Ok(signature) = Signature::parse(&headers) else { return Reached::Request };
    let key_id = signature.key_id().to_owned();
    let lenient = Policy { coverage: Coverage::AsSigned, sha512_suffices: true, ..Policy::default() };
    let Ok(checked) = signature.check(&request, &lenient, NOW) else { return Reached::Parsed };
    assert_eq!(checked.key_id(), key_id);
    let key = PublicKey::from_multibase(KEY).expect("the key is one of FEP-521a's examples");
    assert!(checked.verify(&key).is_err());

    let signature = Signature::parse(&headers).expect("parsing has no memory");
    if let Ok(checked) = signature.check(&request, &Policy::default(), NOW) {
        assert!(checked.verify(&key).is_err());
    }
    Reached::Checked
}

fn parse(input: &[u8]) -> Option<(Method, Target, HeaderMap, &[u8])> {
    let end = input.windows(2).position(|pair| pair == b"\n\n")?;
    let (head, body) = (&input[..end], &input[end + 2..]);
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (method, url) = first.split_once(' ')?;
    let target = Target::new(&url.parse().ok()?).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines.take(50) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        headers.append(name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?);
    }
    Some((method.parse().ok()?, target, headers, body))
}
