//! Which URLs speak for each other: those of one origin (FEP-fe34).

use url::Url;

/// Whether two ids have scheme, host and port in common, so that one may speak for the other.
pub fn same(one: &Url, other: &Url) -> bool {
    // An origin of an opaque scheme is equal to nothing, itself included.
    one.origin().is_tuple() && one.origin() == other.origin()
}

/// The document that an id is a part of.
pub fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(one: &str, other: &str) -> bool {
        same(&Url::parse(one).unwrap(), &Url::parse(other).unwrap())
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(origins("https://a.example/x", "https://A.example:443/y#z"));
        assert!(!origins("https://a.example/", "http://a.example/"));
        assert!(!origins("https://a.example/", "https://b.a.example/"));
        assert!(!origins("http://127.0.0.1:7101/", "http://127.0.0.1:7102/"));
        assert!(!origins("did:key:x", "did:key:x"));
    }

    #[test]
    fn a_key_is_part_of_its_owner() {
        let key = Url::parse("https://a.example/u#main-key").unwrap();
        assert_eq!(without_fragment(&key).as_str(), "https://a.example/u");
    }
}
