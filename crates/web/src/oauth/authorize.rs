//! A client asks to act for a member: the member signs in, reads what is asked, and says yes or no.

use crate::browser::Browser;
use crate::error::{Error, OAuthError};
use crate::oauth::ask::Asked;
use crate::oauth::{deeds, sign_in};
use crate::pages::Page;
use crate::pages::contexts::{Code, Consent, Frame, Persona};
use crate::params::{Params, Query};
use alongside_app::context::App;
use alongside_app::oauth::authorise::{self, Ask};
use alongside_domain::id::{AccountId, ActorId, MemberId};
use alongside_store::{actors, members};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

/// What the member decides.
#[derive(Debug, Deserialize)]
pub(crate) struct Decided {
    csrf: String,
    decision: Decision,
    member: i64,
    /// The wording that was on the page.
    consent: i64,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Approve,
    Deny,
}

/// Shows the question, or first the sign-in.
pub(crate) async fn show(State(app): State<App>, browser: Browser, Query(asked): Query<Asked>) -> Response {
    let ask = match asked.check(&app, &browser).await {
        Ok(ask) => ask,
        Err(not_asked) => return not_asked.into(),
    };
    match browser.account().filter(|_| !asked.force_login) {
        None => sign_in::form(&app, &browser, &asked, &ask, None, "").into_response(),
        Some(account) => question(&app, &browser, &asked, &ask, account).await.into_response(),
    }
}

/// Takes the decision to the client.
pub(crate) async fn decide(
    State(app): State<App>,
    browser: Browser,
    Query(asked): Query<Asked>,
    Params(decided): Params<Decided>,
) -> Response {
    let ask = match asked.check(&app, &browser).await {
        Ok(ask) => ask,
        Err(not_asked) => return not_asked.into(),
    };
    let session = match decider(&browser, &decided) {
        Ok(session) => session,
        Err(error) => return error.into_response(),
    };
    match decided.decision {
        Decision::Approve => approve(&app, session, &asked, &ask, &decided).await.into_response(),
        Decision::Deny => asked.refuse(OAuthError::AccessDenied).into(),
    }
}

/// The session of whoever decides, if it is they who sent our form.
fn decider<'a>(browser: &'a Browser, decided: &Decided) -> Result<&'a str, Error> {
    browser.check(&decided.csrf)?;
    browser.session_token().ok_or_else(|| Error::Forbidden("Please sign in first.".to_owned()))
}

async fn approve(
    app: &App,
    session: &str,
    asked: &Asked,
    ask: &Ask,
    decided: &Decided,
) -> Result<Response, Error> {
    if decided.consent != Consent::VERSION {
        return Err(Error::Forbidden(
            "What you would agree to has changed. Please read it again.".to_owned(),
        ));
    }
    let code = authorise::approve(app, ask, session, MemberId::from(decided.member)).await?;
    let shown =
        || Page::new(Code { frame: Frame::of(app), client: ask.client.name.clone(), shown: code.clone() });
    Ok(asked.answer(&[("code", &code)]).unwrap_or_else(|| shown().into_response()))
}

async fn question(
    app: &App,
    browser: &Browser,
    asked: &Asked,
    ask: &Ask,
    account: AccountId,
) -> Result<Page<Consent>, Error> {
    let personas = personas(app, account).await?;
    if personas.is_empty() {
        return Err(Error::Forbidden("This account has no name that it could use here.".to_owned()));
    }
    let page = Page::new(Consent {
        frame: Frame::of(app),
        client: ask.client.name.clone(),
        website: ask.client.website.clone(),
        deeds: deeds::of(&ask.scopes),
        personas,
        action: asked.at("/oauth/authorize"),
        sign_out: asked.at("/oauth/sign_out"),
        csrf: browser.csrf().to_owned(),
        version: Consent::VERSION,
    });
    Ok(page.leading_to(asked.form_target()))
}

async fn personas(app: &App, account: AccountId) -> Result<Vec<Persona>, Error> {
    let mut reader = app.reader();
    let members = members::of_account(&mut reader, account).await?;
    let ids: Vec<ActorId> = members.iter().map(|member| member.id.actor()).collect();
    let mut found = actors::find_all(&mut reader, &ids).await?;
    found.sort_by_key(|actor| ids.iter().position(|id| *id == actor.id));
    let named = |name: String, handle: &str| if name.is_empty() { handle.to_owned() } else { name };
    Ok(found
        .into_iter()
        .map(|actor| Persona {
            id: MemberId::of(actor.id),
            name: named(actor.name, &actor.handle),
            handle: actor.handle,
        })
        .collect())
}
