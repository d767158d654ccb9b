//! What a client asks when it sends a member's browser to us, and how it is answered.

use crate::browser::Browser;
use crate::error::{Error, OAuthError};
use alongside_app::context::App;
use alongside_app::oauth::OUT_OF_BAND;
use alongside_app::oauth::authorise::{self, Ask, AskError, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// The query that the browser arrives with.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Asked {
    client_id: String,
    redirect_uri: String,
    response_type: String,
    scope: Option<String>,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    lang: Option<String>,
    pub(crate) force_login: bool,
}

/// A request of a client that cannot be put to the member.
#[derive(Debug)]
pub(crate) enum NotAsked {
    /// The client or its address is unknown: only the browser is told.
    Here(Error),
    /// The client is told, at an address that it has registered.
    There(Response),
}

impl Asked {
    /// Checks what is asked. Nobody is sent to an address before it is known to be the client's, and
    /// nobody who is not signed in: anybody can register a client, and a link here must not be a way
    /// to wherever they like.
    pub(crate) async fn check(&self, app: &App, browser: &Browser) -> Result<Ask, NotAsked> {
        let request = Request {
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scopes: self.scope.clone(),
            challenge: self.code_challenge.clone(),
            challenge_method: self.code_challenge_method.clone(),
        };
        let refused = match authorise::ask(app, request).await {
            Ok(ask) if self.response_type == "code" => return Ok(ask),
            Ok(_) => OAuthError::UnsupportedResponseType,
            Err(AskError::Scope) => OAuthError::InvalidScope,
            Err(AskError::Challenge) => OAuthError::InvalidRequest,
            Err(error @ (AskError::UnknownClient | AskError::RedirectUri | AskError::Store(_))) => {
                return Err(NotAsked::Here(error.into()));
            }
        };
        Err(if browser.account().is_some() { self.refuse(refused) } else { NotAsked::Here(refused.into()) })
    }

    /// Tells the client no, or the browser where the client cannot be told.
    pub(crate) fn refuse(&self, error: OAuthError) -> NotAsked {
        let told = [("error", error.as_str()), ("error_description", error.describe())];
        self.answer(&told).map_or_else(|| NotAsked::Here(error.into()), NotAsked::There)
    }

    /// Sends the browser back to the client, which gives its `state` to know what it had asked.
    /// None where the answer is to be shown on a page.
    pub(crate) fn answer(&self, told: &[(&str, &str)]) -> Option<Response> {
        if self.redirect_uri == OUT_OF_BAND {
            return None;
        }
        let mut address = Url::parse(&self.redirect_uri).ok()?;
        address.query_pairs_mut().extend_pairs(told);
        if let Some(state) = &self.state {
            address.query_pairs_mut().append_pair("state", state);
        }
        Some(Redirect::to(address.as_str()).into_response())
    }

    /// Where a form may lead, in the words of a content security policy.
    pub(crate) fn form_target(&self) -> Option<String> {
        let address = Url::parse(&self.redirect_uri).ok().filter(|_| self.redirect_uri != OUT_OF_BAND)?;
        // A policy cannot name an IPv6 address, so there its scheme has to do.
        let named = matches!(address.host(), Some(url::Host::Domain(_) | url::Host::Ipv4(_)));
        let is_web = matches!(address.scheme(), "http" | "https");
        let origin = || address.origin().ascii_serialization();
        Some(if is_web && named { origin() } else { format!("{}:", address.scheme()) })
    }

    /// The same request as the address of one of our own pages. Signing in is asked for once only.
    pub(crate) fn at(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", &self.client_id);
        query.append_pair("redirect_uri", &self.redirect_uri);
        query.append_pair("response_type", &self.response_type);
        let optional = [
            ("scope", &self.scope),
            ("state", &self.state),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("lang", &self.lang),
        ];
        for (name, text) in optional {
            if let Some(text) = text {
                query.append_pair(name, text);
            }
        }
        format!("{path}?{}", query.finish())
    }
}

impl From<NotAsked> for Response {
    fn from(not_asked: NotAsked) -> Self {
        match not_asked {
            NotAsked::Here(error) => error.into_response(),
            NotAsked::There(response) => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::LOCATION;

    fn asked(redirect_uri: &str) -> Asked {
        Asked { redirect_uri: redirect_uri.to_owned(), state: Some("a b&c".to_owned()), ..Asked::default() }
    }

    #[test]
    fn the_answer_keeps_the_state_and_the_client_s_own_query() {
        let response = asked("https://client.example/cb?x=1").answer(&[("code", "c/+")]).unwrap();
        assert_eq!(response.headers()[LOCATION], "https://client.example/cb?x=1&code=c%2F%2B&state=a+b%26c");
        let response = asked("tusky://auth").answer(&[("code", "c")]).unwrap();
        assert_eq!(response.headers()[LOCATION], "tusky://auth?code=c&state=a+b%26c");
        let response = asked("icecubesapp://").answer(&[("code", "c")]).unwrap();
        assert_eq!(response.headers()[LOCATION], "icecubesapp://?code=c&state=a+b%26c");
        assert!(asked(OUT_OF_BAND).answer(&[("code", "c")]).is_none());
    }

    #[test]
    fn a_form_may_lead_to_the_client_alone() {
        let target = |uri| asked(uri).form_target();
        assert_eq!(target("https://client.example/cb").as_deref(), Some("https://client.example"));
        assert_eq!(target("http://127.0.0.1:9/callback").as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!(target("http://[::1]:9/callback").as_deref(), Some("http:"));
        assert_eq!(target("tusky://auth").as_deref(), Some("tusky:"));
        assert_eq!(target("icecubesapp://").as_deref(), Some("icecubesapp:"));
        assert_eq!(target(OUT_OF_BAND), None);
    }
}
