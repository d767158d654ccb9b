//! Posts, asked over HTTP.

use crate::mastodon::testing::{Door, Persona, each};
use alongside_app::effects::Via;
use alongside_app::reactions;
use alongside_domain::community::Audience;
use alongside_domain::id::PostId;
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_federation::worker::drain;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

async fn publish(door: &Door, by: &Persona, body: Value) -> Value {
    door.post("/api/v1/statuses", &by.token, &body).await.ok()
}

fn at(status: &Value, rest: &str) -> String {
    format!("/api/v1/statuses/{}{rest}", status["id"].as_str().unwrap())
}

/// Publishes with a key against doubling, and gives the id.
async fn keyed(door: &Door, token: &str, key: &str) -> String {
    let request = Request::post("/api/v1/statuses")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("idempotency-key", key)
        .body(Body::from("status=good+night"))
        .unwrap();
    let response = door.router.clone().oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    serde_json::from_slice::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned()
}

both_engines! {
    async fn a_post_is_shown_as_clients_read_it(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let body = json!({ "status": "@ada awake & #Tired", "spoiler_text": "sleep", "language": "en", "media_ids": null });
        let posted = publish(&door, &sam, body).await;
        let id = posted["id"].as_str().unwrap();
        assert_eq!(posted["url"], format!("http://127.0.0.1:7100/@sam/{id}"));
        assert_eq!(posted["uri"], format!("http://127.0.0.1:7100/posts/{id}"));
        assert_eq!((&posted["visibility"], &posted["sensitive"]), (&json!("public"), &json!(true)));
        assert_eq!((&posted["spoiler_text"], &posted["language"]), (&json!("sleep"), &json!("en")));
        assert_eq!((each(&posted["mentions"], "/acct"), each(&posted["tags"], "/name")), (vec!["ada".to_owned()], vec!["tired".to_owned()]));
        let content = posted["content"].as_str().unwrap();
        assert!(content.contains("awake &amp; ") && content.contains("u-url mention"), "{content}");
        assert!(posted["application"]["name"].is_string() && posted["pinned"] == json!(false));
        assert_eq!(posted["quote_approval"], json!({ "automatic": [], "manual": [], "current_user": "denied" }));
        for null in ["reblog", "card", "poll", "edited_at", "in_reply_to_id"] {
            assert!(posted.as_object().unwrap()[null].is_null(), "{null}");
        }
        let seen = door.get(&at(&posted, ""), &ada.token).await.ok();
        assert_eq!((&seen["application"], seen.get("pinned")), (&Value::Null, None), "told to the author alone");
        assert_eq!((&seen["favourited"], &seen["filtered"]), (&json!(false), &json!([])));
        assert_eq!(door.get(&at(&posted, ""), "").await.ok().get("favourited"), None);
        let several = format!("/api/v1/statuses?id[]={id}&id[]=12&id[]={id}");
        assert_eq!(each(&door.get(&several, "").await.ok(), "/id"), [id]);
    }

    async fn a_title_is_the_first_line(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let post = door.node.post_with(sam.member.actor(), "text", |post| post.title = Some("A <b> night".to_owned())).await;
        let shown = door.get(&format!("/api/v1/statuses/{}", post.id), "").await.ok();
        assert_eq!(shown["content"], "<p><strong>A &lt;b&gt; night</strong></p><p>text</p>");
        let page = door.get(&format!("/@sam/{}", post.id), "").await;
        let page = String::from_utf8_lossy(&page.bytes).into_owned();
        assert!(page.contains("<strong>A &lt;b&gt; night</strong></p><p>text</p>"), "{page}");
    }

    async fn what_does_not_fit_is_not_published(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let reader = door.token("sam", "read").await;
        let post = |token: String, body: Value| {
            let door = &door;
            async move { door.post("/api/v1/statuses", &token, &body).await }
        };
        let hello = json!({ "status": "hello" });
        assert_eq!(post(String::new(), hello.clone()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(post(reader, hello).await.status, StatusCode::FORBIDDEN);
        for body in [
            json!({}),
            json!({ "status": " \n" }),
            json!({ "status": "x", "visibility": "everywhere" }),
            json!({ "status": "x", "visibility": "group" }),
            json!({ "status": "x", "media_ids": ["12"] }),
            json!({ "status": "x", "poll": { "options": ["one"], "expires_in": 3600 } }),
            json!({ "status": "x".repeat(5_001) }),
        ] {
            let answer = post(sam.token.clone(), body.clone()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert!(answer.json()["error"].is_string());
        }
        assert_eq!(door.get("/api/v1/timelines/home", &sam.token).await.ok(), json!([]));
    }

    async fn the_same_key_gives_the_same_post(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let first = keyed(&door, &sam.token, "one").await;
        assert_eq!(keyed(&door, &sam.token, "one").await, first);
        assert_ne!(keyed(&door, &sam.token, "two").await, first);
        door.delete(&format!("/api/v1/statuses/{first}"), &sam.token).await.ok();
        assert_ne!(keyed(&door, &sam.token, "one").await, first, "what is gone is not given again");
    }

    async fn what_is_for_members_stays_with_them(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let quiet = door.node.community("quiet", Audience::Members).await.actor();
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), quiet).await;
        }
        let posted = publish(&door, &sam, json!({ "status": "@quiet a secret", "visibility": "public" })).await;
        assert_eq!(posted["visibility"], "private");
        assert_eq!(door.get(&at(&posted, ""), &ada.token).await.ok()["visibility"], "private");
        for stranger in [eve.token.as_str(), ""] {
            for rest in ["", "/context", "/history", "/card", "/quotes", "/favourited_by"] {
                assert_eq!(door.get(&at(&posted, rest), stranger).await.status, StatusCode::NOT_FOUND, "{rest}");
            }
        }
        assert_eq!(door.post(&at(&posted, "/favourite"), &eve.token, &json!({})).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.post(&at(&posted, "/reblog"), &ada.token, &json!({})).await.status, StatusCode::FORBIDDEN);
        let reply = json!({ "status": "me too", "visibility": "public", "in_reply_to_id": posted["id"] });
        assert_eq!(publish(&door, &ada, reply).await["visibility"], "private", "the audience is inherited");
        for body in [json!({ "status": "@quiet hello" }), json!({ "status": "hello", "visibility": "group", "group_id": quiet.to_string() })] {
            let outside = door.post("/api/v1/statuses", &eve.token, &body).await;
            assert_eq!(outside.status, StatusCode::UNPROCESSABLE_ENTITY, "never public instead");
        }
        let outsider = json!({ "status": "@quiet @eve look" });
        assert_eq!(door.post("/api/v1/statuses", &sam.token, &outsider).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get("/api/v1/timelines/public", &ada.token).await.ok(), json!([]));
        let private = json!({ "status": "@quiet not for you", "visibility": "private" });
        let private = publish(&door, &sam, private).await;
        assert_eq!(door.get(&at(&private, ""), &ada.token).await.status, StatusCode::NOT_FOUND, "no community post");
    }

    async fn a_favourite_shows_at_once_and_who_gave_it_is_told_to_the_author_alone(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = publish(&door, &sam, json!({ "status": "awake" })).await;
        let liked = door.post(&at(&posted, "/favourite"), &ada.token, &json!({})).await.ok();
        assert_eq!((&liked["favourited"], &liked["favourites_count"]), (&json!(true), &json!(1)));
        assert_eq!(each(&door.get(&at(&posted, "/favourited_by"), &sam.token).await.ok(), "/acct"), ["ada"]);
        for other in [ada.token.as_str(), ""] {
            assert_eq!(door.get(&at(&posted, "/favourited_by"), other).await.ok(), json!([]));
        }
        assert_eq!(each(&door.get("/api/v1/favourites", &ada.token).await.ok(), "/id"), [posted["id"].as_str().unwrap()]);
        let back = door.post(&at(&posted, "/unfavourite"), &ada.token, &json!({})).await.ok();
        assert_eq!((&back["favourited"], &back["favourites_count"]), (&json!(false), &json!(0)));
        assert_eq!(door.get("/api/v1/favourites", &ada.token).await.ok(), json!([]));
    }

    async fn a_favourite_is_served_to_others_in_a_community_alone(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let night = door.node.community("night", Audience::Everyone).await;
        for (community, status) in [(Some(night), StatusCode::OK), (None, StatusCode::NOT_FOUND)] {
            let post = door.node.post_with(sam.member.actor(), "awake", |post| post.community = community).await;
            let path = |rest: &str| format!("/api/v1/statuses/{}/{rest}", post.id);
            door.post(&path("favourite"), &ada.token, &json!({})).await.ok();
            let mut reader = door.node.app.reader();
            let given = alongside_store::reactions::between(&mut reader, ada.member.actor(), post.id).await;
            let like = format!("like-{}", given.unwrap().unwrap().id);
            drain(&door.federation).await.unwrap();
            door.post(&path("unfavourite"), &ada.token, &json!({})).await.ok();
            drain(&door.federation).await.unwrap();
            for name in [like.clone(), format!("undo-{like}")] {
                let served = door.get(&format!("/activities/{name}"), "").await;
                assert_eq!(served.status, status, "{name} in {community:?}");
            }
        }
    }

    async fn a_me_too_is_not_counted_out_while_they_are_few(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = publish(&door, &sam, json!({ "status": "awake" })).await;
        let id: PostId = posted["id"].as_str().unwrap().parse().unwrap();
        reactions::react(&door.node.app, ada.member.actor(), id, Reaction::MeToo, None, Via::Here).await.unwrap();
        let seen = door.get(&at(&posted, ""), &ada.token).await.ok();
        assert_eq!((&seen["favourites_count"], &seen["favourited"]), (&json!(0), &json!(true)));
    }

    async fn a_boost_is_a_status_around_the_post(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = publish(&door, &sam, json!({ "status": "awake" })).await;
        let boost = door.post(&at(&posted, "/reblog"), &ada.token, &json!({})).await.ok();
        assert_ne!(boost["id"], posted["id"]);
        assert_eq!((&boost["reblog"]["id"], &boost["account"]["acct"]), (&posted["id"], &json!("ada")));
        assert_eq!((&boost["reblogged"], &boost["reblog"]["reblogs_count"]), (&json!(true), &json!(1)));
        assert_eq!(door.get(&at(&boost, ""), &sam.token).await.ok()["reblog"]["id"], posted["id"]);
        assert_eq!(each(&door.get(&at(&posted, "/reblogged_by"), &sam.token).await.ok(), "/acct"), ["ada"]);
        assert_eq!(door.get(&at(&posted, "/reblogged_by"), &ada.token).await.ok(), json!([]));
        let back = door.post(&at(&boost, "/unreblog"), &ada.token, &json!({})).await.ok();
        assert_eq!((&back["id"], &back["reblogged"], &back["reblogs_count"]), (&posted["id"], &json!(false), &json!(0)));
        let private = publish(&door, &sam, json!({ "status": "hush", "visibility": "private" })).await;
        assert_eq!(door.post(&at(&private, "/reblog"), &ada.token, &json!({})).await.status, StatusCode::NOT_FOUND);
    }

    async fn words_are_changed_by_their_author_and_what_they_were_stays_readable(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = publish(&door, &sam, json!({ "status": "awake" })).await;
        let change = json!({ "status": "asleep", "spoiler_text": "dreams" });
        assert_eq!(door.put(&at(&posted, ""), &ada.token, &change).await.status, StatusCode::NOT_FOUND);
        door.node.clock.advance_secs(60);
        let changed = door.put(&at(&posted, ""), &sam.token, &change).await.ok();
        assert_eq!((&changed["content"], &changed["spoiler_text"]), (&json!("<p>asleep</p>"), &json!("dreams")));
        assert!(changed["edited_at"].is_string());
        let source = door.get(&at(&posted, "/source"), &sam.token).await.ok();
        assert_eq!(source, json!({ "id": posted["id"], "text": "asleep", "spoiler_text": "dreams" }));
        let history = door.get(&at(&posted, "/history"), &ada.token).await.ok();
        assert_eq!(each(&history, "/content"), ["<p>awake</p>", "<p>asleep</p>"]);
        assert_eq!((&history[0]["created_at"], &history[1]["created_at"]), (&posted["created_at"], &changed["edited_at"]));
    }

    async fn a_poll_is_kept_when_its_post_is_changed_by_a_client_that_counts_parts_of_seconds(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let poll = |secs: f64| json!({ "options": ["yes", "no"], "expires_in": secs });
        let posted = publish(&door, &sam, json!({ "status": "awake?", "poll": poll(3_600.0) })).await;
        let change = json!({ "status": "awake now?", "poll": poll(3_541.089) });
        let changed = door.put(&at(&posted, ""), &sam.token, &change).await.ok();
        assert_eq!((&changed["content"], &changed["poll"]["id"]), (&json!("<p>awake now?</p>"), &posted["poll"]["id"]));
        let short = json!({ "status": "awake?", "poll": poll(0.9) });
        assert_eq!(door.post("/api/v1/statuses", &sam.token, &short).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_deleted_post_gives_its_words_back_and_is_gone(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let body = json!({ "status": "awake", "poll": { "options": ["yes", "no"], "expires_in": 3600 } });
        let posted = publish(&door, &sam, body).await;
        assert_eq!(door.delete(&at(&posted, ""), &ada.token).await.status, StatusCode::NOT_FOUND);
        let deleted = door.delete(&at(&posted, ""), &sam.token).await.ok();
        assert_eq!((&deleted["text"], each(&deleted["poll"]["options"], "/title")), (&json!("awake"), vec!["yes".to_owned(), "no".to_owned()]));
        assert_eq!(door.get(&at(&posted, ""), &sam.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.delete(&at(&posted, ""), &sam.token).await.status, StatusCode::NOT_FOUND);
    }

    async fn posts_are_kept_pinned_and_muted(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = publish(&door, &sam, json!({ "status": "awake" })).await;
        let id = posted["id"].as_str().unwrap();
        let act = |verb: &'static str, who: String| {
            let (door, path) = (&door, at(&posted, verb));
            async move { door.post(&path, &who, &json!({})).await }
        };
        assert_eq!(act("/bookmark", ada.token.clone()).await.ok()["bookmarked"], true);
        assert_eq!(each(&door.get("/api/v1/bookmarks", &ada.token).await.ok(), "/id"), [id]);
        assert_eq!(act("/unbookmark", ada.token.clone()).await.ok()["bookmarked"], false);
        assert_eq!(door.get("/api/v1/bookmarks", &ada.token).await.ok(), json!([]));
        assert_eq!(act("/pin", ada.token.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody else's");
        assert_eq!(act("/pin", sam.token.clone()).await.ok()["pinned"], true);
        let pinned = format!("/api/v1/accounts/{}/statuses?pinned=true", sam.member);
        assert_eq!(each(&door.get(&pinned, "").await.ok(), "/id"), [id]);
        assert_eq!(act("/unpin", sam.token.clone()).await.ok()["pinned"], false);
        assert_eq!(act("/mute", ada.token.clone()).await.ok()["muted"], true);
        assert_eq!(act("/unmute", ada.token.clone()).await.ok()["muted"], false);
    }

    async fn a_thread_is_shown_without_those_one_keeps_away_from(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let first = publish(&door, &sam, json!({ "status": "first" })).await;
        let second = publish(&door, &ada, json!({ "status": "second", "in_reply_to_id": first["id"] })).await;
        let third = publish(&door, &eve, json!({ "status": "third", "in_reply_to_id": second["id"] })).await;
        let thread = door.get(&at(&second, "/context"), "").await.ok();
        assert_eq!(each(&thread["ancestors"], "/id"), [first["id"].as_str().unwrap()]);
        assert_eq!(each(&thread["descendants"], "/id"), [third["id"].as_str().unwrap()]);
        assert_eq!(third["in_reply_to_account_id"], ada.member.to_string());
        door.post(&format!("/api/v1/accounts/{}/mute", eve.member), &sam.token, &json!({})).await.ok();
        let thread = door.get(&at(&second, "/context"), &sam.token).await.ok();
        assert_eq!((each(&thread["ancestors"], "/id").len(), &thread["descendants"]), (1, &json!([])));
    }

    async fn an_answer_stands_behind_what_it_answers(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let answer = async |who: &Persona, says: &str, to: &Value| {
            publish(&door, who, json!({ "status": says, "in_reply_to_id": to["id"] })).await
        };
        let top = publish(&door, &sam, json!({ "status": "top" })).await;
        let a = answer(&ada, "a", &top).await;
        let b = answer(&sam, "b", &top).await;
        let a1 = answer(&sam, "a1", &a).await;
        answer(&ada, "b1", &b).await;
        answer(&ada, "a11", &a1).await;
        answer(&sam, "a2", &a).await;
        let said = async |post: &Value| {
            let thread = door.get(&at(post, "/context"), "").await.ok();
            each(&thread["descendants"], "/content").join("")
        };
        assert_eq!(said(&top).await, "<p>a</p><p>a1</p><p>a11</p><p>a2</p><p>b</p><p>b1</p>");
        assert_eq!(said(&a).await, "<p>a1</p><p>a11</p><p>a2</p>");
    }

    async fn a_thread_from_elsewhere_is_caught_up_with_once_in_a_while(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let far = door.node.stranger("ann", "b.example").await;
        let post = door.node.post_with(far, "far away", |post| post.local = false).await;
        let context = format!("/api/v1/statuses/{}/context", post.id);
        assert_eq!(door.get(&context, "").await.header("mastodon-async-refresh"), "");
        assert_eq!(door.node.queued().await, [], "nobody here reads it");
        let first = door.get(&context, &sam.token).await;
        assert_eq!(first.header("mastodon-async-refresh"), format!("id=\"thread-{}\", retry=3, result_count=0", post.id));
        door.get(&context, &sam.token).await.ok();
        let progress = format!("/api/v1_alpha/async_refreshes/thread-{}", post.id);
        let running = json!({ "id": format!("thread-{}", post.id), "status": "running", "result_count": 0 });
        assert_eq!(door.get(&progress, &sam.token).await.ok()["async_refresh"], running);
        for (path, token) in [(&*progress, ""), ("/api/v1_alpha/async_refreshes/thread-7", &*sam.token)] {
            assert_eq!(door.get(path, token).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(door.node.queued().await, [Job::Replies { post: post.id }]);
        door.node.clock.advance_secs(601);
        door.get(&context, &sam.token).await.ok();
        assert!(door.node.queued().await.contains(&Job::Replies { post: post.id }));
    }

    async fn posts_of_those_who_are_gone_are_not_shown(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let far = door.node.stranger("ann", "b.example").await;
        let post = door.node.post_with(far, "far away", |post| post.visibility = Visibility::Public).await;
        let path = format!("/api/v1/statuses/{}", post.id);
        door.get(&path, &sam.token).await.ok();
        alongside_app::acquaintances::depart(&door.node.app, far).await.unwrap();
        assert_eq!(door.get(&path, &sam.token).await.status, StatusCode::NOT_FOUND);
    }
}
