//! `POST /api/v1/accounts`: somebody signs up through a client, and waits until they confirm their address or are let in.

use crate::address::ClientAddress;
use crate::auth::{Application, WriteAccounts};
use crate::entities::accounts::{Unfit, Wrong};
use crate::entities::oauth::Token;
use crate::error::Error;
use crate::json::Answered;
use crate::params::Params;
use crate::state::Web;
use alongside_app::accounts::CreateError;
use alongside_app::oauth;
use alongside_app::sign_ups::{self, SignUp};
use alongside_domain::account::{Email, Password};
use alongside_domain::actor::Handle;
use alongside_domain::limits::PASSWORD_CHARS_MIN;
use alongside_domain::sign_up::{AgeError, Registrations};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is typed. The language that clients may send is not kept, and the day of birth is only looked at.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    username: String,
    email: String,
    password: String,
    agreement: bool,
    reason: Option<String>,
    date_of_birth: Option<String>,
}

/// What does not fit, by the value it is about.
type Problems = BTreeMap<&'static str, Vec<Wrong>>;

/// Opens the account, and gives the client a token that is good as soon as they are in.
pub(crate) async fn create(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    client: Application<WriteAccounts>,
    Params(body): Params<Body>,
) -> Result<Answered<Token, Unfit>, Error> {
    if client.member.is_some() {
        let says = "This method requires an client credentials authentication";
        return Err(Error::Forbidden(says.to_owned()));
    }
    web.rates().sign_in(address, web.app().now())?;
    if web.app().settings().registrations == Registrations::Closed {
        return Err(Error::Forbidden("Accounts are made by the organisation that runs this node".to_owned()));
    }
    let new = match read(body, address) {
        Ok(new) => new,
        Err(problems) => return Ok(Answered::Unfit(unfit(problems))),
    };
    match sign_ups::apply(web.app(), new).await {
        Ok(created) => {
            let granted = oauth::for_newcomer(web.app(), client.id, created.member).await?;
            Ok(Answered::Well(Token::new(granted)))
        }
        Err(sign_ups::Error::Create(error @ CreateError::HandleTaken)) => {
            Ok(Answered::Unfit(unfit(one("username", "ERR_TAKEN", &error))))
        }
        Err(sign_ups::Error::Create(error @ CreateError::EmailTaken)) => {
            Ok(Answered::Unfit(unfit(one("email", "ERR_TAKEN", &error))))
        }
        Err(error @ sign_ups::Error::Reason) => {
            Ok(Answered::Unfit(unfit(one("reason", "ERR_TOO_LONG", &error))))
        }
        Err(error @ sign_ups::Error::Age(age)) => {
            let word = match age {
                AgeError::Missing => "ERR_BLANK",
                AgeError::NoDay => "ERR_INVALID",
                AgeError::TooYoung => "ERR_BELOW_LIMIT",
            };
            Ok(Answered::Unfit(unfit(one("date_of_birth", word, &error))))
        }
        Err(error @ sign_ups::Error::Barred) => {
            Ok(Answered::Unfit(unfit(one("email", "ERR_BLOCKED", &error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes everything that fits, or says all that does not.
fn read(body: Body, address: IpAddr) -> Result<SignUp, Problems> {
    let mut problems = Problems::new();
    for (name, text) in [("username", &body.username), ("email", &body.email), ("password", &body.password)] {
        if text.trim().is_empty() {
            problems.extend(one(name, "ERR_BLANK", &"can't be blank"));
        }
    }
    let short = body.password.chars().count() < PASSWORD_CHARS_MIN;
    let (handle, email) = (Handle::new(&body.username), Email::parse(&body.email));
    let password = Password::new(body.password);
    if let Err(error) = &handle {
        problems.entry("username").or_insert_with(|| wrong("ERR_INVALID", error));
    }
    if email.is_err() {
        // Of an empty address clients are told both.
        problems.entry("email").or_default().extend(wrong("ERR_INVALID", &"is invalid"));
    }
    if let Err(error) = &password {
        let why = if short { "ERR_TOO_SHORT" } else { "ERR_TOO_LONG" };
        problems.entry("password").or_insert_with(|| wrong(why, error));
    }
    if !body.agreement {
        problems.extend(one("agreement", "ERR_ACCEPTED", &"must be accepted"));
    }
    match (handle, email, password) {
        (Ok(handle), Ok(email), Ok(password)) if body.agreement => {
            Ok(SignUp { handle, email, password, reason: body.reason, born: body.date_of_birth, address })
        }
        (_, _, _) => Err(problems),
    }
}

fn one(name: &'static str, error: &'static str, says: &dyn std::fmt::Display) -> Problems {
    Problems::from([(name, wrong(error, says))])
}

fn wrong(error: &'static str, says: &dyn std::fmt::Display) -> Vec<Wrong> {
    vec![Wrong { error, description: says.to_string() }]
}

fn unfit(details: Problems) -> Unfit {
    let says: Vec<String> = details
        .iter()
        .flat_map(|(name, wrong)| wrong.iter().map(move |wrong| format!("{name}: {}", wrong.description)))
        .collect();
    Unfit { error: format!("Validation failed: {}", says.join(", ")), details }
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::account::Role;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use alongside_testkit::node::Node;
    use http::StatusCode;
    use serde_json::{Value, json};

    fn robin(more: &Value) -> Value {
        let mut body = json!({ "username": "robin", "email": "robin@new.example", "password": "correct horse",
            "agreement": true, "reason": "I cannot sleep", "locale": "en" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    }

    both_engines! {
        async fn somebody_signs_up_and_their_token_is_good_once_they_are_let_in(store: Store) {
            let door = Door::new(store);
            door.node.member_as("mod", Role::Moderator).await;
            let staff = door.token("mod", "admin:read admin:write").await;
            let app = door.client("read write").await;
            let given = door.post("/api/v1/accounts", &app, &robin(&json!({}))).await.ok();
            assert_eq!((&given["token_type"], &given["scope"]), (&json!("Bearer"), &json!("read write")));
            let token = given["access_token"].as_str().unwrap();
            let own = "/api/v1/accounts/verify_credentials";
            assert_eq!(door.get(own, token).await.status, StatusCode::UNAUTHORIZED);
            let waiting = door.get("/api/v2/admin/accounts?status=pending", &staff).await.ok();
            assert_eq!(waiting[0]["invite_request"], "I cannot sleep");
            let approve = format!("/api/v1/admin/accounts/{}/approve", waiting[0]["id"].as_str().unwrap());
            door.post(&approve, &staff, &json!({})).await.ok();
            assert_eq!(door.get(own, token).await.ok()["username"], "robin");
        }

        async fn what_does_not_fit_is_said_of_each_value(store: Store) {
            let door = Door::new(store);
            door.node.member("sam").await;
            let app = door.client("read write").await;
            let empty = door.post("/api/v1/accounts", &app, &robin(&json!({ "email": "" }))).await.json();
            assert_eq!(each(&empty["details"]["email"], "/error"), ["ERR_BLANK", "ERR_INVALID"]);
            assert_eq!(empty["details"]["email"][0]["description"], "can't be blank");
            door.node.clock.advance_secs(301);
            for (wrong, name, error) in [
                (json!({ "username": "a b" }), "username", "ERR_INVALID"),
                (json!({ "username": "Sam" }), "username", "ERR_TAKEN"),
                (json!({ "email": "x" }), "email", "ERR_INVALID"),
                (json!({ "email": "sam@mail.example" }), "email", "ERR_TAKEN"),
                (json!({ "username": null }), "username", "ERR_BLANK"),
                (json!({ "password": "" }), "password", "ERR_BLANK"),
                (json!({ "password": "short" }), "password", "ERR_TOO_SHORT"),
                (json!({ "agreement": false }), "agreement", "ERR_ACCEPTED"),
                (json!({ "reason": "x".repeat(501) }), "reason", "ERR_TOO_LONG"),
            ] {
                let answer = door.post("/api/v1/accounts", &app, &robin(&wrong)).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
                let says = answer.json();
                assert_eq!(says["details"][name][0]["error"], error, "{says}");
                assert_eq!(says["details"].as_object().unwrap().len(), 1, "{says}");
            }
        }

        async fn whoever_has_to_be_old_enough_says_when_they_were_born(store: Store) {
            let node = Node::deciding(store, "http://127.0.0.1:7100", |settings| settings.min_age = Some(16));
            let door = Door::of(node, Vec::new());
            let instance = door.get("/api/v2/instance", "").await.ok();
            assert_eq!(instance["registrations"]["min_age"], 16);
            let app = door.client("read write").await;
            for (born, error) in [
                (json!({}), "ERR_BLANK"),
                (json!({ "date_of_birth": "last week" }), "ERR_INVALID"),
                (json!({ "date_of_birth": "2010-11-24" }), "ERR_BELOW_LIMIT"),
            ] {
                let answer = door.post("/api/v1/accounts", &app, &robin(&born)).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{born}");
                assert_eq!(answer.json()["details"]["date_of_birth"][0]["error"], error);
            }
            door.post("/api/v1/accounts", &app, &robin(&json!({ "date_of_birth": "2010-11-23" }))).await.ok();
        }

        async fn only_a_client_that_may_write_opens_accounts(store: Store) {
            let door = Door::new(store);
            assert_eq!(door.post("/api/v1/accounts", "", &robin(&json!({}))).await.status, StatusCode::UNAUTHORIZED);
            let reader = door.client("read").await;
            assert_eq!(door.post("/api/v1/accounts", &reader, &robin(&json!({}))).await.status, StatusCode::FORBIDDEN);
            let sam = door.persona("sam").await;
            let refused = door.post("/api/v1/accounts", &sam.token, &robin(&json!({}))).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "not with the token of somebody who is a member");
        }
    }
}
