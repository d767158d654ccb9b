//! The door as another server meets it.

use crate::router::router;
use crate::state::{Limits, Settings, Web};
use alongside_domain::actor::Actor;
use alongside_domain::agreement::{Mode, Terms};
use alongside_domain::community::Audience;
use alongside_domain::id::{ActivityId, ActorId};
use alongside_domain::place::Place;
use alongside_domain::post::Visibility;
use alongside_domain::sanction::SanctionKind;
use alongside_federation::documents::addressing::PUBLIC;
use alongside_federation::fetch;
use alongside_federation::node::{Federation, Settings as FederationSettings};
use alongside_store::activities::{self, Activity};
use alongside_store::communities;
use alongside_store::engine::Store;
use alongside_store::{actors, posts, sanctions};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, VARY};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const ACTIVITY: &str = "application/activity+json";
const LD: &str = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;
const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
/// What our tests let others send at most.
const BODY_BYTES_MAX: usize = 2_000;

struct Door {
    node: Node,
    router: Router,
    sam: ActorId,
    sleep: ActorId,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn is_document(&self) -> bool {
        self.headers[CONTENT_TYPE] == ACTIVITY && self.headers[VARY].to_str().unwrap().contains("accept")
    }
}

impl Door {
    async fn new(store: Store) -> Self {
        Self::on_terms(store, Terms::default()).await
    }

    async fn on_terms(store: Store, terms: Terms) -> Self {
        let node = Node::on_terms(store, "https://a.example", terms);
        let sam = node.member("sam").await.actor();
        let sleep = node.community("sleep", Audience::Everyone).await.actor();
        let limits = fetch::Limits { body_bytes_max: BODY_BYTES_MAX, ..fetch::Limits::default() };
        let fetch = fetch::Settings { user_agent: "test".to_owned(), insecure_hosts: Vec::new(), limits };
        let federation = FederationSettings {
            fetch,
            retry_first_secs: 1,
            retry_max_secs: 2,
            fetches_per_host_per_min: 10,
            arrivals_per_host_per_min: 1_000,
        };
        let federation = Federation::new(node.app.clone(), federation).unwrap();
        let limits = Limits {
            token_requests_per_5_min: 1_000,
            address_sign_ins_per_5_min: 10,
            address_apps_per_hour: 10,
            streams: 10,
            streams_per_member: 10,
        };
        let web = Web::new(federation, Settings { password_grant: false, source_url: None, limits });
        Self { router: router(web), node, sam, sleep }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, 1_000_000).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str, accept: &str) -> Answer {
        self.send(Request::get(path).header(ACCEPT, accept).body(Body::empty()).unwrap()).await
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.get(path, ACTIVITY).await.status
    }

    async fn webfinger(&self, resource: &str) -> Answer {
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("resource", resource).finish();
        self.get(&format!("/.well-known/webfinger?{query}"), "*/*").await
    }

    async fn actor(&self, id: ActorId) -> Actor {
        actors::find(&mut self.node.app.reader(), id).await.unwrap().unwrap()
    }
}

both_engines! {
    async fn names_and_addresses_lead_to_those_who_live_here(store: Store) {
        let door = Door::new(store).await;
        for resource in [
            "acct:sleep@a.example",
            "acct:Sleep@A.EXAMPLE",
            "https://a.example/actors/sleep",
            "https://a.example/@sleep",
        ] {
            let found = door.webfinger(resource).await;
            assert_eq!(found.status, StatusCode::OK, "{resource}");
            assert_eq!(found.headers[CONTENT_TYPE], "application/jrd+json");
            assert_eq!(found.json()["subject"], "acct:sleep@a.example");
            assert_eq!(found.json()["links"][0]["href"], "https://a.example/actors/sleep");
        }
        let node = door.webfinger("https://a.example/").await.json();
        assert_eq!(node["subject"], "acct:alongside@a.example");
        assert_eq!(node["links"][0]["href"], "https://a.example/");
        for resource in ["acct:nobody@a.example", "acct:sleep@b.example", "sleep", "https://a.example/posts/1", ""] {
            assert_eq!(door.webfinger(resource).await.status, StatusCode::NOT_FOUND, "{resource}");
        }
        assert_eq!(door.get("/.well-known/webfinger", "*/*").await.status, StatusCode::BAD_REQUEST);
    }

    async fn nobody_has_a_name_that_no_database_could_keep(store: Store) {
        let door = Door::new(store).await;
        for path in ["/actors/%00", "/actors/%00/outbox", "/activities/%00", "/@%00"] {
            assert_eq!(door.status(path).await, StatusCode::NOT_FOUND, "{path}");
        }
        for resource in ["acct:\0@a.example", "https://a.example/actors/\0", "https://a.example/@\0"] {
            assert_eq!(door.webfinger(resource).await.status, StatusCode::NOT_FOUND, "{resource:?}");
        }
    }

    async fn the_node_describes_itself(store: Store) {
        let door = Door::new(store).await;
        let links = door.get("/.well-known/nodeinfo", "*/*").await.json();
        assert_eq!(links["links"][1]["href"], "https://a.example/nodeinfo/2.1");
        let offered = door.get("/.well-known/peer-support", "application/json").await.json();
        assert_eq!(offered["communities"][0]["id"], "https://a.example/actors/sleep");
        for version in ["2.0", "2.1"] {
            let about = door.get(&format!("/nodeinfo/{version}"), "application/json").await.json();
            assert_eq!((&about["version"], &about["software"]["name"]), (&json!(version), &json!("alongside")));
            assert_eq!(about["usage"]["users"]["total"], 1);
            assert_eq!(about["metadata"]["upstream"]["name"], "mastodon", "how clients know what they can speak");
        }
        assert_eq!(door.status("/nodeinfo/1.0").await, StatusCode::NOT_FOUND);
    }

    async fn a_thread_is_listed_whole_to_those_who_may_read_it(store: Store) {
        let door = Door::new(store).await;
        let open = door.node.post(door.sam, "awake?").await;
        let narrow = door.node.post_with(door.sam, "psst", |post| post.visibility = Visibility::Followers).await;
        let found = door.get(&format!("/posts/{}/context", open.id), ACTIVITY).await;
        assert!(found.status == StatusCode::OK && found.is_document());
        assert_eq!(found.json()["orderedItems"], json!([open.uri]));
        for path in [format!("/posts/{}/context", narrow.id), "/posts/7/context".to_owned(), "/posts/x/context".to_owned()] {
            assert_eq!(door.status(&path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn an_actor_is_a_document_or_a_page(store: Store) {
        let door = Door::new(store).await;
        for accept in [ACTIVITY, LD, "application/ld+json", "*/*"] {
            let group = door.get("/actors/sleep", accept).await;
            assert!(group.status == StatusCode::OK && group.is_document(), "{accept}");
            assert_eq!(group.json()["id"], "https://a.example/actors/sleep");
            assert_eq!(group.json()["type"], "Group");
        }
        let page = door.get("/actors/sleep", BROWSER).await;
        assert_eq!((page.status, &page.headers[LOCATION]), (StatusCode::SEE_OTHER, &"https://a.example/@sleep".parse().unwrap()));
        assert_eq!(page.headers[VARY], "accept");
        assert_eq!(door.status("/actors/nobody").await, StatusCode::NOT_FOUND);
    }

    async fn who_is_gone_leaves_a_tombstone(store: Store) {
        let door = Door::new(store).await;
        let mut tx = door.node.store().begin().await.unwrap();
        actors::delete(&mut tx, door.sam, door.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let gone = door.get("/actors/sam", ACTIVITY).await;
        assert_eq!((gone.status, &gone.json()["type"]), (StatusCode::GONE, &json!("Tombstone")));
        assert_eq!(door.status("/actors/sam/outbox").await, StatusCode::NOT_FOUND);
        assert_eq!(door.webfinger("acct:sam@a.example").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_node_is_an_actor_where_people_see_the_start_page(store: Store) {
        let door = Door::new(store).await;
        let actor = door.get("/", ACTIVITY).await;
        assert!(actor.is_document());
        assert_eq!((&actor.json()["type"], &actor.json()["id"]), (&json!("Application"), &json!("https://a.example/")));
        let page = door.get("/", BROWSER).await;
        assert!(page.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
        assert_eq!(page.headers[VARY], "accept");
        assert_eq!(door.status("/actors/alongside").await, StatusCode::NOT_FOUND, "it has one address");
        assert_eq!(door.get("/actors/alongside/outbox", ACTIVITY).await.json()["totalItems"], 0);
    }

    async fn what_belongs_to_an_actor_is_a_collection(store: Store) {
        let door = Door::new(store).await;
        let mut tx = door.node.store().begin().await.unwrap();
        let community = alongside_domain::id::CommunityId::of(door.sleep);
        communities::appoint(&mut tx, community, door.sam, "owner", door.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        door.node.follow(door.sam, door.sleep).await;
        for (part, total) in [("outbox", 0), ("followers", 1), ("following", 0), ("featured", 0), ("moderators", 1)] {
            let path = format!("/actors/sleep/{part}");
            let list = door.get(&path, ACTIVITY).await;
            assert!(list.is_document(), "{part}");
            assert_eq!(list.json()["id"], format!("https://a.example{path}"));
            let kind = if part.starts_with("follow") { "Collection" } else { "OrderedCollection" };
            assert_eq!((&list.json()["type"], &list.json()["totalItems"]), (&json!(kind), &json!(total)));
        }
        let moderators = door.get("/actors/sleep/moderators", ACTIVITY).await.json();
        assert_eq!(moderators["orderedItems"], json!(["https://a.example/actors/sam"]));
        assert_eq!(door.status("/actors/sam/moderators").await, StatusCode::NOT_FOUND);
        assert_eq!(door.status("/actors/sam/secrets").await, StatusCode::NOT_FOUND);
    }

    async fn cve_2025_67500_a_post_is_served_to_all_or_is_not_there(store: Store) {
        let door = Door::new(store).await;
        let open = door.node.post(door.sam, "hello").await;
        let path = format!("/posts/{}", open.id);
        let post = door.get(&path, ACTIVITY).await;
        assert!(post.is_document());
        assert_eq!((&post.json()["id"], &post.json()["to"]), (&json!(open.uri), &json!([PUBLIC])));
        assert_eq!(door.get(&path, BROWSER).await.headers[LOCATION], open.url.as_str());
        let replies = door.get(&format!("{path}/replies"), ACTIVITY).await.json();
        assert_eq!((&replies["type"], &replies["first"]["type"]), (&json!("Collection"), &json!("CollectionPage")));
        let page = door.get(&format!("{path}/replies?after=0"), ACTIVITY).await.json();
        assert_eq!((&page["type"], &page["items"]), (&json!("CollectionPage"), &json!([])));

        for visibility in [Visibility::Followers, Visibility::Direct, Visibility::Members] {
            let narrow = door.node.post_with(door.sam, "psst", |post| post.visibility = visibility).await;
            let (forbidden, absent) =
                (door.get(&format!("/posts/{}", narrow.id), ACTIVITY).await, door.get("/posts/1", ACTIVITY).await);
            assert_eq!((forbidden.status, forbidden.text), (StatusCode::NOT_FOUND, absent.text));
            assert_eq!(door.status(&format!("/posts/{}/replies", narrow.id)).await, StatusCode::NOT_FOUND);
        }
        let foreign = door.node.post_with(door.sam, "not ours", |post| post.local = false).await;
        assert_eq!(door.status(&format!("/posts/{}", foreign.id)).await, StatusCode::NOT_FOUND);
        assert_eq!(door.status("/posts/none").await, StatusCode::NOT_FOUND);

        let mut tx = door.node.store().begin().await.unwrap();
        posts::erase(&mut tx, &open, door.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let gone = door.get(&path, ACTIVITY).await;
        assert_eq!((gone.status, &gone.json()["type"]), (StatusCode::GONE, &json!("Tombstone")));
        assert!(!gone.text.contains("hello"));
    }

    async fn what_was_sent_to_all_can_be_read_again(store: Store) {
        let door = Door::new(store).await;
        let mut tx = door.node.store().begin().await.unwrap();
        for (number, name, open) in [(1, "create-1", true), (2, "create-2", false)] {
            let uri = door.node.app.places().of(Place::Activity(name));
            let body = format!("{{ \"id\": \"{uri}\" }}");
            let at = door.node.app.now();
            let activity =
                Activity { id: ActivityId::new(number), uri, actor_id: door.sam, post_id: None, about_id: None, body, open, to_followers: false, members_of: None, at };
            activities::put(&mut tx, &activity).await.unwrap();
        }
        tx.commit().await.unwrap();
        let sent = door.get("/activities/create-1", ACTIVITY).await;
        assert!(sent.is_document());
        assert_eq!(sent.text, "{ \"id\": \"https://a.example/activities/create-1\" }");
        for name in ["create-2", "create-3"] {
            assert_eq!(door.status(&format!("/activities/{name}")).await, StatusCode::NOT_FOUND);
        }
    }

    async fn what_a_community_passed_on_is_hidden_with_whoever_wrote_it(store: Store) {
        let door = Door::new(store).await;
        let words = door.node.post(door.sam, "hello").await;
        let uri = door.node.app.places().of(Place::Activity("announce-1"));
        let (at, body) = (door.node.app.now(), json!({ "id": uri, "object": "hello" }).to_string());
        let announce = Activity {
            id: ActivityId::new(1), uri, actor_id: door.sleep, post_id: Some(words.id), about_id: Some(words.id), body,
            open: true, to_followers: false, members_of: None, at,
        };
        let mut tx = door.node.store().begin().await.unwrap();
        activities::put(&mut tx, &announce).await.unwrap();
        tx.commit().await.unwrap();
        for (since, status) in [(None, StatusCode::OK), (Some(at), StatusCode::NOT_FOUND), (None, StatusCode::OK)] {
            let mut tx = door.node.store().begin().await.unwrap();
            sanctions::set(&mut tx, door.sam, SanctionKind::Suspend, since).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(door.status("/activities/announce-1").await, status);
        }
    }

    async fn who_does_not_sign_reads_nothing_where_that_is_asked_for(store: Store) {
        let door = Door::on_terms(store, Terms { mode: Mode::Agreement, signed_fetch: true }).await;
        let post = door.node.post(door.sam, "hello").await;
        let (path, replies) = (format!("/posts/{}", post.id), format!("/posts/{}/replies", post.id));
        let lists = ["outbox", "followers", "following", "featured", "moderators"].map(|part| format!("/actors/sleep/{part}"));
        let documents = ["/actors/sleep", "/actors/nobody", "/activities/create-1", &path, &replies];
        for path in documents.into_iter().chain(lists.iter().map(String::as_str)) {
            for accept in [ACTIVITY, "*/*"] {
                let refused = door.get(path, accept).await;
                assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
                assert_eq!(refused.headers[CACHE_CONTROL], "private, no-store");
                assert!(refused.headers.get_all(VARY).iter().any(|on| on.to_str().unwrap().contains("signature")), "{path}");
            }
        }
        for path in &lists {
            assert_eq!(door.get(path, BROWSER).await.status, StatusCode::UNAUTHORIZED, "{path} has no page");
        }
        assert_eq!(door.get(&path, BROWSER).await.status, StatusCode::SEE_OTHER, "people read the page");
        assert_eq!(door.webfinger("acct:sleep@a.example").await.status, StatusCode::OK);
        assert_eq!(door.status("/nodeinfo/2.1").await, StatusCode::OK);
        let node = door.get("/", ACTIVITY).await.json();
        let named: Vec<&str> = node.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(named, [
            "@context", "assertionMethod", "endpoints", "id", "implements", "inbox", "name", "outbox", "preferredUsername", "publicKey", "published",
            "type", "url",
        ], "its name, keys and addresses, and nothing else");
    }

    async fn a_signature_that_proves_nothing_is_refused_without_asking_anybody(store: Store) {
        let door = Door::on_terms(store, Terms { mode: Mode::Agreement, signed_fetch: true }).await;
        let signed = |key: &str| {
            let signature = format!(
                r#"keyId="{key}",algorithm="rsa-sha256",headers="(request-target) host date",signature="AAAA""#
            );
            let date = "Mon, 23 Nov 2026 02:00:00 GMT";
            Request::get("/actors/sleep")
                .header(ACCEPT, ACTIVITY)
                .header("host", "a.example")
                .header("date", date)
                .header("signature", signature)
                .body(Body::empty())
                .unwrap()
        };
        let stranger = door.send(signed("https://b.example/kim#main-key")).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{}", stranger.text);
        assert!(stranger.text.contains("agreement"), "{}", stranger.text);
        let private = door.send(signed("http://127.0.0.1:9/kim#main-key")).await;
        assert_eq!(private.status, StatusCode::UNAUTHORIZED, "{}", private.text);
    }

    async fn a_node_that_is_off_is_not_there_for_others(store: Store) {
        let door = Door::on_terms(store, Terms { mode: Mode::Off, signed_fetch: false }).await;
        let described = ["/.well-known/nodeinfo", "/nodeinfo/2.1", "/.well-known/peer-support"];
        for path in ["/actors/sleep", "/actors/sleep/outbox", "/"].into_iter().chain(described) {
            assert_eq!(door.status(path).await, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(door.webfinger("acct:sleep@a.example").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/", BROWSER).await.status, StatusCode::OK, "people see the start page");
    }

    async fn an_inbox_turns_away_what_it_cannot_trust(store: Store) {
        let door = Door::new(store).await;
        let post = |path: &str, body: String| Request::post(path).header(CONTENT_TYPE, ACTIVITY).body(Body::from(body)).unwrap();
        let follow = json!({ "id": "https://b.example/1", "type": "Follow", "actor": "https://b.example/kim" });
        for path in ["/inbox", "/actors/sleep/inbox"] {
            let refused = door.send(post(path, follow.to_string())).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}: it is not signed");
            assert!(refused.json()["error"].is_string());
            let large = door.send(post(path, "x".repeat(BODY_BYTES_MAX + 1))).await;
            assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
            assert_eq!(door.status(path).await, StatusCode::METHOD_NOT_ALLOWED);
        }
        assert_eq!(door.send(post("/actors/nobody/inbox", follow.to_string())).await.status, StatusCode::NOT_FOUND);
        let announced = Request::post("/inbox").header(CONTENT_LENGTH, 3 << 20).body(Body::empty()).unwrap();
        assert_eq!(door.send(announced).await.status, StatusCode::PAYLOAD_TOO_LARGE, "it is not even read");
    }
}

#[tokio::test]
async fn keys_do_not_change_from_one_reading_to_the_next() {
    alongside_testkit::engines::on_sqlite(async |store: Store| {
        let door = Door::new(store).await;
        let key = || async { door.get("/actors/sam", ACTIVITY).await.json()["publicKey"].clone() };
        assert_eq!(key().await, key().await);
        assert_eq!(key().await["owner"], door.actor(door.sam).await.uri);
    })
    .await;
}
