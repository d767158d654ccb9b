//! What the one who asks would like to read: a document or a page.

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::ACCEPT;
use http::request::Parts;
use std::convert::Infallible;

/// What is asked for at an address that has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The document, by name.
    Document,
    /// The page.
    Page,
    /// Whatever there is.
    Anything,
}

impl Wanted {
    /// Browsers name HTML; other servers name one of the two types of documents, some with a profile
    /// and some without.
    pub(super) fn by(headers: &HeaderMap) -> Self {
        let mut page = false;
        let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        for kind in values.flat_map(|value| value.split(',')) {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            if kind.eq_ignore_ascii_case("application/activity+json")
                || kind.eq_ignore_ascii_case("application/ld+json")
            {
                return Self::Document;
            }
            page |= kind.eq_ignore_ascii_case("text/html");
        }
        if page { Self::Page } else { Self::Anything }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::by(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn wanted(accept: &'static str) -> Wanted {
        Wanted::by(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]))
    }

    #[test]
    fn documents_go_to_those_who_name_them() {
        for accept in [
            "application/activity+json",
            "application/ld+json",
            r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
            r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1"#,
        ] {
            assert_eq!(wanted(accept), Wanted::Document, "{accept}");
        }
        assert_eq!(wanted("text/html,application/xhtml+xml,*/*;q=0.8"), Wanted::Page);
        assert_eq!(wanted("*/*"), Wanted::Anything);
        assert_eq!(Wanted::by(&HeaderMap::new()), Wanted::Anything);
    }
}
