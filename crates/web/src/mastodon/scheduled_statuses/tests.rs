//! Posts for later, asked over HTTP.

use crate::mastodon::testing::{Door, Persona, each, png};
use alongside_domain::community::Audience;
use alongside_domain::limits::SCHEDULED_PER_DAY_MAX;
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const SCHEDULED: &str = "/api/v1/scheduled_statuses";
/// The node's clock stands at two in the morning.
const AT_THREE: &str = "2026-11-23T03:00:00.000Z";

async fn schedule(door: &Door, by: &Persona, mut body: Value) -> Value {
    body["scheduled_at"] = json!(AT_THREE);
    door.post("/api/v1/statuses", &by.token, &body).await.ok()
}

fn at(scheduled: &Value) -> String {
    format!("{SCHEDULED}/{}", scheduled["id"].as_str().unwrap())
}

/// Moves the clock and lets the workers do what is due.
async fn after(door: &Door, secs: i64) {
    door.node.clock.advance_secs(secs);
    worker::drain(&door.federation).await.unwrap();
}

async fn home(door: &Door, who: &Persona) -> Vec<String> {
    each(&door.get("/api/v1/timelines/home", &who.token).await.ok(), "/content")
}

/// Uploads a picture.
async fn picture(door: &Door, by: &Persona) -> String {
    let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".as_bytes();
    let form = [head, &png(), b"\r\n--b--\r\n"].concat();
    let kind = "multipart/form-data; boundary=b";
    let media = door.send(Method::POST, "/api/v2/media", &by.token, kind, form.into()).await.ok();
    media["id"].as_str().unwrap().to_owned()
}

both_engines! {
    async fn a_post_for_later_is_listed_put_off_and_published_once(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let poll = json!({ "options": ["tea", "cocoa"], "expires_in": 3600 });
        let kept = schedule(&door, &sam, json!({ "status": "good morning", "spoiler_text": "sun", "poll": poll })).await;
        assert_eq!(kept["scheduled_at"], AT_THREE);
        let params = &kept["params"];
        assert_eq!((&params["text"], &params["visibility"], &params["spoiler_text"]), (&json!("good morning"), &json!("public"), &json!("sun")));
        assert_eq!(params["poll"], json!({ "options": ["tea", "cocoa"], "expires_in": 3600, "multiple": false, "hide_totals": false }));
        assert_eq!((&params["scheduled_at"], &params["media_ids"], kept.get("error")), (&Value::Null, &Value::Null, None));
        assert_eq!(door.get(SCHEDULED, &sam.token).await.ok(), json!([kept]));
        assert_eq!(door.get(SCHEDULED, &ada.token).await.ok(), json!([]), "each member's own");
        for (path, token) in [(at(&kept), &ada.token), (format!("{SCHEDULED}/7"), &sam.token)] {
            assert_eq!(door.get(&path, token).await.status, StatusCode::NOT_FOUND);
            assert_eq!(door.delete(&path, token).await.status, StatusCode::NOT_FOUND);
        }
        let later = json!({ "scheduled_at": "2026-11-23T06:00:00+02:00" });
        assert_eq!(door.put(&at(&kept), &sam.token, &later).await.ok()["scheduled_at"], "2026-11-23T04:00:00.000Z");
        after(&door, 3_600).await;
        assert_eq!(home(&door, &sam).await, Vec::<String>::new(), "it was put off");
        after(&door, 3_600).await;
        let published = door.get("/api/v1/timelines/home", &sam.token).await.ok();
        assert_eq!((each(&published, "/content"), each(&published, "/created_at")), (vec!["<p>good morning</p>".to_owned()], vec!["2026-11-23T04:00:00.000Z".to_owned()]));
        assert_eq!(published[0]["poll"]["expires_at"], "2026-11-23T05:00:00.000Z", "the poll begins with its post");
        assert_eq!(door.get(SCHEDULED, &sam.token).await.ok(), json!([]));
        let id = kept["id"].as_str().unwrap().parse::<i64>().unwrap();
        alongside_app::scheduled::publish(&door.node.app, id.into()).await.unwrap();
        assert_eq!(home(&door, &sam).await.len(), 1, "the job ran twice");
    }

    async fn one_that_is_taken_back_is_not_published(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let kept = schedule(&door, &sam, json!({ "status": "never" })).await;
        assert_eq!(door.delete(&at(&kept), &sam.token).await.ok(), json!({}));
        after(&door, 7_200).await;
        assert_eq!((home(&door, &sam).await, door.get(SCHEDULED, &sam.token).await.ok()), (vec![], json!([])));
    }

    async fn what_cannot_be_scheduled_is_said_at_once(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        door.node.community("quiet", Audience::Members).await;
        for (body, says) in [
            (json!({ "status": "x", "scheduled_at": "2026-11-23T02:04:59Z" }), "at least 5 minutes ahead"),
            (json!({ "status": "x", "scheduled_at": "2020-01-01T00:00:00Z" }), "at least 5 minutes ahead"),
            (json!({ "status": "x", "scheduled_at": "tomorrow" }), "a moment with its offset"),
            (json!({ "status": " ", "scheduled_at": AT_THREE }), "can't be blank"),
            (json!({ "status": "@quiet x", "scheduled_at": AT_THREE }), "only members of this community"),
            (json!({ "status": "x", "media_ids": ["7"], "scheduled_at": AT_THREE }), "upload it again"),
        ] {
            let answer = door.post("/api/v1/statuses", &sam.token, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert!(answer.json()["error"].as_str().unwrap().contains(says), "{}", answer.json());
        }
        let lost = json!({ "status": "x", "in_reply_to_id": "7", "scheduled_at": AT_THREE });
        assert_eq!(door.post("/api/v1/statuses", &sam.token, &lost).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(SCHEDULED, &sam.token).await.ok(), json!([]));
        let kept = schedule(&door, &sam, json!({ "status": "x" })).await;
        for scheduled_at in ["2026-11-23T02:01:00Z", ""] {
            let refused = door.put(&at(&kept), &sam.token, &json!({ "scheduled_at": scheduled_at })).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        for (method, token, status) in [
            (Method::GET, "", StatusCode::UNAUTHORIZED),
            (Method::DELETE, &*door.token("sam", "read").await, StatusCode::FORBIDDEN),
            (Method::GET, &*door.token("sam", "write").await, StatusCode::FORBIDDEN),
        ] {
            assert_eq!(door.send(method, &at(&kept), token, "", Body::empty()).await.status, status);
        }
    }

    async fn a_day_has_room_for_so_many_and_pages_lead_on(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for _ in 0..SCHEDULED_PER_DAY_MAX {
            schedule(&door, &sam, json!({ "status": "again" })).await;
        }
        let full = json!({ "status": "once more", "scheduled_at": AT_THREE });
        let refused = door.post("/api/v1/statuses", &sam.token, &full).await;
        assert_eq!(refused.json()["error"], "Validation failed: you can schedule 25 posts for one day");
        let next_day = json!({ "status": "once more", "scheduled_at": "2026-11-24T00:00:00Z" });
        let next_day = door.post("/api/v1/statuses", &sam.token, &next_day).await.ok();
        let first = door.get(&format!("{SCHEDULED}?limit=2"), &sam.token).await;
        let ids = each(&first.ok(), "/id");
        assert_eq!((ids.len(), &ids[0]), (2, &next_day["id"].as_str().unwrap().to_owned()));
        assert!(first.header("link").contains(&format!("max_id={}", ids[1])), "{}", first.header("link"));
        let rest = door.get(&format!("{SCHEDULED}?max_id={}&limit=40", ids[1]), &sam.token).await.ok();
        assert_eq!(rest.as_array().unwrap().len(), 24);
        let newer = door.get(&format!("{SCHEDULED}?min_id={}&limit=1", ids[1]), &sam.token).await.ok();
        assert_eq!(each(&newer, "/id"), [ids[0].as_str()]);
        let back = door.put(&at(&next_day), &sam.token, &json!({ "scheduled_at": AT_THREE })).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "that day is full");
    }

    async fn who_may_read_it_is_asked_again_when_it_is_published(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let quiet = door.node.community("quiet", Audience::Members).await.actor();
        let joined = format!("/api/v1/accounts/{quiet}");
        for member in [&sam, &ada] {
            door.post(&format!("{joined}/follow"), &member.token, &json!({})).await.ok();
        }
        let kept = schedule(&door, &sam, json!({ "status": "@quiet a secret" })).await;
        assert_eq!(kept["params"]["visibility"], "private", "for the members");
        let still_in = schedule(&door, &ada, json!({ "status": "@quiet hello" })).await;
        door.post(&format!("{joined}/unfollow"), &sam.token, &json!({})).await.ok();
        after(&door, 3_600).await;
        assert_eq!(home(&door, &sam).await, Vec::<String>::new(), "it is not published, to nobody at all");
        let listed = door.get(&at(&kept), &sam.token).await.ok();
        assert_eq!((&listed["params"]["text"], &listed["error"]), (&json!("@quiet a secret"), &json!("only members of this community may do this: join it first")));
        assert_eq!(door.get(&at(&still_in), &ada.token).await.status, StatusCode::NOT_FOUND, "published");
        door.post(&format!("{joined}/follow"), &sam.token, &json!({})).await.ok();
        after(&door, 3_600).await;
        assert_eq!(door.get(&at(&kept), &sam.token).await.ok()["error"], listed["error"], "it does not surprise anybody later");
        let again = json!({ "scheduled_at": "2026-11-23T05:00:00Z" });
        assert_eq!(door.put(&at(&kept), &sam.token, &again).await.ok().get("error"), None);
        after(&door, 3_600).await;
        assert_eq!(door.get(SCHEDULED, &sam.token).await.ok(), json!([]));
        let seen = door.get("/api/v1/timelines/home", &ada.token).await.ok();
        assert_eq!(each(&seen, "/visibility"), ["private", "private"]);
    }

    async fn a_wider_default_later_does_not_show_it_to_more_people(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let choose = async |privacy: &str| {
            let body = json!({ "source": { "privacy": privacy } }).to_string();
            let path = "/api/v1/accounts/update_credentials";
            door.send(Method::PATCH, path, &sam.token, "application/json", body.into()).await.ok();
        };
        choose("private").await;
        schedule(&door, &sam, json!({ "status": "for my followers" })).await;
        choose("public").await;
        after(&door, 3_600).await;
        assert_eq!(each(&door.get("/api/v1/timelines/home", &sam.token).await.ok(), "/visibility"), ["private"]);
    }

    async fn its_pictures_are_kept_for_it(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let id = picture(&door, &sam).await;
        let kept = schedule(&door, &sam, json!({ "status": "look", "media_ids": [id] })).await;
        assert_eq!((&kept["params"]["media_ids"], each(&kept["media_attachments"], "/id")), (&json!([id]), vec![id.clone()]));
        let other = json!({ "status": "mine", "media_ids": [id] });
        assert_eq!(door.post("/api/v1/statuses", &sam.token, &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.delete(&format!("/api/v1/media/{id}"), &sam.token).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let next_week = json!({ "scheduled_at": "2026-11-30T02:00:00Z" });
        door.put(&at(&kept), &sam.token, &next_week).await.ok();
        door.node.clock.advance_secs(3 * 86_400);
        assert_eq!(alongside_app::media::sweep(&door.node.app).await.unwrap(), 0, "kept longer than other uploads");
        after(&door, 4 * 86_400).await;
        let published = door.get("/api/v1/timelines/home", &sam.token).await.ok();
        assert_eq!(each(&published[0]["media_attachments"], "/id"), [id]);
        let second = picture(&door, &sam).await;
        let body = json!({ "status": "look", "media_ids": [second], "scheduled_at": "2026-12-01T02:00:00Z" });
        let kept = door.post("/api/v1/statuses", &sam.token, &body).await.ok();
        door.delete(&at(&kept), &sam.token).await.ok();
        door.post("/api/v1/statuses", &sam.token, &json!({ "status": "look", "media_ids": [second] })).await.ok();
    }

    async fn the_same_key_gives_the_same_scheduled_post(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let send = async |key: &str| {
            let request = Request::post("/api/v1/statuses")
                .header(AUTHORIZATION, format!("Bearer {}", sam.token))
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", key)
                .body(Body::from(json!({ "status": "later", "scheduled_at": AT_THREE }).to_string()))
                .unwrap();
            let response = door.router.clone().oneshot(request).await.unwrap();
            let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        let first = send("one").await;
        assert_eq!(send("one").await["id"], first["id"]);
        assert_ne!(send("two").await["id"], first["id"]);
        after(&door, 3_600).await;
        assert_eq!(home(&door, &sam).await.len(), 2);
    }

    async fn who_leaves_takes_what_was_scheduled_along(store: Store) {
        let door = Door::new(store);
        let (sam, _) = (door.persona("sam").await, door.persona("ada").await);
        schedule(&door, &sam, json!({ "status": "owlish words" })).await;
        assert!(door.node.holds("owlish").await);
        alongside_app::departures::delete(&door.node.app, "sam").await.unwrap();
        assert!(!door.node.holds("owlish").await);
        after(&door, 3_600).await;
    }
}
