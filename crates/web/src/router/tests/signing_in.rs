//! How a client comes to act for a member: the pages it sends them to, and the tokens it is given.

use super::{Answer, CALLBACK, Node};
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use http::{Request, StatusCode};
use serde_json::json;
use url::Url;

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
