//! What the pages share on which a member types the password they sign in with. It is asked for each time, whoever
//! is signed in there.

use crate::browser::Browser;
use crate::error::Error;
use crate::pages::contexts::ByPassword;
use alongside_app::accounts::{self, SignInError};
use alongside_app::context::App;
use alongside_store::members::Member;
use http::StatusCode;

/// A form that was filled in so, but for the password, and why it comes again.
pub(super) fn form(
    app: &App,
    browser: &Browser,
    (handle, email): (&str, &str),
    problem: Option<String>,
) -> ByPassword {
    ByPassword {
        problem,
        csrf: browser.csrf().to_owned(),
        host: app.places().host().to_owned(),
        handle: handle.to_owned(),
        email: email.to_owned(),
    }
}

/// The status of a page with this form.
pub(super) const fn status(form: &ByPassword) -> StatusCode {
    if form.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// A name as people type it, which they do with its `@` and without.
pub(super) fn handle(typed: &str) -> &str {
    typed.trim().trim_start_matches('@')
}

/// Who has this name and signs in so; where that is nobody, why, in words for whoever typed it.
pub(super) async fn member(
    app: &App,
    handle: &str,
    email: &str,
    password: &str,
) -> Result<Result<Member, String>, Error> {
    match accounts::sign_in_as(app, email, password, handle).await {
        Ok(member) => Ok(Ok(member)),
        Err(
            no @ (SignInError::Wrong | SignInError::Unconfirmed | SignInError::Waiting | SignInError::Kept),
        ) => Ok(Err(no.to_string())),
        Err(error @ (SignInError::Stopped(_) | SignInError::Store(_))) => Err(error.into()),
    }
}
