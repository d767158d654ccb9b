//! Copies of what lies elsewhere, asked over HTTP, with a server on loopback in the place of elsewhere.

use crate::mastodon::testing::Door;
use alongside_app::copies::{Keep, Size};
use alongside_app::media::Addresses;
use alongside_app::{copies, hosts};
use alongside_domain::agreement::{Limit, Limits, Terms};
use alongside_domain::id::ActorId;
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::media;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use axum::Router;
use axum::body::Bytes;
use axum::response::Redirect;
use axum::routing::get;
use http::StatusCode;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

const PNG: &[u8] = include_bytes!("../../static/avatar.png");
const KEEP: Keep = Keep { bytes_max: 1_000_000, days: 7 };

/// Somewhere else, that counts how often it was asked.
struct Elsewhere {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Elsewhere {
    async fn new() -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let router = Router::new()
            .route("/a.png", get(|| async { PNG }))
            .route("/b.png", get(|| async { PNG }))
            .route("/page", get(|| async { "<script>alert(1)</script>" }))
            .route("/large", get(|| async { Bytes::from(vec![0; 17 * 1024 * 1024]) }))
            .route("/inside", get(|| async { Redirect::to("http://127.0.0.1:9/") }))
            .route("/sound", get(|| async { [&b"OggS"[..], &[0; 200]].concat() }))
            .layer(axum::middleware::from_fn(
                move |request: axum::extract::Request, next: axum::middleware::Next| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    next.run(request)
                },
            ));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn door(store: Store, elsewhere: &Elsewhere, keep: Option<Keep>) -> Door {
    let node =
        Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.copies = keep);
    Door::of(node, vec![elsewhere.address.to_string()])
}

async fn ticket(door: &Door, url: &str, size: Size, open: bool) -> String {
    let addresses = Addresses::load(&door.node.app).await.unwrap();
    addresses.copy(url, size, open).unwrap().strip_prefix("http://127.0.0.1:7100").unwrap().to_owned()
}

fn files(door: &Door) -> usize {
    std::fs::read_dir(door.node.folder().join("media")).map_or(0, Iterator::count)
}

both_engines! {
    async fn a_copy_is_made_once_and_can_do_nothing_but_be_looked_at(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        for _ in 0..3 {
            for size in [Size::Original, Size::Small] {
                let copy = door.get(&ticket(&door, &elsewhere.url("/a.png"), size, true).await, "").await;
                assert_eq!((copy.status, copy.header("content-type")), (StatusCode::OK, "image/png"));
                assert_eq!(copy.header("x-content-type-options"), "nosniff");
                assert_eq!(copy.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
                assert_eq!((copy.header("content-disposition"), copy.header("cache-control")), ("inline", "public, max-age=3600"));
                assert!(copy.bytes.starts_with(b"\x89PNG"));
            }
        }
        assert_eq!((elsewhere.asked(), files(&door)), (1, 2));
        let sound = door.get(&ticket(&door, &elsewhere.url("/sound"), Size::Original, true).await, "").await;
        assert_eq!((sound.status, sound.header("content-type")), (StatusCode::OK, "audio/ogg"));
    }

    async fn only_what_this_node_signed_is_fetched(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        let good = ticket(&door, &elsewhere.url("/a.png"), Size::Original, true).await;
        let other = ticket(&door, &elsewhere.url("/b.png"), Size::Original, true).await;
        let (head, _) = good.rsplit_once('.').unwrap();
        let (_, tail) = other.rsplit_once('.').unwrap();
        for forged in [
            format!("{head}.{tail}"),
            good.replace("original", "small"),
            good.replace(".0.", ".99999999999."),
            "/copies/original.0..".to_owned(),
            "/copies/x".to_owned(),
        ] {
            assert_eq!(door.get(&forged, "").await.status, StatusCode::NOT_FOUND, "{forged}");
        }
        assert_eq!(elsewhere.asked(), 0);
        let soon = ticket(&door, &elsewhere.url("/a.png"), Size::Original, false).await;
        let copy = door.get(&soon, "").await;
        assert_eq!((copy.status, copy.header("cache-control")), (StatusCode::OK, "private, max-age=3600"));
        door.node.clock.advance_secs(2 * 3_600);
        assert_eq!(door.get(&soon, "").await.status, StatusCode::NOT_FOUND, "it has run out");
    }

    async fn what_is_no_picture_too_large_or_inside_is_not_had_and_not_asked_for_again(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        for (number, path) in ["/page", "/large", "/inside", "/nothing"].into_iter().enumerate() {
            let ticket = ticket(&door, &elsewhere.url(path), Size::Original, true).await;
            for _ in 0..2 {
                assert_eq!(door.get(&ticket, "").await.status, StatusCode::NOT_FOUND, "{path}");
            }
            assert_eq!(elsewhere.asked(), number + 1, "{path}");
        }
        let private = ticket(&door, "http://127.0.0.1:9/a.png", Size::Original, true).await;
        assert_eq!(door.get(&private, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(files(&door), 0);
        door.node.clock.advance_secs(600);
        let again = ticket(&door, &elsewhere.url("/page"), Size::Original, true).await;
        door.get(&again, "").await;
        assert_eq!(elsewhere.asked(), 5, "after ten minutes it is");
    }

    async fn nothing_is_fetched_from_a_host_whose_media_are_left_out(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        let good = ticket(&door, &elsewhere.url("/a.png"), Size::Original, true).await;
        door.get(&good, "").await;
        let host = elsewhere.address.to_string();
        hosts::limit(&door.node.app, &host, Limits::of(&[Limit::NoMedia])).await.unwrap();
        assert_eq!(door.get(&good, "").await.status, StatusCode::NOT_FOUND, "not even what was fetched before");
        hosts::open(&door.node.app, &host).await.unwrap();
        assert_eq!(door.get(&good, "").await.status, StatusCode::OK);
        hosts::block(&door.node.app, &host).await.unwrap();
        assert_eq!(door.get(&good, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(elsewhere.asked(), 1);
    }

    async fn copies_go_when_they_are_old_or_too_much(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let keep = Keep { bytes_max: 1, days: 7 };
        let door = door(store, &elsewhere, Some(keep));
        let (a, b) = (elsewhere.url("/a.png"), elsewhere.url("/b.png"));
        let look = async |url: &str| door.get(&ticket(&door, url, Size::Small, true).await, "").await.status;
        assert_eq!((look(&a).await, files(&door)), (StatusCode::OK, 2));
        door.node.clock.advance_secs(1);
        assert_eq!((look(&b).await, files(&door)), (StatusCode::OK, 2), "there is room for one");
        door.node.clock.advance_secs(7 * 86_400 - 1);
        assert_eq!(copies::sweep(&door.node.app).await.unwrap(), 0);
        assert_eq!(look(&b).await, StatusCode::OK);
        door.node.clock.advance_secs(7 * 86_400);
        assert_eq!(copies::sweep(&door.node.app).await.unwrap(), 0, "somebody looked");
        door.node.clock.advance_secs(2);
        assert_eq!((copies::sweep(&door.node.app).await.unwrap(), files(&door)), (1, 0));
        assert_eq!(elsewhere.asked(), 2);
    }

    async fn two_servers_that_copy_the_same_keep_one_copy(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        for number in 1..=4 {
            let url = elsewhere.url(&format!("/{number}.png"));
            let keep = async || copies::keep(&door.node.app, &url, Bytes::from_static(PNG), Size::Original).await;
            let (one, other) = tokio::join!(keep(), keep());
            assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
            assert_eq!(files(&door), 2 * number, "each has a small one beside it");
        }
    }

    async fn members_are_sent_elsewhere_only_where_copies_are_off(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let cases = [
            (None, Visibility::Public),
            (Some(KEEP), Visibility::Public),
            (Some(KEEP), Visibility::Followers),
        ];
        for (hours, (keep, visibility)) in (0..).zip(cases) {
            let door = door(store.clone(), &elsewhere, keep);
            // Each has a clock of its own, and ids come from the clock.
            door.node.clock.advance_secs(hours * 3_600);
            let handle = format!("kim{}{}", keep.is_some(), visibility.as_str());
            let kim = door.node.stranger(&handle, "b.example").await;
            let url = elsewhere.url("/a.png");
            let post = door.node.post_with(kim, "look", |post| post.visibility = visibility).await;
            let file = picture(&door, kim, Some(post.id), &url);
            let mut tx = door.node.store().begin().await.unwrap();
            media::insert_remote(&mut tx, std::slice::from_ref(&file)).await.unwrap();
            tx.commit().await.unwrap();
            let addresses = Addresses::load(&door.node.app).await.unwrap();
            let (shown, small) = (addresses.file(&file, Some(&post)).unwrap(), addresses.preview(&file, Some(&post)).unwrap());
            if keep.is_none() {
                assert_eq!((&shown, &small), (&url, &url));
                continue;
            }
            assert!(shown.starts_with("http://127.0.0.1:7100/copies/original.") && small.starts_with("http://127.0.0.1:7100/copies/small."));
            assert_eq!(shown.contains("original.0."), visibility == Visibility::Public, "it runs out where the post is not open");
            let film = Media { kind: MediaKind::Video, ..file };
            assert!(addresses.file(&film, Some(&post)).is_some() && addresses.preview(&film, Some(&post)).is_none());
        }
    }

    async fn portraits_from_elsewhere_are_copies_too(store: Store) {
        let elsewhere = Elsewhere::new().await;
        let door = door(store, &elsewhere, Some(KEEP));
        Addresses::load(&door.node.app).await.unwrap();
        let address = door.node.app.places().elsewhere(&elsewhere.url("/a.png")).unwrap();
        let copy = door.get(address.strip_prefix("http://127.0.0.1:7100").unwrap(), "").await;
        assert_eq!(copy.status, StatusCode::OK);
    }
}

fn picture(door: &Door, owner: ActorId, post: Option<alongside_domain::id::PostId>, url: &str) -> Media {
    Media {
        id: door.node.app.next_id(),
        owner,
        post,
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        file: None,
        preview: None,
        cover: None,
        remote_url: Some(url.to_owned()),
        description: None,
        focus_x: 0.0,
        focus_y: 0.0,
        blurhash: None,
        width: 3,
        height: 4,
        playing: None,
        state: MediaState::Ready,
        created_at: door.node.app.now(),
    }
}
