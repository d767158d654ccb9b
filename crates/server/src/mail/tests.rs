//! Letters as a mail server gets them: from the settings of a node to a page that somebody opens.

use super::*;
use crate::doctor::Verdict;
use crate::{doctor, wiring};
use alongside_app::oauth::apps::{self, NewApp};
use alongside_app::oauth::grant::{Client, for_client};
use alongside_domain::account::Email;
use alongside_domain::sign_up::Registrations;
use alongside_federation::node::Federation;
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_testkit::mailbox::path_in;
use alongside_testkit::smtp::{Server, Taken};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const PASSWORD: &str = "correct horse";

/// The settings of a node that hands its letters to this server.
fn config(server: &Server) -> Config {
    let mut config = Config { registrations: Registrations::Open, ..Config::default() };
    config.mail.server = Some(format!("smtp://{}", server.address).parse().unwrap());
    config.mail.from = Some("Night owls <no-reply@example.org>".parse().unwrap());
    config.mail.username = Some("node".to_owned());
    config.mail.password = Some("hush".parse().unwrap());
    config
}

fn letter() -> Envelope {
    Envelope {
        to: Email::parse("robin@mail.example").unwrap(),
        subject: "Confirm your e-mail address",
        text: "Hello,\n\n.open https://a.example/x\n".to_owned(),
    }
}

/// A node as its visitors see it, and the mail server it hands letters to.
struct World {
    node: Federation,
    routes: Router,
    server: Server,
}

struct Answer {
    status: StatusCode,
    cookie: String,
    text: String,
}

impl World {
    async fn new(store: Store) -> Self {
        let server = Server::open().await;
        let config = config(&server);
        let node = wiring::node(&config, store, 40).unwrap();
        let routes = wiring::routes(&config, wiring::web(&config, node.clone()));
        Self { node, routes, server }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let cookie =
            parts.headers.get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
        let text = String::from_utf8(to_bytes(body, 1_000_000).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, cookie: cookie.split(';').next().unwrap().to_owned(), text }
    }

    async fn get(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, token: &str, cookie: &str, body: &Value) -> Answer {
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/json").header(COOKIE, cookie);
        if !token.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Opens a page and sends its form with these values.
    async fn fill(&self, path: &str, mut typed: Value) -> Answer {
        let page = self.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        let (_, rest) = page.text.split_once("name=\"csrf\" value=\"").unwrap();
        typed["csrf"] = json!(rest.split('"').next().unwrap());
        self.post(path, "", &page.cookie, &typed).await
    }

    /// The only letter there is once the workers have done what is due.
    async fn letter(&self) -> Taken {
        worker::drain(&self.node).await.unwrap();
        let mut taken = self.server.take();
        assert_eq!(taken.len(), 1, "{taken:?}");
        taken.remove(0)
    }
}

alongside_testkit::both_engines! {
    async fn somebody_comes_in_by_mail_and_again_when_they_forgot_their_password(store: Store) {
        let world = World::new(store).await;
        let app = world.node.app();
        let new = NewApp {
            name: "A client".to_owned(),
            website: None,
            redirect_uris: vec!["urn:ietf:wg:oauth:2.0:oob".to_owned()],
            scopes: "read write".to_owned(),
        };
        let client = apps::register(app, new).await.unwrap();
        let shown = Client { id: &client.client.client_id, secret: &client.secret };
        let client = for_client(app, shown, Some("read write")).await.unwrap().token;
        let robin = json!({ "username": "robin", "email": "robin@mail.example", "password": PASSWORD, "agreement": true });
        let given = world.post("/api/v1/accounts", &client, "", &robin).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text);
        let given: Value = serde_json::from_str(&given.text).unwrap();
        let token = given["access_token"].as_str().unwrap();
        let own = "/api/v1/accounts/verify_credentials";
        assert_eq!(world.get(own, token).await.status, StatusCode::FORBIDDEN);

        let letter = world.letter().await;
        assert_eq!((letter.from.as_str(), letter.to), ("no-reply@example.org", vec!["robin@mail.example".to_owned()]));
        let confirmed = world.fill(path_in(&letter.data), json!({})).await;
        assert!(confirmed.text.contains("You are in"), "{}", confirmed.text);
        assert_eq!(world.get(own, token).await.status, StatusCode::OK);

        let asked = world.fill("/forgotten", json!({ "email": "robin@mail.example" })).await;
        assert_eq!(asked.status, StatusCode::OK);
        let letter = world.letter().await;
        let changed = world.fill(path_in(&letter.data), json!({ "password": "another horse" })).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        assert_eq!(world.get(own, token).await.status, StatusCode::UNAUTHORIZED);
        assert!(world.letter().await.data.contains("Your password was changed"));
        let signs_in = async |password: &str| {
            alongside_app::accounts::sign_in(app, "robin@mail.example", password).await.is_ok()
        };
        assert!(signs_in("another horse").await && !signs_in(PASSWORD).await);
    }
}

#[tokio::test]
async fn a_letter_is_plain_text_from_whom_the_settings_say() {
    let server = Server::open().await;
    courier(&config(&server)).unwrap().unwrap().carry(&letter()).await.unwrap();
    let taken = server.take().remove(0);
    assert_eq!(
        (taken.from.as_str(), taken.to),
        ("no-reply@example.org", vec!["robin@mail.example".to_owned()])
    );
    assert_eq!(taken.signed_in, "PLAIN AG5vZGUAaHVzaA==", "as node, with the password");
    for header in [
        "Night owls",
        "<no-reply@example.org>\n",
        "To: robin@mail.example\n",
        "Subject: Confirm your e-mail address\n",
        "Auto-Submitted: auto-generated\n",
        "Content-Type: text/plain; charset=utf-8\n",
        "@127.0.0.1>\n",
        "Date: ",
    ] {
        assert!(taken.data.contains(header), "{header}: {}", taken.data);
    }
    assert!(taken.data.trim_end().ends_with("\n\nHello,\n\n.open https://a.example/x"), "{}", taken.data);
}

#[tokio::test]
async fn a_long_link_stays_in_one_piece() {
    let server = Server::open().await;
    let link = format!("https://community.example.org/new-password/{}", "x".repeat(200));
    let long = Envelope { text: format!("Hello,\n\n{link}\n"), ..letter() };
    courier(&config(&server)).unwrap().unwrap().carry(&long).await.unwrap();
    assert!(server.take().remove(0).data.contains(&link));
}

#[tokio::test]
async fn what_the_server_refuses_is_told_without_its_words() {
    let server = Server::open().await;
    let courier = courier(&config(&server)).unwrap().unwrap();
    for (answer, says) in [
        (
            "550 robin@mail.example has no mailbox",
            NotCarried::Never("the mail server refuses it (550)".to_owned()),
        ),
        (
            "451 robin@mail.example: later",
            NotCarried::Later("the mail server does not take it (451)".to_owned()),
        ),
        ("530 sign in first", NotCarried::Later("the mail server does not take it (530)".to_owned())),
    ] {
        server.refuse(Some(answer));
        assert_eq!(courier.carry(&letter()).await, Err(says), "{answer}");
    }
    server.refuse(None);
    assert_eq!(server.take(), []);
    let unfit = Envelope { to: Email::parse("<robin>@mail.example").unwrap(), ..letter() };
    assert!(matches!(courier.carry(&unfit).await, Err(NotCarried::Never(_))));
    assert!(!format!("{courier:?} {unfit:?}").contains("robin"));
}

#[tokio::test]
async fn the_doctor_asks_the_mail_server() {
    let finding = async |config: &Config| doctor::mail::server(config).await;
    assert_eq!(finding(&Config::default()).await.verdict, Verdict::Fine);
    let server = Server::open().await;
    let config = config(&server);
    let found = finding(&config).await;
    assert_eq!(found.verdict, Verdict::Fine, "{}", found.says);
    assert_eq!(server.take(), [], "no letter is sent");
    drop(server);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut silent = config;
    silent.mail.server = Some(format!("smtp://{nobody}").parse().unwrap());
    let found = finding(&silent).await;
    assert_eq!(found.verdict, Verdict::Failure);
    assert!(found.says.contains("cannot be reached") && !found.says.contains("hush"), "{}", found.says);
}

#[test]
fn a_node_without_mail_has_no_courier() {
    assert!(courier(&Config::default()).unwrap().is_none());
}
