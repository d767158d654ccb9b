//! For tests of this API: a node behind its door, and members with tokens.

use crate::router::router;
use crate::state::{Limits, Settings, Web};
use alongside_app::oauth;
use alongside_app::oauth::apps::{self, NewApp};
use alongside_app::oauth::grant::{Client, for_client};
use alongside_domain::id::MemberId;
use alongside_domain::scope::Scopes;
use alongside_federation::fetch;
use alongside_federation::node::{Federation, Settings as FederationSettings};
use alongside_store::engine::Store;
use alongside_testkit::node::Node;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;

/// A node and its door.
pub(crate) struct Door {
    pub(crate) node: Node,
    /// For doing what is due.
    pub(crate) federation: Federation,
    pub(crate) router: Router,
    pub(crate) web: Web,
}

/// A member and the token of their client.
pub(crate) struct Persona {
    pub(crate) member: MemberId,
    pub(crate) token: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Door {
    pub(crate) fn new(store: Store) -> Self {
        Self::of(Node::from(store), Vec::new())
    }

    /// The door of this node, which reaches these hosts on this machine.
    pub(crate) fn of(node: Node, insecure_hosts: Vec<String>) -> Self {
        let federation = FederationSettings {
            fetch: fetch::Settings {
                user_agent: "test".to_owned(),
                insecure_hosts,
                limits: fetch::Limits::default(),
            },
            retry_first_secs: 1,
            retry_max_secs: 2,
            fetches_per_host_per_min: 10,
            arrivals_per_host_per_min: 10,
        };
        let federation = Federation::new(node.app.clone(), federation).unwrap();
        let limits = Limits {
            token_requests_per_5_min: 1_000,
            address_sign_ins_per_5_min: 10,
            address_apps_per_hour: 10,
            streams: 20,
            streams_per_member: 3,
        };
        let web = Web::new(federation.clone(), Settings { password_grant: false, source_url: None, limits });
        Self { router: router(web.clone()), web, federation, node }
    }

    /// A new member whose client may read and write.
    pub(crate) async fn persona(&self, handle: &str) -> Persona {
        let member = self.node.member(handle).await;
        Persona { member, token: self.token(handle, "read write follow").await }
    }

    /// Another token of a member.
    pub(crate) async fn token(&self, handle: &str, scopes: &str) -> String {
        oauth::issue(&self.node.app, handle, Scopes::parse(scopes).unwrap()).await.unwrap().unwrap()
    }

    /// The token of a client that speaks for nobody yet.
    pub(crate) async fn client(&self, scopes: &str) -> String {
        let new = NewApp {
            name: "A client".to_owned(),
            website: None,
            redirect_uris: vec!["urn:ietf:wg:oauth:2.0:oob".to_owned()],
            scopes: scopes.to_owned(),
        };
        let app = apps::register(&self.node.app, new).await.unwrap();
        let shown = Client { id: &app.client.client_id, secret: &app.secret };
        for_client(&self.node.app, shown, Some(scopes)).await.unwrap().token
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, token, "", Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(Method::DELETE, path, token, "", Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, token, "application/json", body.to_string().into()).await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, token, "application/json", body.to_string().into()).await
    }

    /// Sends a request; without a token where it is empty.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: &str,
        kind: &str,
        body: Body,
    ) -> Answer {
        self.ask(method, path, token, kind, &[], body).await
    }

    /// The same, with more headers.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        token: &str,
        kind: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The JSON of an answer that went well.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A green picture of one by one pixel.
pub(crate) fn png() -> Vec<u8> {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQaEgAAAHEAQHHmVStAAAAAElFTkSuQmCC";
    BASE64_STANDARD.decode(PNG).unwrap()
}

/// What stands in this place of each of a list.
pub(crate) fn each(list: &Value, pointer: &str) -> Vec<String> {
    let found = list.as_array().unwrap().iter().map(|item| item.pointer(pointer).unwrap());
    found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}
