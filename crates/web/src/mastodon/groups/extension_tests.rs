//! Communities as such: found, opened, described, joined and closed by clients that know them.

use crate::mastodon::testing::{Door, Persona, each};
use alongside_domain::account::Role;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::CommunityId;
use alongside_domain::job::Job;
use alongside_store::communities;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const GROUPS: &str = "/api/v1/groups";

/// Somebody who looks after the whole node.
async fn staff(door: &Door, handle: &str, role: Role) -> Persona {
    let member = door.node.member_as(handle, role).await;
    Persona { member, token: door.token(handle, "read write follow").await }
}

async fn relationship(door: &Door, who: &Persona, id: &str) -> Value {
    door.get(&format!("{GROUPS}/relationships?id[]={id}"), &who.token).await.ok()[0].clone()
}

async fn members(door: &Door, who: &Persona, id: &str, role: &str) -> Vec<String> {
    let members = door.get(&format!("{GROUPS}/{id}/memberships{role}"), &who.token).await.ok();
    let (names, roles) = (each(&members, "/account/acct"), each(&members, "/role"));
    names.into_iter().zip(roles).map(|(name, role)| format!("{name} {role}")).collect()
}

async fn with_policy(door: &Door, id: CommunityId, join_policy: JoinPolicy) {
    let mut tx = door.node.store().begin().await.unwrap();
    let found = communities::find(&mut tx, id.actor()).await.unwrap().unwrap();
    communities::put(&mut tx, &Community { join_policy, ..found }).await.unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    async fn staff_open_a_community_and_look_after_it(store: Store) {
        let door = Door::new(store);
        let (mod_, sam) = (staff(&door, "mona", Role::Moderator).await, door.persona("sam").await);
        let body = json!({ "display_name": "Sleep & rest", "note": "Nights are #long", "rules": ["Be kind", "No <adverts>"],
            "staffed_hours": "Every evening, 7 to 10", "statuses_visibility": "members_only", "join_policy": "approval",
            "safeguarding_contact": "help@mail.example" });
        let refused = door.post(GROUPS, &sam.token, &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "a community has an organisation behind it");
        let group = door.post(GROUPS, &mod_.token, &body).await.ok();
        let id = group["id"].as_str().unwrap();
        for (key, value) in [
            ("display_name", json!("Sleep & rest")), ("url", json!("http://127.0.0.1:7100/@sleep_rest")), ("locked", json!(true)),
            ("membership_required", json!(true)), ("statuses_visibility", json!("members_only")), ("members_count", json!(1)),
            ("owner", json!({ "id": mod_.member.to_string() })), ("domain", json!("127.0.0.1:7100")), ("emojis", json!([])),
        ] {
            assert_eq!(group[key], value, "{key}");
        }
        let note = group["note"].as_str().unwrap();
        assert!(note.contains("Nights are") && note.contains("<p>Rules:<br>1. Be kind<br>2. No &lt;adverts&gt;</p>"), "{note}");
        let account = door.get(&format!("/api/v1/accounts/{id}"), "").await.ok();
        assert_eq!((&account["group"], &account["note"], &account["acct"]), (&json!(true), &group["note"], &json!("sleep_rest")));
        assert_eq!(each(&account["fields"], "/name"), ["Who can read", "Joining", "Staffed hours", "Looked after by"]);
        let values = each(&account["fields"], "/value");
        assert_eq!(values[..3], ["Its members", "A moderator lets you in", "Every evening, 7 to 10"]);
        assert!(values[3].contains("@mona</a>"), "{}", values[3]);
        assert_eq!(each(&door.get(GROUPS, &mod_.token).await.ok(), "/id"), [id]);
        let own = relationship(&door, &mod_, id).await;
        assert_eq!((&own["member"], &own["role"]), (&json!(true), &json!("owner")));
        let kept = communities::find(&mut door.node.app.reader(), id.parse::<i64>().unwrap().into()).await.unwrap().unwrap();
        assert_eq!((kept.safeguarding_contact.as_deref(), kept.join_policy), (Some("help@mail.example"), JoinPolicy::Approval));
        let again = door.post(GROUPS, &mod_.token, &body).await;
        assert_eq!((again.status, &again.json()["error"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("Validation failed: the name sleep_rest is taken on this node")));
    }

    async fn what_is_no_community_is_not_opened(store: Store) {
        let door = Door::new(store);
        let mod_ = staff(&door, "mona", Role::Moderator).await;
        for body in [
            json!({}),
            json!({ "display_name": "睡眠" }),
            json!({ "display_name": "x".repeat(101), "slug": "x" }),
            json!({ "display_name": "Sleep", "note": "x".repeat(1_001) }),
            json!({ "display_name": "Sleep", "slug": "admin" }),
            json!({ "display_name": "Sleep", "rules": [" "] }),
            json!({ "display_name": "Sleep", "staffed_hours": "x".repeat(256) }),
            json!({ "display_name": "Sleep", "statuses_visibility": "secret" }),
            json!({ "display_name": "Sleep", "join_policy": "never" }),
            json!({ "display_name": "Sleep", "safeguarding_contact": "nobody" }),
        ] {
            let answer = door.post(GROUPS, &mod_.token, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.json());
        }
        assert_eq!(door.get(GROUPS, &mod_.token).await.ok(), json!([]));
        let slug = json!({ "display_name": "睡眠", "slug": "suimin" });
        assert_eq!(door.post(GROUPS, &mod_.token, &slug).await.ok()["url"], "http://127.0.0.1:7100/@suimin");
    }

    async fn whoever_looks_after_it_says_what_it_is_for(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        door.node.appoint(sleep, sam.member.actor()).await;
        let path = format!("{GROUPS}/{sleep}");
        let change = json!({ "display_name": "Sleep well", "note": "Together", "rules": ["Be kind"] });
        assert_eq!(door.put(&path, &ada.token, &change).await.status, StatusCode::FORBIDDEN);
        let changed = door.put(&path, &sam.token, &change).await.ok();
        assert_eq!((&changed["display_name"], &changed["note"]), (&json!("Sleep well"), &json!("<p>Together</p><p>Rules:<br>1. Be kind</p>")));
        let kept = door.put(&path, &sam.token, &json!({ "staffed_hours": "Mornings" })).await.ok();
        assert_eq!(kept["note"], changed["note"], "what is not said stays");
        let before = door.get(&format!("/api/v1/accounts/{sleep}"), "").await.ok();
        assert_eq!(each(&before["fields"], "/value")[2], "Mornings");
        let promote = json!({ "account_ids": [ada.member.to_string()] });
        door.post(&format!("{path}/promote"), &sam.token, &promote).await.ok();
        let after = door.get(&format!("/api/v1/accounts/{sleep}"), "").await.ok();
        assert!(each(&after["fields"], "/value")[3].contains("@ada</a>"), "who looks after it is shown at once");
        let told = door.node.queued().await.into_iter().filter(|job| *job == Job::Profile { actor: sleep.actor() }).count();
        assert!(told >= 2, "other nodes are told");
        for wrong in [json!({ "display_name": " " }), json!({ "rules": vec!["x"; 21] })] {
            assert_eq!(door.put(&path, &sam.token, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let far = door.node.community_elsewhere("far", "b.example").await;
        door.node.appoint(far, sam.member.actor()).await;
        assert_eq!(door.put(&format!("{GROUPS}/{far}"), &sam.token, &change).await.status, StatusCode::FORBIDDEN, "its own node says that");
        assert_eq!(door.put(&format!("{GROUPS}/{}", ada.member), &sam.token, &change).await.status, StatusCode::NOT_FOUND, "no community");
    }

    async fn its_pictures_are_those_of_its_account(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        door.node.appoint(sleep, sam.member.actor()).await;
        let path = format!("{GROUPS}/{sleep}");
        let form = [
            &b"--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\n"[..],
            &crate::mastodon::testing::png(), b"\r\n--x--\r\n",
        ].concat();
        let kind = "multipart/form-data; boundary=x";
        let changed = door.send(Method::PUT, &path, &sam.token, kind, form.into()).await.ok();
        assert!(changed["avatar"].as_str().unwrap().contains("/media/profile-"), "{}", changed["avatar"]);
        assert_eq!(door.get(&format!("/api/v1/accounts/{sleep}"), "").await.ok()["avatar"], changed["avatar"]);
        let gone = door.put(&path, &sam.token, &json!({ "avatar": "" })).await.ok();
        assert_ne!(gone["avatar"], changed["avatar"]);
        let broken = Body::from("--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\nno\r\n--x--\r\n");
        assert_eq!(door.send(Method::PUT, &path, &sam.token, kind, broken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn joining_is_following_and_leaving_is_not(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let (open, asks) = (door.node.community("open", Audience::Everyone).await, door.node.community("asks", Audience::Members).await);
        with_policy(&door, asks, JoinPolicy::Approval).await;
        for (id, member, requested) in [(open, true, false), (asks, false, true)] {
            let joined = door.post(&format!("{GROUPS}/{id}/join"), &sam.token, &json!({})).await.ok();
            assert_eq!((&joined["member"], &joined["requested"], &joined["role"]), (&json!(member), &json!(requested), &json!("user")));
            let followed = door.get(&format!("/api/v1/accounts/relationships?id[]={id}"), &sam.token).await.ok();
            assert_eq!((&followed[0]["following"], &followed[0]["requested"]), (&json!(member), &json!(requested)));
        }
        assert_eq!(each(&door.get(GROUPS, &sam.token).await.ok(), "/id"), [open.to_string()]);
        let account = format!("/api/v1/accounts/{open}");
        door.post(&format!("{account}/mute"), &sam.token, &json!({})).await.ok();
        door.post(&format!("{account}/follow"), &sam.token, &json!({ "notify": true })).await.ok();
        let tie = relationship(&door, &sam, &open.to_string()).await;
        assert_eq!((&tie["muting"], &tie["notifying"]), (&json!(true), &json!(true)));
        door.post(&format!("{GROUPS}/{open}/join"), &sam.token, &json!({})).await.ok();
        assert_eq!(relationship(&door, &sam, &open.to_string()).await["notifying"], true, "joining again changes no wishes");
        let left = door.post(&format!("{GROUPS}/{open}/leave"), &sam.token, &json!({})).await.ok();
        assert_eq!((&left["member"], &left["requested"]), (&json!(false), &json!(false)));
        for verb in ["join", "leave"] {
            let person = format!("{GROUPS}/{}/{verb}", sam.member);
            assert_eq!(door.post(&person, &sam.token, &json!({})).await.status, StatusCode::NOT_FOUND, "no community");
        }
        let several = format!("{GROUPS}/relationships?id[]={asks}&id[]={open}&id[]={}&id[]=7", sam.member);
        assert_eq!(each(&door.get(&several, &sam.token).await.ok(), "/id"), [asks.to_string(), open.to_string()]);
    }

    async fn who_is_in_it_is_told_to_those_who_look_after_it(store: Store) {
        let door = Door::new(store);
        let (lead, sam, ada, eve) = (door.persona("lead").await, door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let sleep = door.node.community("sleep", Audience::Members).await;
        door.node.appoint(sleep, lead.member.actor()).await;
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), sleep.actor()).await;
        }
        let id = sleep.to_string();
        assert_eq!(members(&door, &lead, &id, "").await, ["ada user", "sam user", "lead admin"]);
        assert_eq!(members(&door, &sam, &id, "").await, ["sam user", "lead admin"], "those who look after it, and oneself");
        assert_eq!(members(&door, &eve, &id, "").await, Vec::<String>::new(), "who is not in it sees nobody");
        for (role, shown) in [("admin", vec!["lead admin"]), ("owner", vec![]), ("user", vec!["ada user", "sam user"])] {
            assert_eq!(members(&door, &lead, &id, &format!("?role={role}")).await, shown, "{role}");
        }
        assert_eq!(members(&door, &sam, &id, "?role=user").await, ["sam user"]);
        let first = door.get(&format!("{GROUPS}/{id}/memberships?limit=1"), &lead.token).await;
        assert!(first.header("link").contains(&format!("max_id={}", ada.member)), "{}", first.header("link"));
        let wrong = door.get(&format!("{GROUPS}/{id}/memberships?role=king"), &lead.token).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get(&format!("{GROUPS}/{id}/memberships"), "").await.status, StatusCode::UNAUTHORIZED);
        let admin = staff(&door, "root_", Role::Admin).await;
        assert_eq!(members(&door, &admin, &id, "?role=user").await, ["ada user", "sam user"]);
        with_policy(&door, sleep, JoinPolicy::Approval).await;
        door.post(&format!("{GROUPS}/{id}/join"), &eve.token, &json!({})).await.ok();
        assert_eq!(relationship(&door, &lead, &id).await["pending_requests"], true);
        assert_eq!(relationship(&door, &sam, &id).await["pending_requests"], false, "not hers to know");
        let far = door.node.community_elsewhere("far", "b.example").await;
        door.node.appoint(far, lead.member.actor()).await;
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), far.actor()).await;
        }
        assert_eq!(members(&door, &lead, &far.to_string(), "").await, ["lead admin"], "its own node tells who is in it");
    }

    async fn a_community_is_closed_for_good(store: Store) {
        let door = Door::new(store);
        let (admin, sam, ada) = (staff(&door, "ann", Role::Admin).await, door.persona("sam").await, door.persona("ada").await);
        let sleep = door.node.community("sleep", Audience::Members).await;
        door.node.appoint(sleep, sam.member.actor()).await;
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), sleep.actor()).await;
        }
        let post = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "@sleep a secret" })).await.ok();
        let (path, post) = (format!("{GROUPS}/{sleep}"), format!("/api/v1/statuses/{}", post["id"].as_str().unwrap()));
        assert_eq!(door.delete(&path, &sam.token).await.status, StatusCode::FORBIDDEN, "whoever runs the node closes one");
        door.get(&post, &ada.token).await.ok();
        assert_eq!(door.delete(&path, &admin.token).await.ok(), json!({}));
        for gone in [&path, &format!("/api/v1/accounts/{sleep}"), &format!("/api/v1/timelines/group/{sleep}"), &format!("{path}/memberships")] {
            assert_eq!(door.get(gone, &ada.token).await.status, StatusCode::NOT_FOUND, "{gone}");
        }
        assert_eq!(door.get(GROUPS, &ada.token).await.ok(), json!([]));
        assert_eq!(door.get(&post, &ada.token).await.status, StatusCode::NOT_FOUND, "what was for members is nobody else's now");
        let own = door.get(&post, &sam.token).await.ok();
        assert_eq!((&own["visibility"], own.get("group")), (&json!("private"), None));
        assert!(door.node.queued().await.contains(&Job::Depart { actor: sleep.actor() }), "other nodes are told");
        assert_eq!(door.delete(&path, &admin.token).await.status, StatusCode::NOT_FOUND);
    }

    async fn posts_say_which_community_they_are_in(store: Store) {
        let door = Door::new(store);
        let (sam, eve) = (door.persona("sam").await, door.persona("eve").await);
        let (open, quiet) = (door.node.community("open", Audience::Everyone).await, door.node.community("quiet", Audience::Members).await);
        for id in [open, quiet] {
            door.node.follow(sam.member.actor(), id.actor()).await;
        }
        let said = async |group: CommunityId, text: &str| {
            let body = json!({ "status": text, "visibility": "group", "group_id": group.to_string() });
            door.node.clock.advance_secs(1);
            door.post("/api/v1/statuses", &sam.token, &body).await.ok()
        };
        let (public, secret) = (said(open, "for everybody").await, said(quiet, "for members").await);
        assert_eq!((&public["group"]["id"], &public["visibility"]), (&json!(open.to_string()), &json!("public")));
        assert_eq!((&secret["group"]["id"], &secret["visibility"]), (&json!(quiet.to_string()), &json!("group")));
        let reply = json!({ "status": "me too", "in_reply_to_id": secret["id"], "visibility": "group", "group_id": quiet.to_string() });
        door.post("/api/v1/statuses", &sam.token, &reply).await.ok();
        let shown = door.get(&format!("/api/v1/timelines/group/{quiet}"), &sam.token).await.ok();
        assert_eq!((each(&shown, "/id"), each(&shown, "/visibility")), (vec![secret["id"].as_str().unwrap().to_owned()], vec!["group".to_owned()]));
        let single = door.get(&format!("/api/v1/statuses/{}", secret["id"].as_str().unwrap()), &sam.token).await.ok();
        assert_eq!((&single["visibility"], &single["group"]["display_name"]), (&json!("private"), &json!("quiet")), "the narrowest word every client knows");
        let described = door.get("/api/openapi.json", "").await.ok();
        let words = &described["components"]["schemas"]["Status"]["properties"]["visibility"]["enum"];
        assert!(words.as_array().unwrap().contains(&secret["visibility"]), "clients are told the word: {words}");
        for outsider in [eve.token.as_str(), ""] {
            assert_eq!(door.get(&format!("/api/v1/timelines/group/{quiet}"), outsider).await.ok(), json!([]));
            let open = door.get(&format!("/api/v1/timelines/group/{open}"), outsider).await.ok();
            assert_eq!(each(&open, "/id"), [public["id"].as_str().unwrap()]);
        }
        let refused = json!({ "status": "x", "visibility": "group", "group_id": quiet.to_string() });
        assert_eq!(door.post("/api/v1/statuses", &eve.token, &refused).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let second = said(open, "again").await;
        let first = door.get(&format!("/api/v1/timelines/group/{open}?limit=1"), "").await;
        assert_eq!(each(&first.ok(), "/id"), [second["id"].as_str().unwrap()]);
        let rest = format!("/api/v1/timelines/group/{open}?max_id={}", second["id"].as_str().unwrap());
        assert_eq!(each(&door.get(&rest, "").await.ok(), "/id"), [public["id"].as_str().unwrap()]);
        assert_eq!(door.get(&format!("/api/v1/timelines/group/{open}?only_media=true"), "").await.ok(), json!([]));
        assert_eq!(door.get(&format!("/api/v1/timelines/group/{}", sam.member), "").await.status, StatusCode::NOT_FOUND);
    }

    async fn communities_are_searched_for_as_such_and_announced(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sleepy").await;
        let sleep = door.node.community("sleep", Audience::Members).await.to_string();
        let found = door.get("/api/v2/search?q=sleep&type=groups", &sam.token).await.ok();
        assert_eq!((each(&found["groups"], "/id"), &found["accounts"]), (vec![sleep.clone()], &json!([])));
        let all = door.get("/api/v2/search?q=sleep", &sam.token).await.ok();
        assert_eq!((each(&all["accounts"], "/acct"), each(&all["groups"], "/id")), (vec!["sleep".to_owned(), "sleepy".to_owned()], vec![sleep.clone()]));
        let instance = door.get("/api/v2/instance", "").await.ok();
        assert_eq!(instance["api_versions"]["pleroma:groups.pleroma.pl-api"], 1);
        assert_eq!(door.get(&format!("{GROUPS}/{sleep}"), "").await.ok()["id"], json!(sleep));
        for nothing in [format!("{GROUPS}/{}", sam.member), format!("{GROUPS}/7")] {
            assert_eq!(door.get(&nothing, &sam.token).await.status, StatusCode::NOT_FOUND);
        }
    }
}
