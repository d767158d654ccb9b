//! Files in a bucket that members are sent to, asked over HTTP, with a server on loopback in the place of the bucket.

use crate::mastodon::testing::{Door, Persona, png};
use alongside_app::files::Files;
use alongside_app::files::bucket::{Bucket, Settings};
use alongside_app::media::Addresses;
use alongside_app::uploads::{self, Given, Wait};
use alongside_domain::account::Role;
use alongside_domain::agreement::Terms;
use alongside_domain::media::Media;
use alongside_domain::post::{Post, Visibility};
use alongside_store::engine::Store;
use alongside_store::media::{self, Words};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use axum::Router;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

const NO_WORDS: Words = Words { description: None, focus_x: 0.0, focus_y: 0.0 };

/// A door whose files lie in a bucket, and where that is. It takes whatever it is sent, and gives out a picture.
async fn door(store: Store, presigned: bool) -> (Door, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let bucket = Router::new().fallback(async || ([("etag", "\"1\"")], png()));
    tokio::spawn(async move { axum::serve(listener, bucket).await });
    let settings = Settings {
        bucket: "ours".to_owned(),
        endpoint: Some(endpoint.clone()),
        region: "eu-west-2".to_owned(),
        key_id: "key".to_owned(),
        secret: "hush-hush".to_owned(),
        presigned,
    };
    let files = Files::Bucket(Bucket::new(&settings).unwrap());
    let node =
        Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.files = files);
    (Door::of(node, Vec::new()), endpoint)
}

/// A picture that goes with a post.
async fn picture(door: &Door, who: &Persona, visibility: Visibility) -> (Media, Post) {
    let given = Given { file: png().into(), thumbnail: None };
    let taken = uploads::take(&door.node.app, who.member, given, NO_WORDS, Wait::No).await.unwrap();
    let post = door.node.post_with(who.member.actor(), "a card", |post| post.visibility = visibility).await;
    let mut tx = door.node.store().begin().await.unwrap();
    assert!(media::attach(&mut tx, who.member.actor(), post.id, &[taken.id]).await.unwrap());
    tx.commit().await.unwrap();
    (taken, post)
}

/// The address that a post shows for its picture.
async fn shown(door: &Door, (media, post): &(Media, Post)) -> String {
    let addresses = Addresses::load(&door.node.app).await.unwrap();
    addresses.file(media, Some(post)).unwrap().strip_prefix("http://127.0.0.1:7100").unwrap().to_owned()
}

both_engines! {
    async fn whoever_may_see_a_file_is_sent_to_the_bucket(store: Store) {
        let (door, endpoint) = door(store, true).await;
        let sam = door.persona("sam").await;
        for (visibility, lasting, keeping, file_keeping) in [
            (Visibility::Public, "3600", "public, max-age=1800", "public, max-age=3600"),
            (Visibility::Direct, "900", "private, max-age=300", "private, max-age=3600"),
        ] {
            let picture = picture(&door, &sam, visibility).await;
            let sent = door.get(&shown(&door, &picture).await, "").await;
            assert_eq!((sent.status, sent.header("cache-control")), (StatusCode::FOUND, keeping));
            assert_eq!((sent.header("vary"), sent.bytes.len()), ("sec-fetch-site", 0));
            let there = Url::parse(sent.header("location")).unwrap();
            let name = picture.0.file.unwrap();
            assert_eq!(&there[..url::Position::AfterPath], format!("{endpoint}/ours/{name}"));
            let said = |name: &str| there.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            for (key, value) in [
                ("X-Amz-Expires", lasting),
                ("response-content-type", "image/png"),
                ("response-content-disposition", "inline"),
                ("response-cache-control", file_keeping),
            ] {
                assert_eq!(said(key).as_deref(), Some(value), "{key}");
            }
            assert!(said("X-Amz-Signature").is_some() && !there.as_str().contains("hush"), "{there}");
        }
    }

    async fn nobody_else_is_told_where_it_lies(store: Store) {
        let (door, _) = door(store, true).await;
        let sam = door.persona("sam").await;
        door.node.member_as("staff", Role::Moderator).await;
        let staff = door.token("staff", "admin:read admin:write").await;
        let status = async |address: &str| door.get(address, "").await.status;
        let private = shown(&door, &picture(&door, &sam, Visibility::Followers).await).await;
        let (bare, _) = private.split_once('?').unwrap();
        assert_eq!((status(&private).await, status(bare).await), (StatusCode::FOUND, StatusCode::NOT_FOUND));
        assert_eq!(status(&private.replace("until=1", "until=2")).await, StatusCode::NOT_FOUND);
        let open = picture(&door, &sam, Visibility::Public).await;
        let address = shown(&door, &open).await;
        let action = |path: &str| format!("/api/v1/admin/accounts/{}/{path}", sam.member);
        door.post(&action("action"), &staff, &json!({ "type": "suspend" })).await.ok();
        assert_eq!(status(&address).await, StatusCode::NOT_FOUND, "while its author is suspended");
        door.post(&action("unsuspend"), &staff, &json!({})).await.ok();
        assert_eq!(status(&address).await, StatusCode::FOUND);
        door.delete(&format!("/api/v1/statuses/{}", open.1.id), &sam.token).await.ok();
        assert_eq!(status(&address).await, StatusCode::NOT_FOUND, "it is gone");
        door.node.clock.advance_secs(2 * 3_600);
        assert_eq!(status(&private).await, StatusCode::NOT_FOUND, "it has run out");
    }

    async fn pages_of_this_node_and_those_who_only_look_whether_it_is_there_are_not_sent_on(store: Store) {
        let (door, _) = door(store, true).await;
        let sam = door.persona("sam").await;
        let address = shown(&door, &picture(&door, &sam, Visibility::Public).await).await;
        let ours = [("sec-fetch-site", "same-origin")];
        let file = door.ask(Method::GET, &address, "", "", &ours, Body::empty()).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/png"));
        assert!(file.bytes.starts_with(b"\x89PNG"));
        let looked = door.ask(Method::HEAD, &address, "", "", &[], Body::empty()).await;
        assert_eq!((looked.status, looked.header("location")), (StatusCode::OK, ""));
        let elsewhere = [("sec-fetch-site", "cross-site")];
        let sent = door.ask(Method::GET, &address, "", "", &elsewhere, Body::empty()).await;
        assert_eq!(sent.status, StatusCode::FOUND);
    }

    async fn a_bucket_that_nobody_is_sent_to_is_read_by_this_node(store: Store) {
        let (door, _) = door(store, false).await;
        let sam = door.persona("sam").await;
        let file = door.get(&shown(&door, &picture(&door, &sam, Visibility::Public).await).await, "").await;
        assert_eq!((file.status, file.header("location")), (StatusCode::OK, ""));
    }
}
