//! The request as a signature sees it: method, full target, headers, body.
//! This module also answers what a header is worth inside a signature, for both families.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST};
use http::{HeaderMap, HeaderName, Method, Uri};
use thiserror::Error;

use crate::digest::{CONTENT_DIGEST, DIGEST};
use crate::refused::Refused;

/// Headers of which a second value would leave open which one was meant.
const SINGLE: [HeaderName; 6] = [HOST, DATE, DIGEST, CONTENT_DIGEST, CONTENT_TYPE, CONTENT_LENGTH];

/// A borrowed view of one request, whichever library holds it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// Where the request goes, in full.
    pub target: &'a Target,
    /// All headers, as received.
    pub headers: &'a HeaderMap,
    /// The whole body; empty where there is none.
    pub body: &'a [u8],
}

/// An absolute address: scheme, host and port, path and query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    scheme: String,
    /// Lower case, without user information and without the scheme's usual port.
    authority: String,
    path: String,
    query: Option<String>,
}

/// The address has no scheme or no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the address is not absolute")]
pub struct NotAbsolute;

impl Target {
    /// Takes an absolute address, as a client has it.
    pub fn new(uri: &Uri) -> Result<Self, NotAbsolute> {
        Self::received(uri, uri)
    }

    /// Takes the request line of a server together with the server's own public address.
    ///
    /// The host is taken from `base`, never from the request: a signature made for another
    /// host must not pass because the sender also chose the `Host` header.
    pub fn received(base: &Uri, request_line: &Uri) -> Result<Self, NotAbsolute> {
        let scheme = base.scheme_str().ok_or(NotAbsolute)?.to_ascii_lowercase();
        let authority = base.authority().ok_or(NotAbsolute)?;
        Ok(Self {
            authority: normal_authority(authority.as_str(), &scheme),
            path: request_line.path().to_owned(),
            query: request_line.query().map(str::to_owned),
            scheme,
        })
    }

    /// The scheme, such as `https`.
    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The host, and the port where it is not the usual one.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The path, at least `/`.
    pub(crate) fn path(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }

    /// The query without its question mark, where there is one.
    pub(crate) fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Path and query as the request line has them.
    pub(crate) fn path_and_query(&self) -> String {
        match self.query() {
            Some(query) => format!("{}?{query}", self.path()),
            None => self.path().to_owned(),
        }
    }
}

impl Request<'_> {
    /// What a header is worth in a signature: its values trimmed and joined, as both
    /// specifications say, except that a second `Host`, `Date` or digest is refused.
    pub(crate) fn header(&self, name: &HeaderName) -> Result<Vec<u8>, Refused> {
        if name == HOST {
            return self.host();
        }
        if SINGLE.contains(name) {
            return self.single(name).map(<[u8]>::to_vec);
        }
        joined(self.headers, name).ok_or_else(|| Refused::MissingHeader(name.clone()))
    }

    /// The text of a header that must be there exactly once.
    pub(crate) fn single_text(&self, name: &HeaderName, shown: &'static str) -> Result<&str, Refused> {
        std::str::from_utf8(self.single(name)?).map_err(|_| Refused::Malformed(shown))
    }

    /// Whether the body must be tied to the signature.
    pub(crate) fn needs_digest(&self) -> bool {
        !self.body.is_empty() || !matches!(*self.method, Method::GET | Method::HEAD)
    }

    fn single(&self, name: &HeaderName) -> Result<&[u8], Refused> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().ok_or_else(|| Refused::MissingHeader(name.clone()))?;
        match values.next() {
            Some(_) => Err(Refused::RepeatedHeader(name.clone())),
            None => Ok(value.as_bytes().trim_ascii()),
        }
    }

    /// `Host` as sent, once it is certain that it names our own address. HTTP/2 sends none,
    /// and a client adds it only later: then the address itself is what was meant.
    fn host(&self) -> Result<Vec<u8>, Refused> {
        if !self.headers.contains_key(HOST) {
            return Ok(self.target.authority().as_bytes().to_vec());
        }
        let host = self.single_text(&HOST, "Host")?;
        if normal_authority(host, self.target.scheme()) != self.target.authority() {
            return Err(Refused::WrongHost);
        }
        Ok(host.as_bytes().to_vec())
    }
}

/// All values of a header, each trimmed, joined by a comma and a space; `None` without any.
pub(crate) fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> =
        headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii()).collect();
    (!values.is_empty()).then(|| values.join(&b", "[..]))
}

fn normal_authority(authority: &str, scheme: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_ascii_lowercase();
    let usual_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    host.strip_suffix(usual_port).unwrap_or(&host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(uri: &str) -> Target {
        Target::new(&uri.parse().unwrap()).unwrap()
    }

    fn host_of(target: &Target, hosts: &[&'static str]) -> Result<Vec<u8>, Refused> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, http::HeaderValue::from_static(host));
        }
        Request { method: &Method::GET, target, headers: &headers, body: b"" }.header(&HOST)
    }

    #[test]
    fn an_address_is_brought_to_its_normal_form() {
        assert_eq!(target("https://Node.Example:443/a?b=c").authority(), "node.example");
        assert_eq!(target("http://node.example:80").authority(), "node.example");
        assert_eq!(target("http://node.example:443/").authority(), "node.example:443");
        assert_eq!(target("https://me:secret@node.example/").authority(), "node.example");
        assert_eq!(target("https://[::1]:8443/").authority(), "[::1]:8443");
        assert_eq!(target("https://node.example").path_and_query(), "/");
        assert_eq!(target("https://node.example/a?b=c").path_and_query(), "/a?b=c");
    }

    #[test]
    fn a_relative_address_is_no_target() {
        assert_eq!(Target::new(&"/inbox".parse().unwrap()), Err(NotAbsolute));
        assert_eq!(Target::new(&"node.example:443".parse().unwrap()), Err(NotAbsolute));
    }

    #[test]
    fn a_received_target_keeps_our_own_host() {
        let base = "https://node.example".parse().unwrap();
        let line = "http://evil.example/inbox?x=1".parse().unwrap();
        assert_eq!(Target::received(&base, &line), Ok(target("https://node.example/inbox?x=1")));
    }

    #[test]
    fn the_host_must_be_ours_and_single() {
        let ours = target("https://node.example/inbox");
        assert_eq!(host_of(&ours, &[]).unwrap(), b"node.example");
        assert_eq!(host_of(&ours, &["Node.Example:443"]).unwrap(), b"Node.Example:443");
        assert_eq!(host_of(&ours, &["other.example"]), Err(Refused::WrongHost));
        assert_eq!(host_of(&ours, &["node.example:8443"]), Err(Refused::WrongHost));
        let twice = host_of(&ours, &["node.example", "node.example"]);
        assert_eq!(twice, Err(Refused::RepeatedHeader(HOST)));
    }
}
