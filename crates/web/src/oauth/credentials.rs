//! How a client says who it is: in the body, or with HTTP Basic (RFC 6749, section 2.3.1).

use crate::openapi::handler::Input;
use crate::openapi::operation::Operation;
use alongside_app::oauth::grant::Client;
use axum::extract::FromRequestParts;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::AUTHORIZATION;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use std::convert::Infallible;

/// Who a client says it is in the header, if it does.
#[derive(Debug)]
pub(crate) struct Basic(Option<(String, String)>);

impl Basic {
    /// Who the client is; what it says in the header counts more than what the body says.
    pub(crate) fn or<'a>(&'a self, id: &'a str, secret: &'a str) -> Client<'a> {
        match &self.0 {
            Some((id, secret)) => Client { id, secret },
            None => Client { id, secret },
        }
    }

    fn read(parts: &Parts) -> Option<(String, String)> {
        let (kind, encoded) = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        let decoded =
            kind.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(encoded.trim()).ok())??;
        let text = String::from_utf8(decoded).ok()?;
        let (id, secret) = text.split_once(':')?;
        // No client has a name that PostgreSQL could not keep.
        let plain = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().ok()?;
            (!text.contains('\0')).then(|| text.into_owned())
        };
        Some((plain(id)?, plain(secret)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Basic {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Self::read(parts)))
    }
}

impl Input for Basic {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_client_secret();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn read(header: &str) -> Option<(String, String)> {
        Basic::read(&Request::get("/").header(AUTHORIZATION, header).body(()).unwrap().into_parts().0)
    }

    #[test]
    fn the_header_counts_more_than_the_body() {
        let encoded = BASE64_STANDARD.encode("my%20id:se:cret");
        let basic = Basic(read(&format!("Basic {encoded}")));
        let client = basic.or("other", "secret");
        assert_eq!((client.id, client.secret), ("my id", "se:cret"));
        assert_eq!(Basic(None).or("a", "b").id, "a");
        for wrong in ["Basic !", "Basic YWJj", "Bearer YTpi"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        for null in ["my\0id:secret", "my%00id:secret", "id:se%00cret"] {
            assert_eq!(read(&format!("Basic {}", BASE64_STANDARD.encode(null))), None, "{null:?}");
        }
    }
}
