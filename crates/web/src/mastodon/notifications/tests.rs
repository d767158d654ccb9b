//! Notifications, asked over HTTP.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, Persona, each};
use alongside_domain::id::{ActorId, NotificationId, PostId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::notifications::{self, Notice};
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

async fn tell(
    door: &Door,
    to: &Persona,
    kind: NotificationKind,
    from: ActorId,
    post: Option<PostId>,
) -> NotificationId {
    let notice = Notice {
        id: door.node.app.next_id(),
        member_id: to.member,
        kind,
        from_id: from,
        post_id: post,
        subject_id: post.map_or(from.get(), PostId::get),
        at: door.node.app.now(),
        apart: false,
    };
    let mut tx = door.node.store().begin().await.unwrap();
    notifications::insert(&mut tx, &notice).await.unwrap();
    tx.commit().await.unwrap();
    notice.id
}

/// Sam is told of a mention by Ada, and of reactions by Ada, Bo and Cy to one post.
async fn told(door: &Door) -> (Persona, PostId, [NotificationId; 4]) {
    let sam = door.persona("sam").await;
    let (ada, bo, cy) =
        (door.node.member("ada").await, door.node.member("bo").await, door.node.member("cy").await);
    let post = door.node.post(sam.member.actor(), "a bad night").await.id;
    let reply = door.node.post(ada.actor(), "same here").await.id;
    let ids = [
        tell(door, &sam, NotificationKind::Favourite, ada.actor(), Some(post)).await,
        tell(door, &sam, NotificationKind::Favourite, bo.actor(), Some(post)).await,
        tell(door, &sam, NotificationKind::Mention, ada.actor(), Some(reply)).await,
        tell(door, &sam, NotificationKind::Favourite, cy.actor(), Some(post)).await,
    ];
    (sam, post, ids)
}

both_engines! {
    async fn whoever_loses_follows_when_a_host_is_blocked_is_told_how_many(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let (kim, lee) = (door.node.stranger("kim", "bad.example").await, door.node.stranger("lee", "a.bad.example").await);
        let sam_id = sam.member.actor();
        for (follower, target) in [(sam_id, kim), (kim, sam_id), (lee, sam_id)] {
            door.node.follow(follower, target).await;
        }
        alongside_app::hosts::block(&door.node.app, "bad.example").await.unwrap();
        let told = door.get("/api/v1/notifications", &sam.token).await.ok();
        assert_is("Notification", &told[0]);
        assert_eq!((each(&told, "/type"), &told[0]["account"]["username"]), (vec!["severed_relationships".to_owned()], &json!("sam")));
        let event = &told[0]["event"];
        assert_eq!((&event["type"], &event["target_name"]), (&json!("domain_block"), &json!("bad.example")));
        assert_eq!((&event["following_count"], &event["followers_count"]), (&json!(1), &json!(2)));
        let grouped = door.get("/api/v2/notifications", &sam.token).await.ok();
        assert_eq!(&grouped["notification_groups"][0]["event"], event);
        assert_eq!(door.get("/api/v1/notifications", &ada.token).await.ok(), json!([]));
    }

    async fn one_by_one_they_are_listed_chosen_and_forgotten(store: Store) {
        let door = Door::new(store);
        let (sam, post, [_, _, mention, newest]) = told(&door).await;
        let every = "/api/v1/notifications";
        let all = door.get(every, &sam.token).await.ok();
        assert_eq!(each(&all, "/type"), ["favourite", "mention", "favourite", "favourite"]);
        assert_eq!(each(&all, "/account/acct"), ["cy", "ada", "bo", "ada"]);
        assert_eq!(all[0]["status"]["id"], post.to_string());
        let page = door.get(&format!("{every}?limit=1"), &sam.token).await;
        assert!(page.header("link").contains(&format!("max_id={newest}>; rel=\"next\"")), "{}", page.header("link"));
        let next = door.get(&format!("{every}?limit=1&max_id={newest}"), &sam.token).await.ok();
        assert_eq!(each(&next, "/id"), [mention.to_string()]);
        for (query, wanted) in [
            ("types[]=mention&types[]=new-in-5.0", vec!["mention"]),
            ("exclude_types[]=favourite", vec!["mention"]),
            ("types[]=new-in-5.0", vec![]),
        ] {
            assert_eq!(
                each(&door.get(&format!("{every}?{query}"), &sam.token).await.ok(), "/type"),
                wanted,
                "{query}",
            );
        }
        let ada = &all[1]["account"]["id"];
        for nobody in ["foo", "7"] {
            let from_nobody = door.get(&format!("{every}?account_id={nobody}"), &sam.token).await.ok();
            assert_eq!(from_nobody, json!([]), "{nobody} is nobody");
        }
        let from_ada = door.get(&format!("{every}?account_id={}", ada.as_str().unwrap()), &sam.token).await.ok();
        assert_eq!(each(&from_ada, "/type"), ["mention", "favourite"]);
        assert_eq!(door.get(&format!("{every}/{mention}"), &sam.token).await.ok()["type"], "mention");
        door.post(&format!("{every}/{mention}/dismiss"), &sam.token, &json!({})).await.ok();
        assert_eq!(door.get(&format!("{every}/{mention}"), &sam.token).await.status, StatusCode::NOT_FOUND);
        door.post(&format!("{every}/clear"), &sam.token, &json!({})).await.ok();
        assert_eq!(door.get(every, &sam.token).await.ok(), json!([]));
    }

    async fn reactions_to_one_post_are_one_group(store: Store) {
        let door = Door::new(store);
        let (sam, post, [oldest, _, mention, newest]) = told(&door).await;
        let all = door.get("/api/v2/notifications", &sam.token).await.ok();
        let groups = &all["notification_groups"];
        assert_eq!(each(groups, "/group_key"), [format!("favourite-{post}"), format!("ungrouped-{mention}")]);
        let first = &groups[0];
        assert_eq!(
            (&first["notifications_count"], &first["status_id"]),
            (&json!(3), &json!(post.to_string())),
        );
        assert_eq!(
            (&first["page_min_id"], &first["page_max_id"]),
            (&json!(oldest.to_string()), &json!(newest.to_string())),
        );
        assert_eq!(first["most_recent_notification_id"], json!(newest.get()));
        assert_eq!(first["sample_account_ids"].as_array().unwrap().len(), 3);
        assert_eq!(
            (all["accounts"].as_array().unwrap().len(), all["statuses"].as_array().unwrap().len()),
            (3, 2),
        );
        let apart = door.get("/api/v2/notifications?grouped_types[]=follow", &sam.token).await.ok();
        assert_eq!(apart["notification_groups"].as_array().unwrap().len(), 4);
        let one = door.get("/api/v2/notifications?limit=1", &sam.token).await;
        assert_eq!(one.json()["notification_groups"].as_array().unwrap().len(), 1);
        assert!(one.header("link").contains(&format!("max_id={newest}>")), "{}", one.header("link"));
        let next = door.get(&format!("/api/v2/notifications?limit=1&max_id={newest}"), &sam.token).await.ok();
        assert_eq!(each(&next["notification_groups"], "/group_key"), [format!("ungrouped-{mention}")]);
        let up = door.get(&format!("/api/v2/notifications?limit=1&min_id={oldest}"), &sam.token).await.ok();
        let up = &up["notification_groups"];
        assert_eq!(each(up, "/group_key"), [format!("favourite-{post}")], "the oldest above, up to the next group");
        assert_eq!(each(up, "/notifications_count"), ["1"]);
        let path = format!("/api/v2/notifications/favourite-{post}");
        assert_eq!(
            door.get(&path, &sam.token).await.ok()["notification_groups"][0]["notifications_count"],
            3,
        );
        let people = door.get(&format!("{path}/accounts"), &sam.token).await.ok();
        assert_eq!(each(&people, "/acct"), ["cy", "bo", "ada"]);
        let first = door.get(&format!("{path}/accounts?limit=1"), &sam.token).await;
        assert!(first.header("link").contains(&format!("max_id={newest}>")), "{}", first.header("link"));
        let rest = door.get(&format!("{path}/accounts?max_id={newest}"), &sam.token).await.ok();
        assert_eq!((each(&first.ok(), "/acct"), each(&rest, "/acct")), (vec!["cy".to_owned()], vec!["bo".to_owned(), "ada".to_owned()]));
        let of_nobody = door.get("/api/v2/notifications/favourite-7/accounts", &sam.token).await.ok();
        assert_eq!(of_nobody, json!([]));
        door.post(&format!("{path}/dismiss"), &sam.token, &json!({})).await.ok();
        assert_eq!(door.get(&path, &sam.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(each(&door.get("/api/v1/notifications", &sam.token).await.ok(), "/type"), ["mention"]);
        assert_eq!(
            door.get("/api/v2/notifications/nonsense", &sam.token).await.status,
            StatusCode::NOT_FOUND,
        );
    }

    async fn a_client_asks_for_as_much_of_people_as_their_pictures_take(store: Store) {
        let door = Door::new(store);
        let (sam, _, _) = told(&door).await;
        let ask = async |how: &str| door.get(&format!("/api/v2/notifications?expand_accounts={how}"), &sam.token).await;
        let whole = ask("full").await.ok();
        assert_eq!((whole["accounts"].as_array().unwrap().len(), whole.get("partial_accounts")), (3, None));
        let in_part = ask("partial_avatars").await.ok();
        let mut newest = each(&in_part["accounts"], "/acct");
        newest.sort();
        assert_eq!(newest, ["ada", "cy"], "the newest of each group");
        let others = &in_part["partial_accounts"];
        assert_eq!(each(others, "/acct"), ["bo"]);
        let mut names: Vec<&str> = others[0].as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["acct", "avatar", "avatar_static", "bot", "id", "locked", "url"]);
        assert_eq!(in_part["notification_groups"], whole["notification_groups"]);
        assert_eq!(ask("some").await.status, StatusCode::BAD_REQUEST);
        door.post("/api/v2/notifications/clear", &sam.token, &json!({})).await.ok();
        assert_eq!(ask("full").await.ok()["notification_groups"], json!([]));
    }

    async fn what_was_read_is_counted_no_more(store: Store) {
        let door = Door::new(store);
        let (sam, _, [_, _, mention, newest]) = told(&door).await;
        let count = async |path: &str| door.get(path, &sam.token).await.ok()["count"].clone();
        assert_eq!(count("/api/v1/notifications/unread_count").await, 4);
        assert_eq!(count("/api/v2/notifications/unread_count").await, 2);
        assert_eq!(count("/api/v1/notifications/unread_count?limit=3").await, 3, "and no further");
        assert_eq!(count("/api/v2/notifications/unread_count?limit=1").await, 1);
        let read = json!({ "notifications": { "last_read_id": mention.to_string() } });
        door.post("/api/v1/markers", &sam.token, &read).await.ok();
        assert_eq!(count("/api/v1/notifications/unread_count").await, 1);
        let read = json!({ "notifications": { "last_read_id": newest.to_string() } });
        door.post("/api/v1/markers", &sam.token, &read).await.ok();
        assert_eq!(count("/api/v2/notifications/unread_count").await, 0);
    }

    async fn they_are_their_members_own_and_tell_nothing_that_may_not_be_read(store: Store) {
        let door = Door::new(store);
        let (sam, _, [_, _, mention, _]) = told(&door).await;
        let eve = door.persona("eve").await;
        let hidden = door
            .node
            .post_with(sam.member.actor(), "for followers", |post| {
                post.visibility = Visibility::Followers;
            })
            .await;
        tell(&door, &eve, NotificationKind::Status, sam.member.actor(), Some(hidden.id)).await;
        assert_eq!(door.get("/api/v1/notifications", &eve.token).await.ok(), json!([]));
        assert_eq!(
            door.get("/api/v2/notifications", &eve.token).await.ok()["notification_groups"],
            json!([]),
        );
        assert_eq!(
            door.get(&format!("/api/v1/notifications/{mention}"), &eve.token).await.status,
            StatusCode::NOT_FOUND,
        );
        let dismiss = door.post(&format!("/api/v1/notifications/{mention}/dismiss"), &eve.token, &json!({})).await;
        assert_eq!(dismiss.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/api/v1/notifications", "").await.status, StatusCode::UNAUTHORIZED);
        let narrow = door.token("sam", "read:statuses").await;
        assert_eq!(door.get("/api/v1/notifications", &narrow).await.status, StatusCode::FORBIDDEN);
    }
}
