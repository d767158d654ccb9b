//! Timelines, asked over HTTP.

use crate::mastodon::testing::{Door, Persona, each};
use alongside_domain::community::Audience;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

async fn say(door: &Door, by: &Persona, body: Value) -> String {
    // Lines of one millisecond have an order by chance.
    door.node.clock.advance_secs(1);
    let posted = door.post("/api/v1/statuses", &by.token, &body).await.ok();
    posted["id"].as_str().unwrap().to_owned()
}

/// The posts a timeline shows: of a boost what is boosted.
async fn shown(door: &Door, path: &str, token: &str) -> Vec<String> {
    let timeline = door.get(&format!("/api/v1/timelines/{path}"), token).await.ok();
    let id =
        |status: &Value| status.pointer("/reblog/id").unwrap_or(&status["id"]).as_str().unwrap().to_owned();
    timeline.as_array().unwrap().iter().map(id).collect()
}

both_engines! {
    async fn home_shows_a_communitys_threads_once_and_never_its_comments(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let sleep = door.node.community("sleep", Audience::Everyone).await.actor();
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), sleep).await;
        }
        door.node.follow(sam.member.actor(), ada.member.actor()).await;
        let thread = say(&door, &ada, json!({ "status": "@sleep awake" })).await;
        say(&door, &ada, json!({ "status": "still", "in_reply_to_id": thread })).await;
        say(&door, &eve, json!({ "status": "nobody follows me" })).await;
        let home = door.get("/api/v1/timelines/home", &sam.token).await.ok();
        assert_eq!((each(&home, "/account/acct"), each(&home, "/reblog/id")), (vec!["sleep".to_owned()], vec![thread.clone()]));
        assert_eq!(home[0]["account"]["group"], true);
        let as_a_list = shown(&door, &format!("list/{sleep}"), &sam.token).await;
        assert_eq!(as_a_list, [thread.as_str()]);
        let outside = door.get(&format!("/api/v1/timelines/list/{sleep}"), &eve.token).await;
        assert_eq!(outside.status, StatusCode::NOT_FOUND, "who is not in it has no such list");
        assert_eq!(door.get("/api/v1/timelines/home", "").await.status, StatusCode::UNAUTHORIZED);
        let follower = door.token("sam", "follow").await;
        assert_eq!(door.get("/api/v1/timelines/home", &follower).await.status, StatusCode::FORBIDDEN);
    }

    async fn public_is_public_and_without_those_one_keeps_away_from(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let first = say(&door, &ada, json!({ "status": "one" })).await;
        let second = say(&door, &eve, json!({ "status": "two" })).await;
        say(&door, &eve, json!({ "status": "a reply", "in_reply_to_id": first })).await;
        for visibility in ["unlisted", "private", "direct"] {
            say(&door, &ada, json!({ "status": visibility, "visibility": visibility })).await;
        }
        let far = door.node.stranger("ann", "b.example").await;
        let far = door.node.post_with(far, "far", |post| post.local = false).await.id.to_string();
        assert_eq!(shown(&door, "public", "").await, [far.as_str(), &second, &first]);
        assert_eq!(shown(&door, "public?local=true", "").await, [second.as_str(), &first]);
        assert_eq!(shown(&door, "public?remote=true", "").await, [far.as_str()]);
        assert_eq!(shown(&door, "public?local=true&remote=1", "").await, [far.as_str(), &second, &first], "both is everything");
        assert_eq!(shown(&door, "public?only_media=true", "").await, Vec::<String>::new());
        door.post(&format!("/api/v1/accounts/{}/block", eve.member), &sam.token, &json!({})).await.ok();
        door.post("/api/v1/domain_blocks", &sam.token, &json!({ "domain": "b.example" })).await.ok();
        assert_eq!(shown(&door, "public", &sam.token).await, [first.as_str()]);
        assert_eq!(door.get("/api/v1/timelines/link?url=x", "").await.ok(), json!([]));
    }

    async fn hashtags_are_joined_and_narrowed(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let tea = say(&door, &sam, json!({ "status": "#Tea" })).await;
        let both = say(&door, &sam, json!({ "status": "#tea #cocoa" })).await;
        let cocoa = say(&door, &sam, json!({ "status": "#cocoa" })).await;
        say(&door, &sam, json!({ "status": "#tea", "visibility": "private" })).await;
        assert_eq!(shown(&door, "tag/TEA", "").await, [both.as_str(), &tea]);
        assert_eq!(shown(&door, "tag/tea?any[]=cocoa", "").await, [cocoa.as_str(), &both, &tea]);
        assert_eq!(shown(&door, "tag/tea?all[]=Cocoa", "").await, [both.as_str()]);
        assert_eq!(shown(&door, "tag/tea?none[]=cocoa", "").await, [tea.as_str()]);
        assert_eq!(shown(&door, "tag/tea?none[]=cocoa&limit=1", "").await, [tea.as_str()], "a page is full while there is more");
        assert_eq!(shown(&door, "tag/cocoa?all[]=tea&all[]=tea&limit=1", "").await, [both.as_str()]);
        assert_eq!(shown(&door, "tag/cocoa?all[]=tea&none[]=cocoa", "").await, Vec::<String>::new());
        assert_eq!(shown(&door, &format!("tag/cocoa?none[]=tea&limit=1&min_id={tea}"), "").await, [cocoa.as_str()]);
        assert_eq!(shown(&door, "tag/tea?local=true&remote=true", "").await, [both.as_str(), &tea]);
        assert_eq!(shown(&door, "tag/tea?any[]=cocoa&limit=2", "").await, [cocoa.as_str(), &both]);
        assert_eq!(shown(&door, &format!("tag/tea?any[]=cocoa&limit=2&max_id={cocoa}"), "").await, [both.as_str(), &tea]);
        assert_eq!(shown(&door, &format!("tag/tea?any[]=cocoa&limit=1&min_id={tea}"), "").await, [both.as_str()]);
    }

    async fn a_list_shows_those_in_it_and_the_replies_it_asks_for(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        for followed in [&ada, &eve] {
            door.node.follow(sam.member.actor(), followed.member.actor()).await;
        }
        let list = door.post("/api/v1/lists", &sam.token, &json!({ "title": "Night", "replies_policy": "list" })).await.ok();
        let list = list["id"].as_str().unwrap();
        let body = json!({ "account_ids": [ada.member.to_string()] });
        door.post(&format!("/api/v1/lists/{list}/accounts"), &sam.token, &body).await.ok();
        let hers = say(&door, &eve, json!({ "status": "not in it" })).await;
        let first = say(&door, &ada, json!({ "status": "in it" })).await;
        let own = say(&door, &ada, json!({ "status": "going on", "in_reply_to_id": first })).await;
        let reply = say(&door, &ada, json!({ "status": "to eve", "in_reply_to_id": hers })).await;
        let path = format!("list/{list}");
        assert_eq!(shown(&door, &path, &sam.token).await, [own.as_str(), &first]);
        door.put(&format!("/api/v1/lists/{list}"), &sam.token, &json!({ "title": "Night", "replies_policy": "followed" })).await.ok();
        assert_eq!(shown(&door, &path, &sam.token).await, [reply.as_str(), &own, &first]);
        door.put(&format!("/api/v1/lists/{list}"), &sam.token, &json!({ "title": "Night", "replies_policy": "none" })).await.ok();
        assert_eq!(shown(&door, &path, &sam.token).await, [first.as_str()]);
        assert_eq!(door.get(&format!("/api/v1/timelines/{path}"), &ada.token).await.status, StatusCode::NOT_FOUND);
    }

    async fn letters_stand_one_after_another_for_those_who_wrote_or_got_them(store: Store) {
        let door = Door::new(store);
        let (sam, ada, ben) = (door.persona("sam").await, door.persona("ada").await, door.persona("ben").await);
        for (from, text) in [(&sam, "@ada first"), (&ada, "@sam second"), (&ben, "@ada not for sam")] {
            let letter = json!({ "status": text, "visibility": "direct" });
            door.post("/api/v1/statuses", &from.token, &letter).await.ok();
        }
        door.node.post(sam.member.actor(), "for everybody").await;
        let path = "/api/v1/timelines/direct";
        let shown = door.get(path, &sam.token).await.ok();
        assert_eq!(each(&shown, "/account/acct"), ["ada", "sam"]);
        let older = door.get(&format!("{path}?max_id={}", shown[0]["id"].as_str().unwrap()), &sam.token).await.ok();
        assert_eq!(each(&older, "/account/acct"), ["sam"]);
        let newer = door.get(&format!("{path}?min_id={}", shown[1]["id"].as_str().unwrap()), &sam.token).await.ok();
        assert_eq!(each(&newer, "/account/acct"), ["ada"]);
        assert_eq!(door.get(path, "").await.status, StatusCode::UNAUTHORIZED);
    }
}
