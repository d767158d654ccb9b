//! The browser that shows our pages: who is signed in there, and whether a form really came from us.
//!
//! Every form carries a secret that only our own page could know: that of the session, or, before
//! there is one, that of a cookie of its own.

use crate::error::Error;
use crate::state::Web;
use alongside_app::sessions::{self, Started};
use alongside_domain::id::AccountId;
use alongside_domain::limits::SESSION_SECS_MAX;
use alongside_store::sessions::SignedIn;
use axum::extract::FromRequestParts;
use http::header::COOKIE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

/// A browser.
#[derive(Debug)]
pub(crate) struct Browser {
    session: Option<Session>,
    /// What a form sends back while nobody is signed in, and whether the browser has it already.
    form: String,
    form_is_new: bool,
    secure: bool,
}

#[derive(Debug)]
struct Session {
    token: String,
    signed_in: SignedIn,
}

/// A cookie of ours.
#[derive(Debug, Clone, Copy)]
enum Cookie {
    Session,
    Form,
}

impl Browser {
    /// The account that is signed in.
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.session.as_ref().map(|session| session.signed_in.account_id)
    }

    /// What its session is known by.
    pub(crate) fn session_token(&self) -> Option<&str> {
        self.session.as_ref().map(|session| session.token.as_str())
    }

    /// What a form on a page for this browser carries.
    pub(crate) fn csrf(&self) -> &str {
        self.session.as_ref().map_or(&self.form, |session| &session.signed_in.csrf)
    }

    /// Refuses a form that did not come from one of our pages.
    pub(crate) fn check(&self, csrf: &str) -> Result<(), Error> {
        let known = self.session.is_some() || !self.form_is_new;
        if known && same(self.csrf(), csrf) { Ok(()) } else { Err(Error::Forbidden(STALE.to_owned())) }
    }

    /// The cookie that a page with a form needs, where the browser does not have it.
    pub(crate) fn form_cookie(&self) -> Option<HeaderValue> {
        let needed = self.session.is_none() && self.form_is_new;
        needed.then(|| Cookie::Form.set(&self.form, SESSION_SECS_MAX, self.secure)).flatten()
    }

    /// The cookie that signs it in.
    pub(crate) fn sign_in_cookie(&self, started: &Started) -> Option<HeaderValue> {
        Cookie::Session.set(&started.token, SESSION_SECS_MAX, self.secure)
    }

    /// The cookie that signs it out.
    pub(crate) fn sign_out_cookie(&self) -> Option<HeaderValue> {
        Cookie::Session.set("", 0, self.secure)
    }
}

const STALE: &str =
    "This page is too old to be sent. Please go back, load it again, and check that cookies are allowed.";

impl FromRequestParts<Web> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Error> {
        let secure = !web.app().places().is_loopback();
        let session = match Cookie::Session.read(&parts.headers, secure) {
            Some(token) => sessions::find(web.app(), token)
                .await?
                .map(|signed_in| Session { token: token.to_owned(), signed_in }),
            None => None,
        };
        let form = Cookie::Form.read(&parts.headers, secure).map(ToOwned::to_owned);
        let form_is_new = form.is_none();
        let fresh = || format!("{:032x}", u128::from_le_bytes(web.app().random()));
        Ok(Self { session, form: form.unwrap_or_else(fresh), form_is_new, secure })
    }
}

impl Cookie {
    /// With `__Host-` no other site, not even a neighbour on the same domain, can set it.
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Form, true) => "__Host-form",
            (Self::Form, false) => "form",
        }
    }

    fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        const BYTES_MAX: usize = 256;
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.find_map(|(name, value)| (name == self.name(secure)).then_some(value))?;
        (!value.is_empty() && value.len() <= BYTES_MAX).then_some(value)
    }

    fn set(self, value: &str, age_secs: i64, secure: bool) -> Option<HeaderValue> {
        let (name, only_tls) = (self.name(secure), if secure { "; Secure" } else { "" });
        let cookie = format!("{name}={value}; Path=/; Max-Age={age_secs}; HttpOnly; SameSite=Lax{only_tls}");
        HeaderValue::try_from(cookie).ok()
    }
}

/// Compares in a time that does not tell how much is right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(form: &str, form_is_new: bool) -> Browser {
        Browser { session: None, form: form.to_owned(), form_is_new, secure: true }
    }

    #[test]
    fn a_form_is_taken_only_from_our_own_page() {
        assert!(browser("abc", false).check("abc").is_ok());
        assert!(browser("abc", false).check("abd").is_err());
        assert!(browser("abc", false).check("").is_err());
        assert!(browser("abc", true).check("abc").is_err(), "this browser was never given the page");
    }

    #[test]
    fn cookies_are_for_us_alone() {
        let cookie = browser("abc", true).form_cookie().unwrap();
        assert_eq!(cookie, "__Host-form=abc; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; __Host-form=abc; form=other"));
        assert_eq!(Cookie::Form.read(&headers, true), Some("abc"));
        assert_eq!(Cookie::Session.read(&headers, true), None);
    }
}
