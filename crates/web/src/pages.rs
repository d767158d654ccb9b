//! The node's own pages: plain HTML that works without script, on any telephone, signed out.
//!
//! A page is a template in `templates/` and one typed context in [`contexts`].

mod by_password;
mod confirm;
pub(crate) mod contexts;
mod deletions;
mod forgotten;
mod goodbye;
mod home;
mod moving;
mod new_password;
mod post;
pub(crate) mod privacy;
mod profile;
mod sign_up;
pub(crate) mod statics;
pub(crate) mod terms;
mod urgent_help;
mod welcome;
mod words;

use crate::browser::Browser;
use crate::error::{Error, Said};
use crate::pages::contexts::{Failed, Frame};
use crate::state::Web;
use alongside_app::context::App;
use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderValue, StatusCode};

/// The routes of the pages.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home::show))
        .route("/deletions", get(deletions::show).post(deletions::find))
        .route("/goodbye", get(goodbye::show).post(goodbye::leave))
        .route("/moving", get(moving::show).post(moving::go))
        .route("/urgent-help", get(urgent_help::show))
        .route("/privacy", get(privacy::show))
        .route("/terms", get(terms::show))
        .route("/sign-up", get(sign_up::show).post(sign_up::apply))
        .route("/confirm/{token}", get(confirm::show).post(confirm::confirm))
        .route("/forgotten", get(forgotten::show).post(forgotten::ask))
        .route("/new-password/{token}", get(new_password::show).post(new_password::choose))
        .route("/welcome/{token}", get(welcome::show).post(welcome::accept))
        .route("/@{handle}", get(profile::show))
        .route("/@{handle}/{post}", get(post::show))
}

/// A page on its way to a browser.
#[derive(Debug)]
pub(crate) struct Page<T> {
    context: T,
    status: StatusCode,
    cookie: Option<HeaderValue>,
    /// Where a form on it may lead, besides to us.
    form_target: Option<String>,
}

impl<T: Template> Page<T> {
    /// A page that says what it should.
    pub(crate) const fn new(context: T) -> Self {
        Self { context, status: StatusCode::OK, cookie: None, form_target: None }
    }

    /// A page that has to say no.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// A page with a form, for this browser.
    pub(crate) fn with_form(self, browser: &Browser) -> Self {
        Self { cookie: browser.form_cookie(), ..self }
    }

    /// A page whose form leads on to another site. Browsers check this for the redirect too.
    pub(crate) fn leading_to(self, target: Option<String>) -> Self {
        Self { form_target: target, ..self }
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let html = match self.context.render() {
            Ok(html) => html,
            Err(error) => return Error::Internal(error.into()).into_response(),
        };
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        let policy = HeaderValue::try_from(content_policy(self.form_target.as_deref()));
        headers.extend(policy.ok().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        headers.extend(self.cookie.map(|cookie| (SET_COOKIE, cookie)));
        response
    }
}

/// Nothing from anybody else, no script at all, and no frame around it.
fn content_policy(form_target: Option<&str>) -> String {
    let target = form_target.map(|target| format!(" {target}")).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{target}; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Tells a person as a page what an [`Error`] would tell a client as JSON.
pub(crate) async fn humane(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(Said(says)) = response.extensions_mut().remove() else { return response };
    let (mut parts, _) = response.into_parts();
    let (heading, says) = match parts.status {
        StatusCode::NOT_FOUND => {
            ("Not found", "There is no such page, or it is not for everybody to see.".to_owned())
        }
        StatusCode::TOO_MANY_REQUESTS => ("One moment", says),
        StatusCode::SERVICE_UNAVAILABLE => ("Back soon", says),
        _ => ("That did not work", says),
    };
    let page = Page::new(Failed { frame: Frame::of(&app), heading, says }).into_response();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(page.headers().clone());
    Response::from_parts(parts, page.into_body())
}

#[cfg(test)]
mod by_mail_tests;
#[cfg(test)]
mod tests;
