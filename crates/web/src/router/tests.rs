//! The door as a client meets it: one node in memory, asked over HTTP.

use super::*;
use crate::state::{Limits, Settings};
use alongside_app::accounts::{self, NewAccount};
use alongside_app::context::{App, Chance};
use alongside_app::effects::Via;
use alongside_app::posts::{self, Writing};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::clock::{Clock, Timestamp};
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::Ids;
use alongside_domain::place::Places;
use alongside_domain::post::Visibility;
use alongside_federation::fetch;
use alongside_federation::node::{self, Federation};
use alongside_store::engine::Store;
use alongside_store::{erasures, members};
use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::Url;

const CALLBACK: &str = "http://127.0.0.1:9/callback";

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_700_000_000)
    }
}

/// Never the same twice, and the same in every run.
#[derive(Default)]
struct Counter(AtomicU64);

impl Chance for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
        }
    }
}

struct Node {
    router: Router,
    app: App,
    _folder: TempDir,
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
        let settings = alongside_app::context::Settings {
            places: Places::new(&Url::parse("http://127.0.0.1:7101").unwrap()),
            title: "Night owls".to_owned(),
            contact: Some("help@a.example".to_owned()),
            data_dir: folder.path().to_owned(),
            terms: alongside_domain::agreement::Terms::default(),
            post_chars_max: 5_000,
            media_bytes_max: 1_000_000,
            registrations: alongside_domain::sign_up::Registrations::Closed,
            min_age: None,
            mail: None,
            media: alongside_testkit::node::keeping(folder.path()),
        };
        let app = App::new(store, Arc::new(Stopped), Ids::new(0), Arc::new(Counter::default()), settings);
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
        Self { router: router(web), app, _folder: folder }
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

/// A browser that fills in the forms.
async fn sign_in_and_decide(node: &Node, query: &str, decision: &str) -> Answer {
    let form = |path: String, cookie: String, fields: Vec<(&'static str, String)>| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Request::post(path)
            .header(COOKIE, cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    };
    let page = node.get(&format!("/oauth/authorize?{query}")).await;
    let typed = vec![
        ("csrf", page.field("csrf")),
        ("email", "sam@a.example".to_owned()),
        ("password", "correct horse".to_owned()),
    ];
    let signed_in = node.send(form(page.action("sign-in"), page.cookie(), typed)).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{}", signed_in.text);
    let cookie = signed_in.cookie();
    let location = signed_in.header(LOCATION.as_str()).to_owned();
    let question =
        node.send(Request::get(location).header(COOKIE, &cookie).body(Body::empty()).unwrap()).await;
    assert!(
        question.text.contains("Walk") && question.text.contains("What you agree to"),
        "{}",
        question.text
    );
    let decided = vec![
        ("csrf", question.field("csrf")),
        ("member", question.field("member")),
        ("consent", question.field("consent")),
        ("decision", decision.to_owned()),
    ];
    node.send(form(question.action("/oauth/authorize"), cookie, decided)).await
}

fn query(client_id: &str, redirect_uri: &str, more: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("response_type", "code")
        .append_pair("scope", "read write")
        .append_pair("state", "as given")
        .extend_pairs(more)
        .finish()
}

fn answered(location: &str) -> Vec<(String, String)> {
    Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_code_with_pkce_becomes_a_token_that_works_until_it_is_given_back() {
    let node = Node::with_sam().await;
    let (id, secret) = node.register().await;
    let challenge = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let answer = sign_in_and_decide(&node, &query(&id, CALLBACK, &challenge), "approve").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let told = answered(answer.header(LOCATION.as_str()));
    assert_eq!((told[0].0.as_str(), told[1].1.as_str()), ("code", "as given"));
    let shown = |verifier: &str| {
        json!({ "grant_type": "authorization_code", "client_id": id, "client_secret": secret,
            "redirect_uri": CALLBACK, "code": told[0].1, "code_verifier": verifier })
    };
    let wrong = node.post("/oauth/token", &shown("wrong")).await;
    assert_eq!(
        (wrong.status, wrong.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_grant"))
    );
    let right = node.post("/oauth/token", &shown("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.text);
    assert_eq!(right.json()["scope"], "read write");
    let token = right.json()["access_token"].as_str().unwrap().to_owned();
    let preferences = node.get_with("/api/v1/preferences", &token).await;
    assert_eq!(preferences.json()["posting:default:visibility"], "public");
    let revoked = node
        .post("/oauth/revoke", &json!({ "client_id": id, "client_secret": secret, "token": token }))
        .await;
    assert_eq!((revoked.status, revoked.text.as_str()), (StatusCode::OK, "{}"));
    assert_eq!(node.get_with("/api/v1/preferences", &token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_member_who_says_no_is_taken_at_their_word() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let answer = sign_in_and_decide(&node, &query(&id, CALLBACK, &[]), "deny").await;
    let told = answered(answer.header(LOCATION.as_str()));
    assert!(told.contains(&("error".to_owned(), "access_denied".to_owned())), "{told:?}");
    assert!(told.contains(&("state".to_owned(), "as given".to_owned())));
}

#[tokio::test]
async fn a_code_is_shown_where_it_cannot_be_sent() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let answer = sign_in_and_decide(&node, &query(&id, "urn:ietf:wg:oauth:2.0:oob", &[]), "approve").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("<code class=\"shown\">"), "{}", answer.text);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_the_client_did_not_register() {
    let node = Node::new().await;
    let (id, _) = node.register().await;
    let evil = node.get(&format!("/oauth/authorize?{}", query(&id, "http://evil.example/cb", &[]))).await;
    assert_eq!((evil.status, evil.header("location")), (StatusCode::BAD_REQUEST, ""));
    assert!(evil.text.contains("<!doctype html>"));
    let unknown = node.get(&format!("/oauth/authorize?{}", query("nobody", CALLBACK, &[]))).await;
    assert_eq!((unknown.status, unknown.header("location")), (StatusCode::UNAUTHORIZED, ""));
}

/// A browser in which Sam has signed in on the way to a client.
async fn signed_in(node: &Node, id: &str, cookie: Option<&str>) -> String {
    let ask = Request::get(format!("/oauth/authorize?{}&force_login=true", query(id, CALLBACK, &[])));
    let ask = ask.header(COOKIE, cookie.unwrap_or_default());
    let page = node.send(ask.body(Body::empty()).unwrap()).await;
    let typed = json!({ "csrf": page.field("csrf"), "email": "sam@a.example", "password": "correct horse" });
    let cookie = cookie.map_or_else(|| page.cookie(), str::to_owned);
    let sign_in = Request::post(page.action("sign-in")).header(COOKIE, cookie);
    let sign_in =
        sign_in.header(CONTENT_TYPE, "application/json").body(Body::from(typed.to_string())).unwrap();
    node.send(sign_in).await.cookie()
}

#[tokio::test]
async fn a_client_that_asks_wrongly_is_told_only_by_a_browser_that_is_signed_in() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let wide = format!("/oauth/authorize?{}&scope=admin:write", query(&id, CALLBACK, &[]));
    let stranger = node.get(&wide).await;
    assert_eq!((stranger.status, stranger.header("location")), (StatusCode::BAD_REQUEST, ""));
    assert!(stranger.text.contains("<!doctype html>"));
    let cookie = signed_in(&node, &id, None).await;
    let told = node.send(Request::get(wide).header(COOKIE, cookie).body(Body::empty()).unwrap()).await;
    assert!(
        told.header("location").starts_with(&format!("{CALLBACK}?error=invalid_scope")),
        "{:?}",
        told.headers
    );
}

#[tokio::test]
async fn nobody_says_no_from_another_site() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let address = format!("/oauth/authorize?{}", query(&id, CALLBACK, &[]));
    let forged = json!({ "csrf": "guessed", "decision": "deny", "member": 1, "consent": 1 });
    let answer = node.post(&address, &forged).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FORBIDDEN, ""));
}

#[tokio::test]
async fn signing_in_again_ends_what_was_before() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let first = signed_in(&node, &id, None).await;
    let second = signed_in(&node, &id, Some(&first)).await;
    let address = format!("/oauth/authorize?{}", query(&id, CALLBACK, &[]));
    for (cookie, asks_whether) in [(first, false), (second, true)] {
        let page =
            node.send(Request::get(&address).header(COOKIE, cookie).body(Body::empty()).unwrap()).await;
        assert_eq!(page.text.contains("What you agree to"), asks_whether, "{}", page.text);
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let node = Node::with_sam().await;
    let (id, _) = node.register().await;
    let page = node.get(&format!("/oauth/authorize?{}", query(&id, CALLBACK, &[]))).await;
    let forged = json!({ "csrf": "guessed", "email": "sam@a.example", "password": "correct horse" });
    let answer = node.post(&page.action("sign-in"), &forged).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
}

#[tokio::test]
async fn an_app_has_a_token_of_its_own() {
    let node = Node::new().await;
    let (id, secret) = node.register().await;
    let mut body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    let token = node.post("/oauth/token", &body).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(node.get_with("/api/v1/apps/verify_credentials", &token).await.json()["name"], "Walk");
    let alone = node.get_with("/api/v1/preferences", &token).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    body["client_secret"] = json!("wrong");
    let wrong = node.post("/oauth/token", &body).await;
    assert_eq!(
        (wrong.status, wrong.json()["error"].as_str()),
        (StatusCode::UNAUTHORIZED, Some("invalid_client"))
    );
    body["grant_type"] = json!("password");
    assert_eq!(node.post("/oauth/token", &body).await.json()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn errors_are_json_for_clients_and_a_page_for_people() {
    let node = Node::new().await;
    for (path, status) in [
        ("/api/v1/no_such_endpoint", StatusCode::NOT_FOUND),
        ("/api/v1/preferences", StatusCode::UNAUTHORIZED),
    ] {
        let answer = node.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.json()["error"].is_string(), "{path}");
    }
    assert_eq!(
        node.get("/api/v2/instance/").await.status,
        StatusCode::OK,
        "a slash at the end means nothing"
    );
    let wrong_method = node.send(Request::delete("/api/v1/apps").body(Body::empty()).unwrap()).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong_method.json()["error"].is_string());
    let page = node.get("/no-such-page").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
    );
    assert!(page.text.contains("Urgent help"));
}

#[tokio::test]
async fn web_clients_of_other_sites_may_call_the_api_and_nothing_else() {
    let node = Node::new().await;
    let ask = |path: &str| {
        Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header("origin", "https://client.example")
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization,idempotency-key")
            .body(Body::empty())
            .unwrap()
    };
    for path in ["/api/v1/apps", "/api/v1/unknown", "/oauth/token", "/oauth/revoke", "/.well-known/host-meta"]
    {
        let answer = node.send(ask(path)).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (StatusCode::OK, "*"),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-headers"), "authorization,idempotency-key");
        assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    }
    let page = node.send(ask("/oauth/authorize")).await;
    assert_eq!(page.header("access-control-allow-origin"), "");
    let read = node
        .send(Request::get("/api/v2/instance").header("origin", "https://x").body(Body::empty()).unwrap())
        .await;
    assert!(read.header("access-control-expose-headers").contains("link"));
}

#[tokio::test]
async fn requests_are_counted() {
    let node = Node::with(2).await;
    let first = node.get("/api/v1/custom_emojis").await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), ("2", "1"));
    assert!(Timestamp::parse(first.header("x-ratelimit-reset")).is_some());
    node.get("/api/v1/custom_emojis").await;
    let third = node.get("/api/v1/custom_emojis").await;
    assert_eq!((third.status, third.header("x-ratelimit-remaining")), (StatusCode::TOO_MANY_REQUESTS, "0"));
    assert!(third.json()["error"].is_string() && !third.header("retry-after").is_empty());
}

#[tokio::test]
async fn the_tokens_of_an_application_share_a_budget() {
    let node = Node::with(5).await;
    let (id, secret) = node.register().await;
    let body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let given = node.post("/oauth/token", &body).await.json();
        tokens.push(given["access_token"].as_str().unwrap().to_owned());
    }
    for (token, left) in [(&tokens[0], "1"), (&tokens[1], "0")] {
        assert_eq!(node.get_with("/api/v1/custom_emojis", token).await.header("x-ratelimit-remaining"), left);
    }
    let status = node.get_with("/api/v1/custom_emojis", &tokens[0]).await.status;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn visits_are_counted() {
    let node = Node::with(2).await;
    for _ in 0..10 {
        assert_eq!(node.get("/").await.status, StatusCode::OK);
        assert_eq!(node.get("/actors/nobody").await.status, StatusCode::NOT_FOUND);
    }
    let last = node.get("/").await;
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.text.contains("One moment") && !last.header("retry-after").is_empty(), "{}", last.text);
    for path in ["/posts/1", "/.well-known/webfinger?resource=acct:a@b", "/.well-known/host-meta"] {
        assert_eq!(node.get(path).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    for path in ["/health", "/api/v2/instance"] {
        assert_eq!(node.get(path).await.status, StatusCode::OK, "{path} has nothing to do with it");
    }
    assert_eq!(node.get("/media/nothing.png").await.status, StatusCode::NOT_FOUND, "pictures come in dozens");
}

#[tokio::test]
async fn registrations_are_counted() {
    let node = Node::new().await;
    let body = json!({ "client_name": "Walk", "redirect_uris": CALLBACK });
    for _ in 0..3 {
        assert_eq!(node.post("/api/v1/apps", &body).await.status, StatusCode::OK);
    }
    assert_eq!(node.post("/api/v1/apps", &body).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_node_says_what_it_is() {
    let node = Node::with_sam().await;
    let two = node.get("/api/v2/instance").await.json();
    assert!(two["version"].as_str().unwrap().starts_with("4.7.0 (compatible; Alongside"));
    assert_eq!((&two["domain"], &two["api_versions"]["mastodon"]), (&json!("127.0.0.1:7101"), &json!(6)));
    assert_eq!(two["source_url"], "http://127.0.0.1:7101", "nobody has said where it is");
    assert_eq!(two["configuration"]["urls"]["streaming"], "ws://127.0.0.1:7101");
    assert_eq!(two["configuration"]["timelines_access"]["live_feeds"]["remote"], "public");
    assert_eq!(two["configuration"]["limited_federation"], false, "it talks with whoever talks with it");
    let one = node.get("/api/v1/instance").await.json();
    assert_eq!((&one["stats"]["user_count"], &one["title"]), (&json!(1), &json!("Night owls")));
    assert!(
        node.get("/.well-known/host-meta").await.text.contains("http://127.0.0.1:7101/.well-known/webfinger")
    );
}

#[tokio::test]
async fn a_node_without_its_database_is_alive_and_not_ready() {
    let node = Node::new().await;
    assert_eq!(node.get("/ready").await.status, StatusCode::OK);
    node.app.store().close().await;
    assert_eq!(node.get("/health").await.status, StatusCode::OK);
    let ready = node.get("/ready").await;
    assert_eq!((ready.status, ready.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert_eq!(node.get("/api/v2/instance").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(node.get("/urgent-help").await.status, StatusCode::OK, "help is there when nothing else is");
}

#[tokio::test]
async fn every_answer_has_an_id_and_careful_headers() {
    let node = Node::new().await;
    for path in ["/", "/api/v2/instance", "/api/v1/nothing", "/static/style.css", "/oauth/authorize"] {
        let answer = node.get(path).await;
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_member_deletes_themselves_with_the_password_they_sign_in_with() {
    let node = Node::with_sam().await;
    let page = node.get("/goodbye").await;
    let leave = async |csrf: String, password: &str, handle: &str| {
        let typed = json!({ "csrf": csrf, "handle": handle, "email": "sam@a.example", "password": password });
        let form = Request::post("/goodbye").header(COOKIE, page.cookie());
        let form = form.header(CONTENT_TYPE, "application/json").body(Body::from(typed.to_string()));
        node.send(form.unwrap()).await
    };
    let forged = leave("guessed".to_owned(), "correct horse", "sam").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    for (password, handle) in [("wrong horse", "sam"), ("correct horse", "somebody")] {
        let refused = leave(page.field("csrf"), password, handle).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("the password or the name is wrong"), "{}", refused.text);
    }
    assert_eq!(node.get("/@sam").await.status, StatusCode::OK);
    let gone = leave(page.field("csrf"), "correct horse", "@sam").await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    assert_eq!(node.get("/@sam").await.status, StatusCode::NOT_FOUND);
    assert_eq!(node.get("/actors/sam").await.status, StatusCode::GONE);
    let again = leave(page.field("csrf"), "correct horse", "sam").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_member_names_another_account_and_the_other_moves_to_it() {
    let node = Node::with_sam().await;
    let robin = NewAccount {
        handle: Handle::new("robin").unwrap(),
        email: Email::parse("robin@a.example").unwrap(),
        password: Password::new("battery staple".to_owned()).unwrap(),
        role: Role::Member,
    };
    accounts::create(&node.app, &robin).await.unwrap();
    let page = node.get("/moving").await;
    let goes = async |(handle, password): (&str, &str), other: &str, way: &str| {
        let typed = json!({ "csrf": page.field("csrf"), "handle": handle, "other": other, "password": password,
            "email": format!("{handle}@a.example"), "way": way });
        let form = Request::post("/moving").header(COOKIE, page.cookie());
        let form = form.header(CONTENT_TYPE, "application/json").body(Body::from(typed.to_string()));
        node.send(form.unwrap()).await
    };
    let (sam, robin) = (("sam", "correct horse"), ("robin", "battery staple"));
    for (who, other, way, why) in [
        (("sam", "wrong horse"), "@robin", "here", "the password is wrong"),
        (("robin", "correct horse"), "@sam", "away", "the password is wrong"),
        (sam, "not an address", "here", "no address of an account"),
        (sam, "@nobody", "here", "cannot be found"),
        (sam, "@sam", "here", "nobody moves to themselves"),
        (robin, "@sam", "away", "does not name this one"),
    ] {
        let refused = goes(who, other, way).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other} {way}");
        assert!(refused.text.contains(why), "{other} {way}: {}", refused.text);
    }
    let named = goes(sam, "@robin", "here").await;
    assert_eq!((named.status, named.text.contains("Now move from there to here")), (StatusCode::OK, true));
    let moved = goes(robin, "@sam", "away").await;
    assert_eq!((moved.status, moved.text.contains("robin has moved to sam")), (StatusCode::OK, true));
    let document = node.get("/actors/robin").await;
    assert!(document.text.contains("/actors/sam"), "{}", document.text);
}

#[tokio::test]
async fn a_member_sees_what_became_of_what_they_deleted() {
    let node = Node::with_sam().await;
    let sam = members::find_by_handle(&mut node.app.reader(), "sam").await.unwrap().unwrap().id;
    let typed =
        Typed { text: "a regret".to_owned(), visibility: Some(Visibility::Public), ..Typed::default() };
    let writing = Writing { author: sam, application: None, idempotency_key: None };
    let post = posts::publish(&node.app, &writing, &Draft::new(typed, 500).unwrap()).await.unwrap();
    posts::delete(&node.app, sam.actor(), post.id, Via::Here).await.unwrap();
    let (now, mut tx) = (node.app.now(), node.app.store().begin().await.unwrap());
    let erasure = erasures::of_post(&mut tx, post.id).await.unwrap().unwrap().id;
    for (host, end) in [("b.example", ReceiptState::Arrived), ("c.example", ReceiptState::Refused)] {
        erasures::expect(&mut tx, erasure, host, now).await.unwrap();
        erasures::answered(&mut tx, erasure, host, end, "", now).await.unwrap();
    }
    erasures::told(&mut tx, erasure, now).await.unwrap();
    tx.commit().await.unwrap();
    let page = node.get("/deletions").await;
    let ask = async |password: &str| {
        let typed = json!({ "csrf": page.field("csrf"), "handle": "@sam", "email": "sam@a.example",
            "password": password });
        let form = Request::post("/deletions").header(COOKIE, page.cookie());
        let form = form.header(CONTENT_TYPE, "application/json").body(Body::from(typed.to_string()));
        node.send(form.unwrap()).await
    };
    let refused = ask("wrong horse").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains(&post.uri), "{}", refused.text);
    let shown = ask("correct horse").await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    for says in ["1 of 2 servers", "c.example refused the deletion", post.uri.as_str()] {
        assert!(shown.text.contains(says), "{says}: {}", shown.text);
    }
    assert!(!shown.text.contains("b.example"), "{}", shown.text);
}
