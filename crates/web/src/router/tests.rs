//! The door as a client meets it: one node in memory, asked over HTTP.

mod answers;
mod by_password;
mod itself;
mod limits;
mod signing_in;

use super::router;
use crate::state::{Limits, Settings, Web};
use alongside_app::accounts::{self, NewAccount};
use alongside_app::context::App;
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::sign_up::Registrations;
use alongside_federation::fetch;
use alongside_federation::node::{self, Federation};
use alongside_store::engine::Store;
use alongside_testkit::node::Node as Within;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

const CALLBACK: &str = "http://127.0.0.1:9/callback";

struct Node {
    router: Router,
    app: App,
    /// Its folders go when it goes.
    _within: (Within, TempDir),
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Node {
    async fn new() -> Self {
        Self::with(1_000).await
    }

    async fn with(requests: u32) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::sqlite(&folder.path().join("node.db")).unwrap();
        store.migrate().await.unwrap();
        let within = Within::deciding(store, "http://127.0.0.1:7101", |settings| {
            settings.title = "Night owls".to_owned();
            settings.contact = Some("help@a.example".to_owned());
            settings.registrations = Registrations::Closed;
        });
        let app = within.app.clone();
        let limits = Limits {
            token_requests_per_5_min: requests,
            address_sign_ins_per_5_min: 10,
            address_apps_per_hour: 3,
            streams: 10,
            streams_per_member: 10,
        };
        let settings = node::Settings {
            fetch: fetch::Settings {
                user_agent: "test".to_owned(),
                insecure_hosts: Vec::new(),
                limits: fetch::Limits::default(),
            },
            retry_first_secs: 30,
            retry_max_secs: 60,
            fetches_per_host_per_min: 1,
            arrivals_per_host_per_min: 1,
        };
        let federation = Federation::new(app.clone(), settings).unwrap();
        let web = Web::new(federation, Settings { password_grant: false, source_url: None, limits });
        Self { router: router(web), app, _within: (within, folder) }
    }

    async fn with_sam() -> Self {
        let node = Self::new().await;
        let sam = NewAccount {
            handle: Handle::new("sam").unwrap(),
            email: Email::parse("sam@a.example").unwrap(),
            password: Password::new("correct horse".to_owned()).unwrap(),
            role: Role::Member,
        };
        accounts::create(&node.app, &sam).await.unwrap();
        node
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8_lossy(&to_bytes(body, 1_000_000).await.unwrap()).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn get_with(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn register(&self) -> (String, String) {
        let body = json!({ "client_name": "Walk", "redirect_uris": [CALLBACK, "urn:ietf:wg:oauth:2.0:oob"],
            "scopes": "read write follow push" });
        let answer = self.post("/api/v1/apps", &body).await.json();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    }
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    fn cookie(&self) -> String {
        self.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned()
    }

    /// The address a form with this word in its action is sent to, as a browser reads it.
    fn action(&self, word: &str) -> String {
        let mut actions = self.text.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        actions.find(|action| action.contains(word)).unwrap().replace("&#38;", "&").replace("&amp;", "&")
    }

    fn field(&self, name: &str) -> String {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}
