//! The pages on which a member types the password they sign in with: they leave, they move, they ask what became of
//! what they deleted.

use super::Node;
use alongside_app::accounts::{self, NewAccount};
use alongside_app::effects::Via;
use alongside_app::posts::{self, Writing};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::erasure::ReceiptState;
use alongside_domain::post::Visibility;
use alongside_store::{erasures, members};
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE};
use http::{Request, StatusCode};
use serde_json::json;

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
