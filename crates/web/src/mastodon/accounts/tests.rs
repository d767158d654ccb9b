//! People and communities, asked over HTTP.

use crate::mastodon::testing::{Door, each};
use alongside_domain::community::Audience;
use alongside_domain::sanction::SanctionKind;
use alongside_store::engine::Store;
use alongside_store::{moves, sanctions};
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

fn of(member: impl std::fmt::Display, rest: &str) -> String {
    format!("/api/v1/accounts/{member}{rest}")
}

both_engines! {
    async fn a_member_sees_and_changes_their_own_profile(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let me = door.get("/api/v1/accounts/verify_credentials", &sam.token).await.ok();
        assert_eq!((&me["acct"], &me["source"]["privacy"], &me["source"]["follow_requests_count"]), (&json!("sam"), &json!("public"), &json!(0)));
        let form = "display_name=Sam+S&note=awake&locked=1&fields_attributes[0][name]=pronouns\
            &fields_attributes[0][value]=they&source[privacy]=unlisted&source[sensitive]=true&source[language]=cy";
        let kind = "application/x-www-form-urlencoded";
        let path = "/api/v1/accounts/update_credentials";
        let changed = door.send(Method::PATCH, path, &sam.token, kind, Body::from(form)).await.ok();
        assert_eq!((&changed["display_name"], &changed["note"], &changed["locked"]), (&json!("Sam S"), &json!("<p>awake</p>"), &json!(true)));
        assert_eq!(changed["fields"], json!([{ "name": "pronouns", "value": "they", "verified_at": null }]));
        let source = &changed["source"];
        assert_eq!((&source["privacy"], &source["sensitive"], &source["language"], &source["note"]), (&json!("unlisted"), &json!(true), &json!("cy"), &json!("awake")));
        for wrong in ["source[privacy]=everywhere".to_owned(), format!("display_name={}", "x".repeat(101))] {
            let refused = door.send(Method::PATCH, path, &sam.token, kind, Body::from(wrong)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let reader = door.token("sam", "read").await;
        assert_eq!(door.send(Method::PATCH, path, &reader, kind, Body::from(form)).await.status, StatusCode::FORBIDDEN);
        assert_eq!(door.get("/api/v1/accounts/verify_credentials", "").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn people_and_communities_are_found_by_id_and_address(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        let far = door.node.stranger("ann", "b.example").await;
        assert_eq!(door.get(&of(sleep, ""), "").await.ok()["group"], true);
        assert_eq!(door.get(&of(far, ""), "").await.ok()["acct"], "ann@b.example");
        assert_eq!(door.get(&of(12, ""), "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&of("nobody", ""), "").await.status, StatusCode::NOT_FOUND);
        let several = format!("/api/v1/accounts?id[]={sleep}&id[]=12&id[]={}", sam.member);
        assert_eq!(each(&door.get(&several, "").await.ok(), "/acct"), ["sleep", "sam"]);
        for (acct, id) in [("Sam", sam.member.to_string()), ("!sleep@127.0.0.1:7100", sleep.to_string()), ("ann@b.example", far.to_string())] {
            assert_eq!(door.get(&format!("/api/v1/accounts/lookup?acct={acct}"), "").await.ok()["id"], id, "{acct}");
        }
        for acct in ["nobody", "ann", "a@b@c"] {
            let unknown = door.get(&format!("/api/v1/accounts/lookup?acct={acct}"), "").await;
            assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{acct}");
        }
        let search = |q: &str| format!("/api/v1/accounts/search?q={q}");
        assert_eq!(each(&door.get(&search("sle"), &sam.token).await.ok(), "/acct"), ["sleep"]);
        assert_eq!(each(&door.get(&search("@ann@b.example"), &sam.token).await.ok(), "/acct"), ["ann@b.example"]);
        assert_eq!(door.get(&search("sle&following=true"), &sam.token).await.ok(), json!([]));
        assert_eq!(door.get(&search("sle"), "").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn whoever_has_moved_is_shown_with_where_they_are(store: Store) {
        let door = Door::new(store);
        let (sam, kim) = (door.persona("sam").await, door.node.stranger("kim", "b.example").await);
        let (there, nowhere) = ("https://c.example/users/kim", "https://d.example/users/kim");
        let one = of(kim, "");
        assert!(door.get(&one, "").await.ok().get("moved").is_none());
        let now = door.node.app.now();
        let moved = async |uri: &str| {
            let mut tx = door.node.store().begin().await.unwrap();
            moves::put(&mut tx, kim, uri, now).await.unwrap();
            tx.commit().await.unwrap();
        };
        moved(nowhere).await;
        assert!(door.get(&one, "").await.ok().get("moved").is_none(), "it is known here, or it cannot be shown");
        let other = door.node.stranger("kim", "c.example").await;
        moved(there).await;
        for path in [one.as_str(), "/api/v1/accounts/lookup?acct=kim@b.example"] {
            let shown = door.get(path, &sam.token).await.ok();
            assert_eq!((&shown["id"], &shown["moved"]["id"]), (&json!(kim.to_string()), &json!(other.to_string())));
            assert!(shown["moved"].get("moved").is_none());
        }
    }

    async fn following_is_told_at_once_and_waits_where_it_must(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let followed = door.post(&of(ada.member, "/follow"), &sam.token, &json!({ "reblogs": false })).await.ok();
        assert_eq!((&followed["following"], &followed["showing_reblogs"]), (&json!(true), &json!(false)));
        let told = door.post(&of(ada.member, "/follow"), &sam.token, &json!({ "notify": true })).await.ok();
        assert_eq!((&told["notifying"], &told["showing_reblogs"]), (&json!(true), &json!(false)), "what is not said stays");
        let left = door.post(&of(ada.member, "/unfollow"), &sam.token, &json!({})).await.ok();
        assert_eq!(left["following"], false);
        let far = door.node.stranger("ann", "b.example").await;
        let asked = door.post(&of(far, "/follow"), &sam.token, &json!({})).await.ok();
        assert_eq!((&asked["following"], &asked["requested"]), (&json!(false), &json!(true)));
        assert_eq!(door.post(&of(sam.member, "/follow"), &sam.token, &json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(door.post(&of(12, "/follow"), &sam.token, &json!({})).await.status, StatusCode::NOT_FOUND);
        let reader = door.token("sam", "read").await;
        assert_eq!(door.post(&of(ada.member, "/follow"), &reader, &json!({})).await.status, StatusCode::FORBIDDEN);
    }

    async fn somebody_is_read_in_the_languages_one_chose(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let follow = format!("/api/v1/accounts/{}/follow", ada.member);
        let first = door.post(&follow, &sam.token, &json!({})).await.ok();
        assert_eq!(first["languages"], json!(null));
        let chosen = door.post(&follow, &sam.token, &json!({ "languages": ["en", "cy", "en"] })).await.ok();
        assert_eq!(chosen["languages"], json!(["cy", "en"]));
        let again = door.post(&follow, &sam.token, &json!({ "notify": true })).await.ok();
        assert_eq!((&again["notifying"], &again["languages"]), (&json!(true), &json!(["cy", "en"])), "what is not said stays");
        let odd = door.post(&follow, &sam.token, &json!({ "languages": ["en", "Welsh, mostly"] })).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let any = door.post(&follow, &sam.token, &json!({ "languages": [] })).await.ok();
        assert_eq!(any["languages"], json!(null));
        let seen = door.get(&format!("/api/v1/accounts/relationships?id[]={}", ada.member), &sam.token).await.ok();
        assert_eq!(seen[0]["languages"], json!(null));
    }

    async fn who_follows_whom_is_told_to_themselves_alone(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        door.node.follow(ada.member.actor(), sam.member.actor()).await;
        door.node.follow(sam.member.actor(), sleep.actor()).await;
        assert_eq!(each(&door.get(&of(sam.member, "/followers"), &sam.token).await.ok(), "/acct"), ["ada"]);
        assert_eq!(each(&door.get(&of(sam.member, "/following"), &sam.token).await.ok(), "/acct"), ["sleep"]);
        for path in [of(sam.member, "/followers"), of(sam.member, "/following"), of(sleep, "/followers")] {
            assert_eq!(door.get(&path, &ada.token).await.ok(), json!([]), "{path}");
            assert_eq!(door.get(&path, "").await.ok(), json!([]), "{path}");
        }
        assert_eq!(door.get(&of(sam.member, "/lists"), &ada.token).await.ok(), json!([]));
        let familiar = door.get(&format!("/api/v1/accounts/familiar_followers?id[]={sleep}"), &ada.token).await.ok();
        assert_eq!(familiar, json!([{ "id": sleep.to_string(), "accounts": [] }]));
        let asked = json!({ "id": [sleep.to_string()] }).to_string();
        let path = "/api/v1/accounts/familiar_followers";
        let in_a_body = door.send(Method::GET, path, &ada.token, "application/json", Body::from(asked)).await.ok();
        assert_eq!(in_a_body, familiar, "as Mastodon.py asks");
        for rest in ["/featured_tags", "/endorsements"] {
            assert_eq!(door.get(&of(sam.member, rest), &ada.token).await.ok(), json!([]));
        }
        let gone = door.post(&of(ada.member, "/remove_from_followers"), &sam.token, &json!({})).await.ok();
        assert_eq!(gone["followed_by"], false);
        assert_eq!(door.get(&of(sam.member, "/followers"), &sam.token).await.ok(), json!([]));
    }

    async fn one_keeps_others_at_a_distance(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        door.node.follow(ada.member.actor(), sam.member.actor()).await;
        let post = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "hidden" })).await.ok();
        let act = |verb: &'static str, body: Value| {
            let (door, path, token) = (&door, of(ada.member, verb), sam.token.clone());
            async move { door.post(&path, &token, &body).await.ok() }
        };
        assert_eq!(act("/note", json!({ "comment": "met at 2 am" })).await["note"], "met at 2 am");
        let muted = act("/mute", json!({ "duration": 600, "notifications": false })).await;
        assert_eq!((&muted["muting"], &muted["muting_notifications"]), (&json!(true), &json!(false)));
        let mutes = door.get("/api/v1/mutes", &sam.token).await.ok();
        assert_eq!((each(&mutes, "/acct"), mutes[0]["mute_expires_at"].is_string()), (vec!["ada".to_owned()], true));
        assert_eq!(act("/unmute", json!({})).await["muting"], false);
        let blocked = act("/block", json!({})).await;
        assert_eq!((&blocked["blocking"], &blocked["followed_by"]), (&json!(true), &json!(false)));
        assert_eq!(each(&door.get("/api/v1/blocks", &sam.token).await.ok(), "/acct"), ["ada"]);
        let hidden = format!("/api/v1/statuses/{}", post["id"].as_str().unwrap());
        assert_eq!(door.get(&hidden, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.post(&of(sam.member, "/follow"), &ada.token, &json!({})).await.status, StatusCode::NOT_FOUND);
        assert_eq!(act("/unblock", json!({})).await["blocking"], false);
        assert_eq!(door.get("/api/v1/blocks", &sam.token).await.ok(), json!([]));
        let related = format!("/api/v1/accounts/relationships?id[]={}&id={}", ada.member, ada.member);
        assert_eq!(door.get(&related, "").await.status, StatusCode::UNAUTHORIZED);
        let related = format!("/api/v1/accounts/relationships?id={}", ada.member);
        assert_eq!(each(&door.get(&related, &sam.token).await.ok(), "/note"), ["met at 2 am"]);
    }

    async fn ids_are_asked_for_as_clients_write_them(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let eve = door.node.member("eve").await;
        let related = |rest: &str| format!("/api/v1/accounts/relationships?id[]={}&id[]={eve}&id[]=x{rest}", ada.member);
        assert_eq!(each(&door.get(&related(""), &sam.token).await.ok(), "/id"), [ada.member.to_string(), eve.to_string()]);
        let mut tx = door.node.store().begin().await.unwrap();
        let since = Some(door.node.app.now());
        assert!(sanctions::set(&mut tx, eve.actor(), SanctionKind::Suspend, since).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(each(&door.get(&related(""), &sam.token).await.ok(), "/id"), [ada.member.to_string()]);
        assert_eq!(door.get(&related("&with_suspended=true"), &sam.token).await.ok().as_array().unwrap().len(), 2);
        assert_eq!(door.get(&of(ada.member, ""), "").await.ok().get("limited"), None);
        let mut tx = door.node.store().begin().await.unwrap();
        let since = Some(door.node.app.now());
        assert!(sanctions::set(&mut tx, ada.member.actor(), SanctionKind::Silence, since).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(door.get(&of(ada.member, ""), "").await.ok()["limited"], true);
        let many = "id[]=7&".repeat(41);
        assert_eq!(door.get(&format!("/api/v1/accounts?{many}"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get(&format!("/api/v1/statuses?{many}"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get("/api/v1/accounts?id=x&id[]=", "").await.status, StatusCode::BAD_REQUEST, "two ways at once");
        assert_eq!(door.get("/api/v1/accounts?id=x", "").await.ok(), json!([]));
        assert_eq!(door.get(&of(7, "/lists"), &sam.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/api/v1/accounts/lookup", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/api/v1/accounts/search", &sam.token).await.ok(), json!([]));
    }

    async fn a_member_says_how_they_may_be_found(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let (path, kind) = ("/api/v1/accounts/update_credentials", "application/x-www-form-urlencoded");
        for (form, found) in [("discoverable=true&indexable=true", true), ("note=x", true), ("discoverable=0&indexable=0", false)] {
            let me = door.send(Method::PATCH, path, &sam.token, kind, Body::from(form)).await.ok();
            for place in ["/discoverable", "/indexable", "/source/discoverable", "/source/indexable"] {
                assert_eq!(me.pointer(place).unwrap(), found, "{form} {place}");
            }
            assert_eq!(door.get(&of(sam.member, ""), "").await.ok()["indexable"], found);
        }
    }

    async fn fields_are_given_back_for_editing_as_they_were_typed(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let body = json!({ "fields_attributes": [{ "name": "Web", "value": "https://a.example/x?y=1&z=2" }] });
        let (path, kind) = ("/api/v1/accounts/update_credentials", "application/json");
        let me = door.send(Method::PATCH, path, &sam.token, kind, body.to_string().into()).await.ok();
        assert!(me["fields"][0]["value"].as_str().unwrap().starts_with("<a href="), "{me}");
        assert_eq!(me["source"]["fields"][0]["value"], "https://a.example/x?y=1&z=2");
        for nothing in ["fields_attributes=undefined", "fields_attributes="] {
            let form = "application/x-www-form-urlencoded";
            let same = door.send(Method::PATCH, path, &sam.token, form, Body::from(nothing)).await.ok();
            assert_eq!(same["source"]["fields"], me["source"]["fields"], "{nothing}");
        }
        let five = json!({ "fields_attributes": vec![json!({ "name": "a", "value": "b" }); 5] });
        let refused = door.send(Method::PATCH, path, &sam.token, kind, five.to_string().into()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn hosts_are_blocked(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let path = "/api/v1/domain_blocks";
        door.post(path, &sam.token, &json!({ "domain": "Bad.example" })).await.ok();
        assert_eq!(door.get(path, &sam.token).await.ok(), json!(["bad.example"]));
        assert_eq!(door.post(path, &sam.token, &json!({ "domain": "127.0.0.1:7100" })).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.post(path, &sam.token, &json!({ "domain": "worse.example" })).await.ok();
        let page = door.get(&format!("{path}?limit=1"), &sam.token).await;
        assert_eq!(page.ok(), json!(["bad.example"]));
        let next = page.header("link").split_once("7100").unwrap().1.split_once('>').unwrap().0.to_owned();
        assert_eq!(door.get(&next, &sam.token).await.ok(), json!(["worse.example"]));
        door.delete(&format!("{path}?domain=worse.example"), &sam.token).await.ok();
        door.delete(&format!("{path}?domain=bad.example"), &sam.token).await.ok();
        assert_eq!(door.get(path, &sam.token).await.ok(), json!([]));
    }

    async fn whom_the_block_of_a_host_would_keep_away_is_counted_before(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let (kim, lee) = (door.node.stranger("kim", "bad.example").await, door.node.stranger("lee", "bad.example").await);
        let max = door.node.stranger("max", "good.example").await;
        for (follower, target) in [(sam.member.actor(), kim), (kim, sam.member.actor()), (lee, sam.member.actor()), (sam.member.actor(), max)] {
            door.node.follow(follower, target).await;
        }
        let preview = async |host: &str| door.get(&format!("/api/v1/domain_blocks/preview?domain={host}"), &sam.token).await;
        assert_eq!(preview("BAD.example").await.ok(), json!({ "following_count": 1, "followers_count": 2 }));
        assert_eq!(preview("nobody.example").await.ok(), json!({ "following_count": 0, "followers_count": 0 }));
        assert_eq!(preview("127.0.0.1:7100").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get("/api/v1/domain_blocks", &sam.token).await.ok(), json!([]), "nothing is blocked by it");
    }

    async fn a_profile_shows_what_is_asked_of_it(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let mut ids = Vec::new();
        let other = door.post("/api/v1/statuses", &ada.token, &json!({ "status": "hello" })).await.ok();
        for body in [
            json!({ "status": "about #Sleep" }),
            json!({ "status": "an answer", "in_reply_to_id": other["id"] }),
            json!({ "status": "for followers", "visibility": "private" }),
        ] {
            ids.push(door.post("/api/v1/statuses", &sam.token, &body).await.ok()["id"].as_str().unwrap().to_owned());
        }
        let boost = format!("/api/v1/statuses/{}/reblog", other["id"].as_str().unwrap());
        door.node.clock.advance_secs(1);
        ids.push(door.post(&boost, &sam.token, &json!({})).await.ok()["id"].as_str().unwrap().to_owned());
        let (tagged, reply, private, boost) = (&ids[0], &ids[1], &ids[2], &ids[3]);
        let shown = |query: &'static str, token: String| {
            let (door, path) = (&door, of(sam.member, &format!("/statuses?{query}")));
            async move { each(&door.get(&path, &token).await.ok(), "/id") }
        };
        assert_eq!(shown("", String::new()).await, [boost.as_str(), reply, tagged]);
        assert_eq!(shown("", sam.token.clone()).await, [boost.as_str(), private, reply, tagged]);
        assert_eq!(shown("exclude_reblogs=true&exclude_replies=1", String::new()).await, [tagged.as_str()]);
        assert_eq!(shown("tagged=sleep", String::new()).await, [tagged.as_str()]);
        assert_eq!(shown("only_media=true", String::new()).await, Vec::<String>::new());
        assert_eq!(shown("limit=1", String::new()).await, [boost.as_str()]);
    }

    async fn what_one_may_not_read_is_not_even_named(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        door.node.follow(ada.member.actor(), sam.member.actor()).await;
        let body = json!({ "status": "a bad #night", "visibility": "private" });
        let id = door.post("/api/v1/statuses", &sam.token, &body).await.ok()["id"].as_str().unwrap().to_owned();
        let path = of(sam.member, "/statuses?tagged=night");
        for reader in [&ada.token, &sam.token] {
            assert_eq!(each(&door.get(&path, reader).await.ok(), "/id"), [id.as_str()]);
        }
        for stranger in [eve.token.as_str(), ""] {
            let answer = door.get(&path, stranger).await;
            assert_eq!((answer.ok(), answer.header("link")), (json!([]), ""), "no id in the links either");
        }
        door.delete(&format!("/api/v1/statuses/{id}"), &sam.token).await.ok();
        let answer = door.get(&path, &ada.token).await;
        assert_eq!((answer.ok(), answer.header("link")), (json!([]), ""));
    }

    async fn the_link_leads_on(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let mut ids = Vec::new();
        for number in 0..5 {
            let body = json!({ "status": format!("number {number}") });
            ids.push(door.post("/api/v1/statuses", &sam.token, &body).await.ok()["id"].as_str().unwrap().to_owned());
        }
        ids.reverse();
        let mut next = of(sam.member, "/statuses?limit=2");
        let mut seen = Vec::new();
        while let answer = door.get(&next, "").await && answer.ok() != json!([]) {
            seen.extend(each(&answer.ok(), "/id"));
            let link = answer.header("link").split_once('<').unwrap().1.split_once(">; rel=\"next\"").unwrap().0;
            link.strip_prefix("http://127.0.0.1:7100").unwrap().clone_into(&mut next);
        }
        assert_eq!(seen, ids);
    }
}
