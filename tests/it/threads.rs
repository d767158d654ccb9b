//! Whole threads: what a member sees who opens one that lives elsewhere, and what an origin that means us harm can
//! make us do.

mod origin;

use alongside_domain::id::ActorId;
use alongside_federation::{backfill, lists, thread};
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use reqwest::Url;
use serde_json::{Value, json};

use self::origin::{Answer, At, Origin, note};
use crate::peer::{Client, Peer, id, list, settle, words};

/// A member on a node that may ask one other server.
struct Reader {
    peer: Peer,
    origin: Origin,
    sam: Client,
}

impl Reader {
    async fn new(store: Store, origin: Origin) -> Self {
        let peer = Peer::beside(store, origin.address()).await;
        let sam = peer.member("sam").await;
        Self { peer, origin, sam }
    }

    /// Looks a post up by its address; its id here.
    async fn find(&self, path: &str) -> String {
        let url = self.origin.at(path);
        let found = self.sam.get(&format!("/api/v2/search?q={url}&resolve=true&type=statuses")).await;
        id(found["statuses"].get(0).expect("a post of that address"))
    }

    /// Opens the thread, and once again after the node has done its work.
    async fn open(&self, post: &str) -> Value {
        self.sam.get(&format!("/api/v1/statuses/{post}/context")).await;
        settle(&[&self.peer]).await;
        self.sam.get(&format!("/api/v1/statuses/{post}/context")).await
    }
}

/// The posts in a part of a thread, by what they say.
fn said(thread: &Value, part: &str) -> Vec<String> {
    let mut said = words(&list(thread[part].clone()));
    said.sort();
    said
}

both_engines! {
    async fn a_thread_comes_while_its_reader_waits_and_is_not_asked_for_again_at_once(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/0" => Answer::post(note(at, "0", None)),
            "/p/1" => {
                let replies = json!({
                    "type": "Collection", "id": at("/r/1"),
                    "first": { "type": "CollectionPage", "items": [at("/p/2")], "next": at("/r/1/2") },
                });
                Answer::post(note(at, "1", Some("0")).with("replies", replies).with("context", at("/context").into()))
            }
            "/r/1/2" => Answer::post(json!({
                "id": at("/r/1/2"), "type": "CollectionPage", "partOf": at("/r/1"), "items": [at("/p/3")],
            })),
            "/p/2" => Answer::post(note(at, "2", Some("1"))),
            "/p/3" => Answer::post(note(at, "3", Some("1")).with("replies", json!([at("/p/4")]))),
            "/p/4" => Answer::post(note(at, "4", Some("3"))),
            // The list of the whole is not in order, and names what belongs elsewhere.
            "/context" => Answer::post(json!({
                "id": at("/context"), "type": "OrderedCollection", "totalItems": 4,
                "orderedItems": [at("/p/6"), at("/p/5"), at("/p/1"), at("/p/elsewhere")],
            })),
            "/p/5" => Answer::post(note(at, "5", Some("0"))),
            "/p/6" => Answer::post(note(at, "6", Some("5"))),
            "/p/elsewhere" => Answer::post(note(at, "elsewhere", None)),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        let opened = format!("/api/v1/statuses/{post}/context");

        let (thread, refresh) = reader.sam.get_with(&opened, "mastodon-async-refresh").await;
        assert_eq!(said(&thread, "descendants"), [""; 0]);
        assert_eq!(refresh, format!("id=\"thread-{post}\", retry=3, result_count=0"));
        let running = reader.sam.get(&format!("/api/v1_alpha/async_refreshes/thread-{post}")).await;
        assert_eq!(running, json!({
            "async_refresh": { "id": format!("thread-{post}"), "status": "running", "result_count": 0 }
        }));

        settle(&[&reader.peer]).await;
        let ended = reader.sam.get(&format!("/api/v1_alpha/async_refreshes/thread-{post}")).await;
        assert_eq!((&ended["async_refresh"]["status"], &ended["async_refresh"]["result_count"]),
            (&json!("finished"), &json!(5)));
        let (thread, refresh) = reader.sam.get_with(&opened, "mastodon-async-refresh").await;
        assert_eq!(refresh, "");
        assert_eq!(said(&thread, "ancestors"), ["post 0"]);
        assert_eq!(said(&thread, "descendants"), ["post 2", "post 3", "post 4"]);
        let whole = reader.sam.get(&format!("/api/v1/statuses/{}/context", id(&thread["ancestors"][0]))).await;
        assert_eq!(said(&whole, "descendants"), ["post 1", "post 2", "post 3", "post 4", "post 5", "post 6"]);

        settle(&[&reader.peer]).await;
        let asked = reader.origin.asked();
        reader.open(&post).await;
        assert_eq!(reader.origin.asked(), asked, "a moment later nothing is asked again");
        reader.peer.kit.clock.advance_secs(601);
        reader.open(&post).await;
        assert!(reader.origin.asked() > asked, "after a while it is");
    }

    async fn the_address_of_a_thread_finds_what_it_began_with(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/topic/1" => Answer::post(json!({
                "id": at(path), "type": "OrderedCollection", "orderedItems": [at("/p/1"), at("/p/2")],
            })),
            "/p/1" => Answer::post(note(at, "1", None)),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let found = reader.find("/topic/1").await;
        assert_eq!(reader.find("/p/1").await, found);
    }

    async fn the_recent_threads_of_a_community_come_whatever_its_outbox_looks_like(store: Store) {
        let origin = Origin::serve(outboxes).await;
        let reader = Reader::new(store, origin).await;
        let robin = reader.peer.kit.member("robin").await.actor();
        for software in ["lemmy", "peertube", "mobilizon", "nodebb", "wordpress"] {
            let url = reader.origin.at(&format!("/c/{software}"));
            let found = reader.sam.get(&format!("/api/v2/search?q={url}&resolve=true&type=accounts")).await;
            let group = id(&found["accounts"][0]);
            let actor: ActorId = group.parse().expect("an id");
            reader.peer.kit.follow(robin, actor).await;
            backfill::community(&reader.peer.federation, actor).await.expect("the store works");
            let shown = reader.sam.posts_of(&group).await;
            assert_eq!(shown.len(), 1, "{software}");
            assert_eq!(shown[0]["uri"], reader.origin.at(&format!("/t/{software}")), "{software}");
        }
        // The thread that Lemmy lists has an answer, and that came along.
        let found = reader.sam.get(&format!("/api/v2/search?q={}&type=statuses", reader.origin.at("/t/lemmy"))).await;
        assert_eq!(words(&reader.sam.below(&id(&found["statuses"][0])).await), ["post 7"]);
    }

    async fn of_an_outbox_that_begins_with_the_oldest_the_newest_come(store: Store) {
        let origin = Origin::serve(oldest_first).await;
        let reader = Reader::new(store, origin).await;
        let url = reader.origin.at("/c/forum");
        let found = reader.sam.get(&format!("/api/v2/search?q={url}&resolve=true&type=accounts")).await;
        let group = id(&found["accounts"][0]);
        let actor: ActorId = group.parse().expect("an id");
        reader.peer.kit.follow(reader.peer.kit.member("robin").await.actor(), actor).await;
        backfill::community(&reader.peer.federation, actor).await.expect("the store works");
        let newest: Vec<String> = (11..=30).rev().map(|number| format!("post {number}")).collect();
        assert_eq!(words(&reader.sam.posts_of(&group).await), newest);
    }

    async fn what_has_not_changed_is_not_sent_again(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/1" => Answer::post(note(at, "1", None)).marked("\"one\""),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        reader.open(&post).await;
        assert!(reader.origin.unchanged() > 0, "asked for only if it has changed");
        reader.peer.kit.clock.advance_secs(601);
        let before = reader.origin.unchanged();
        reader.open(&post).await;
        assert!(reader.origin.unchanged() > before);
    }

    async fn a_host_that_asks_us_to_wait_is_left_alone(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/1" => Answer::post(note(at, "1", None).with("replies", json!([at("/busy"), at("/p/2")]))),
            "/p/2" => Answer::post(note(at, "2", Some("1"))),
            "/busy" => Answer::busy(120),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        assert_eq!(said(&reader.open(&post).await, "descendants"), [""; 0]);
        let asked = reader.origin.asked();
        let two = Url::parse(&reader.origin.at("/p/2")).expect("an address");
        assert!(reader.peer.federation.read(&two).await.is_err(), "the time is not up");
        assert_eq!(reader.origin.asked(), asked, "nobody asks before the time is up");
        reader.peer.kit.clock.advance_secs(121);
        reader.peer.federation.read(&two).await.expect("it answers again");
    }

    async fn a_thread_without_end_upwards_is_read_so_far(store: Store) {
        let origin = Origin::serve(|at, path| match path.strip_prefix("/p/").map(str::parse::<u32>) {
            Some(Ok(number)) => Answer::post(note(at, &number.to_string(), Some(&(number + 1).to_string()))),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        let thread = reader.open(&post).await;
        let above = said(&thread, "ancestors").len();
        assert!((20..=42).contains(&above), "{above} posts above");
        assert!(reader.origin.asked() < 100, "{} documents were asked for", reader.origin.asked());
    }

    async fn a_thread_without_end_downwards_is_read_so_far(store: Store) {
        let origin = Origin::serve(|at, path| match path.strip_prefix("/p/").map(str::parse::<u32>) {
            Some(Ok(number)) => {
                let above = number.checked_sub(1).map(|above| above.to_string());
                let below = json!([at(&format!("/p/{}", number + 1))]);
                Answer::post(note(at, &number.to_string(), above.as_deref()).with("replies", below))
            }
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/0").await;
        let before = reader.origin.asked();
        let thread = reader.open(&post).await;
        let below = said(&thread, "descendants").len();
        assert!(below > 50, "{below} posts below");
        assert!(reader.origin.asked() - before <= thread::READS_MAX + 2, "{}", reader.origin.asked() - before);
    }

    async fn a_list_without_end_is_read_so_far(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/1" => Answer::post(note(at, "1", None).with("replies", at("/r/0").into())),
            _ => match path.strip_prefix("/r/").map(str::parse::<u32>) {
                Some(Ok(number)) => Answer::post(json!({
                    "id": at(path), "type": "CollectionPage", "items": [], "next": at(&format!("/r/{}", number + 1)),
                })),
                _ => Answer::nothing(),
            },
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        let before = reader.origin.asked();
        reader.open(&post).await;
        assert!(reader.origin.asked() - before <= lists::PAGES_MAX + 2, "{}", reader.origin.asked() - before);
    }

    async fn a_huge_list_of_nothing_costs_so_much(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/1" => {
                let many: Vec<String> = (0..100_000).map(|number| at(&format!("/n/{number}"))).collect();
                Answer::post(note(at, "1", None).with("context", at("/context").into()).with("replies", json!(many[..5_000])))
            }
            "/context" => Answer::post(json!({
                "id": at("/context"), "type": "OrderedCollection",
                "orderedItems": (0..20_000).map(|number| at(&format!("/m/{number}"))).collect::<Vec<_>>(),
            })),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        let before = reader.origin.asked();
        reader.open(&post).await;
        assert!(reader.origin.asked() - before <= thread::READS_MAX + 2, "{}", reader.origin.asked() - before);
    }

    async fn posts_that_answer_each_other_in_a_circle_are_shown_once(store: Store) {
        let origin = Origin::serve(|at, path| match path {
            "/p/1" => Answer::post(note(at, "1", Some("3")).with("replies", json!([at("/p/2"), at("/p/1")]))),
            "/p/2" => Answer::post(note(at, "2", Some("1")).with("replies", json!([at("/p/3")]))),
            "/p/3" => Answer::post(note(at, "3", Some("2")).with("replies", json!([at("/p/1")]))),
            _ => Answer::nothing(),
        }).await;
        let reader = Reader::new(store, origin).await;
        let post = reader.find("/p/1").await;
        let thread = reader.open(&post).await;
        let mut all = said(&thread, "ancestors");
        all.extend(said(&thread, "descendants"));
        let shown = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), shown, "{all:?}");
        assert!(reader.origin.asked() < 40, "{}", reader.origin.asked());
    }
}

/// Communities whose outboxes are written as each software writes them.
fn outboxes(at: At<'_>, path: &str) -> Answer {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (software, group) = match parts.as_slice() {
        ["c" | "t", software, ..] => (*software, at(&format!("/c/{software}"))),
        ["p", "7"] => return Answer::post(note(at, "7", None).with("inReplyTo", at("/t/lemmy").into())),
        _ => return Answer::nothing(),
    };
    let outbox = format!("{group}/outbox");
    let kind = if software == "peertube" { "Video" } else { "Page" };
    let mut thread =
        note(at, "0", None).with("id", at(&format!("/t/{software}")).into()).with("type", kind.into());
    thread["cc"] = json!([group]);
    thread["name"] = software.into();
    thread["replies"] = if software == "lemmy" { json!([at("/p/7")]) } else { json!([]) };
    if software == "peertube" {
        thread["cc"] = json!([]);
        thread["attributedTo"] =
            json!([{ "type": "Person", "id": at("/u/ann") }, { "type": "Group", "id": group }]);
    }
    let by = |who: &str, kind: &str, object: Value| json!({ "id": format!("{group}/{kind}"), "type": kind, "actor": who, "object": object, "to": [], "cc": [] });
    let create = by(&at("/u/ann"), "Create", thread.clone());
    let items = match software {
        "lemmy" => json!([by(&group, "Announce", create)]),
        "peertube" => json!([by(&group, "Announce", thread["id"].clone())]),
        "mobilizon" => json!([create]),
        "nodebb" => json!([format!("{group}/Announce")]),
        _ => json!([thread]),
    };
    let page = json!({ "id": format!("{outbox}/1"), "type": "OrderedCollectionPage", "orderedItems": items });
    match parts.as_slice() {
        ["t", _] => Answer::post(thread),
        ["c", "nodebb", "Announce"] => Answer::post(by(&group, "Announce", thread["id"].clone())),
        ["c", _] => Answer::post(json!({
            "id": group, "type": "Group", "preferredUsername": software, "inbox": format!("{group}/inbox"),
            "outbox": outbox, "followers": format!("{group}/followers"),
        })),
        ["c", "lemmy" | "nodebb", "outbox"] => {
            Answer::post(page.with("id", outbox.into()).with("type", "OrderedCollection".into()))
        }
        ["c", _, "outbox"] => Answer::post(json!({
            "id": outbox, "type": "OrderedCollection", "totalItems": 1, "first": format!("{outbox}/1"),
        })),
        ["c", _, "outbox", "1"] => Answer::post(page),
        _ => Answer::nothing(),
    }
}

/// A category of `NodeBB` with thirty threads, whose outbox has ten on a page.
fn oldest_first(at: At<'_>, path: &str) -> Answer {
    let (group, outbox) = (at("/c/forum"), at("/c/forum/outbox"));
    let thread = |number: u32| {
        let published = format!("2026-01-01T00:{number:02}:00Z");
        note(at, &number.to_string(), None).with("cc", json!([group])).with("published", published.into())
    };
    if let Some(Ok(number)) = path.strip_prefix("/p/").map(str::parse) {
        return Answer::post(thread(number));
    }
    match path.strip_prefix("/c/forum") {
        Some("") => Answer::post(json!({
            "id": group, "type": "Group", "preferredUsername": "forum", "inbox": format!("{group}/inbox"),
            "outbox": outbox,
        })),
        Some("/outbox") => Answer::post(json!({
            "type": "OrderedCollection", "totalItems": 30,
            "first": format!("{outbox}/1"), "last": format!("{outbox}/3"),
        })),
        Some(page) => {
            let Some(Ok(number)) = page.strip_prefix("/outbox/").map(str::parse::<u32>) else {
                return Answer::nothing();
            };
            // What came from elsewhere it lists by address.
            let item = |number: u32| {
                if number.is_multiple_of(10) { at(&format!("/p/{number}")).into() } else { thread(number) }
            };
            let items: Vec<Value> = (number * 10 - 9..=number * 10).map(item).collect();
            Answer::post(json!({
                "type": "OrderedCollectionPage", "orderedItems": items,
                "next": (number < 3).then(|| format!("{outbox}/{}", number + 1)),
                "prev": (number > 1).then(|| format!("{outbox}/{}", number - 1)),
            }))
        }
        None => Answer::nothing(),
    }
}

/// A document with one more member.
trait With {
    fn with(self, name: &str, value: Value) -> Self;
}

impl With for Value {
    fn with(mut self, name: &str, value: Value) -> Self {
        self[name] = value;
        self
    }
}
