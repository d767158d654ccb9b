//! Who hears what.

use super::{Streams, id_of, of};
use crate::mastodon::testing::Persona;
use crate::streaming::position::Position;
use alongside_domain::community::Audience;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use futures_util::FutureExt as _;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// The ids of the posts that somebody's timeline shows, newest first.
async fn timeline(streams: &Streams, who: &Persona, path: &str) -> Vec<String> {
    let page = streams.door.get(&format!("/api/v1/timelines/{path}"), &who.token).await.ok();
    page.as_array().unwrap().iter().map(id_of).collect()
}

/// The posts that were shown on a channel, newest first.
fn shown(heard: &[super::Heard], stream: &str) -> Vec<String> {
    let updates = heard.iter().filter(|(on, event, _)| on == stream && event == "update");
    updates.rev().map(|(_, _, payload)| id_of(payload)).collect()
}

both_engines! {
    async fn what_is_heard_is_what_the_timelines_show(store: Store) {
        let streams = Streams::new(store).await;
        let (node, door) = (&streams.door.node, &streams.door);
        let mut people = Vec::new();
        for handle in ["ada", "ben", "cyd", "dot", "eve"] {
            people.push(door.persona(handle).await);
        }
        let [ada, ben, cyd, dot, eve] = &people[..] else { unreachable!() };
        let sleep = node.community("sleep", Audience::Everyone).await.actor();
        let pain = node.community("pain", Audience::Members).await.actor();
        // Ben follows Ada and is in both communities; Cyd is in both; Dot follows Ada and mutes her; Eve is nobody.
        for (follower, target) in [
            (ben, ada.member.actor()), (ben, sleep), (ben, pain), (cyd, sleep), (cyd, pain), (ada, pain), (ada, sleep),
            (dot, ada.member.actor()), (cyd, ben.member.actor()),
        ] {
            node.follow(follower.member.actor(), target).await;
        }
        streams.act(dot, &format!("accounts/{}/mute", ada.member)).await;
        let mut ears = Vec::new();
        for person in &people {
            ears.push(streams.listen(person, &["user", "public", "public:local", "public:remote"]).await);
        }
        let first = streams.say(ada, json!({ "status": "to everybody" })).await;
        for visibility in ["unlisted", "private", "direct"] {
            streams.say(ada, json!({ "status": visibility, "visibility": visibility })).await;
        }
        let thread = streams.say(ada, json!({ "status": "@sleep awake" })).await;
        streams.say(ben, json!({ "status": "me too", "in_reply_to_id": thread })).await;
        let members = streams.say(ada, json!({ "status": "@pain at night" })).await;
        streams.say(cyd, json!({ "status": "hold on", "in_reply_to_id": members })).await;
        streams.say(ben, json!({ "status": "an answer", "in_reply_to_id": first })).await;
        streams.act(ben, &format!("statuses/{first}/reblog")).await;
        streams.act(cyd, &format!("statuses/{thread}/reblog")).await;
        streams.say(eve, json!({ "status": "nobody follows me" })).await;
        streams.tell().await;
        for (person, ear) in people.iter().zip(&mut ears) {
            let heard = ear.heard().await;
            for (stream, path) in [("user", "home"), ("public", "public"), ("public:local", "public?local=true"),
                ("public:remote", "public?remote=true")] {
                let name = format!("{} on {stream}", person.member);
                assert_eq!(shown(&heard, stream), timeline(&streams, person, path).await, "{name}");
            }
            let holds_members = heard.iter().any(|(_, _, payload)| id_of(payload) == members);
            let is_member = [ada, ben, cyd].iter().any(|member| member.member == person.member);
            assert_eq!(holds_members, is_member, "{}", person.member);
        }
    }

    async fn a_change_is_told_to_those_who_were_shown_the_post(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada, eve) = (
            streams.door.persona("sam").await, streams.door.persona("ada").await, streams.door.persona("eve").await,
        );
        let node = &streams.door.node;
        node.follow(sam.member.actor(), ada.member.actor()).await;
        let sleep = node.community("sleep", Audience::Everyone).await.actor();
        node.follow(sam.member.actor(), sleep).await;
        let (mut hers, mut his) = (streams.listen(&eve, &["user"]).await, streams.listen(&sam, &["user"]).await);
        let post = streams.say(&ada, json!({ "status": "one" })).await;
        let thread = streams.say(&ada, json!({ "status": "@sleep two" })).await;
        streams.act(&ada, &format!("statuses/{post}/reblog")).await;
        streams.tell().await;
        let heard = his.heard().await;
        assert_eq!(shown(&heard, "user"), [thread.as_str(), &post], "and no post twice");
        let line = heard[1].2["id"].as_str().unwrap().to_owned();
        assert_ne!(line, thread, "a community's thread is in its own line");
        let body = json!({ "status": "one, again" });
        streams.door.put(&format!("/api/v1/statuses/{post}"), &ada.token, &body).await.ok();
        streams.door.delete(&format!("/api/v1/statuses/{post}"), &ada.token).await.ok();
        streams.door.delete(&format!("/api/v1/statuses/{thread}"), &ada.token).await.ok();
        streams.tell().await;
        let heard = his.ids().await;
        // The edit is read when the post is gone already: there is nothing left to show of it.
        assert!(heard.contains(&of("user", "delete", &post)), "{heard:?}");
        assert!(heard.contains(&of("user", "delete", &thread)) && heard.contains(&of("user", "delete", &line)));
        assert_eq!(hers.ids().await, [], "nobody else learns of it");
        let other = streams.say(&ada, json!({ "status": "three" })).await;
        streams.tell().await;
        streams.door.put(&format!("/api/v1/statuses/{other}"), &ada.token, &json!({ "status": "four" })).await.ok();
        streams.tell().await;
        assert_eq!(his.ids().await, [of("user", "update", &other), of("user", "status.update", &other)]);
    }

    async fn a_boost_is_heard_by_followers_and_so_is_its_end(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada, eve) = (
            streams.door.persona("sam").await, streams.door.persona("ada").await, streams.door.persona("eve").await,
        );
        streams.door.node.follow(sam.member.actor(), ada.member.actor()).await;
        let post = streams.say(&eve, json!({ "status": "by eve" })).await;
        let mut his = streams.listen(&sam, &["user"]).await;
        let boost = streams.door.post(&format!("/api/v1/statuses/{post}/reblog"), &ada.token, &json!({})).await.ok();
        streams.tell().await;
        streams.act(&ada, &format!("statuses/{post}/unreblog")).await;
        streams.tell().await;
        let heard = his.heard().await;
        assert_eq!(shown(&heard, "user"), [post.as_str()]);
        let line = heard[0].2["id"].as_str().unwrap();
        assert!(line != post && boost["id"].is_string());
        assert_eq!((heard[1].1.as_str(), heard[1].2.to_string()), ("delete", line.to_owned()));
    }

    async fn somebody_is_heard_in_the_languages_in_which_one_reads_them(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada) = (streams.door.persona("sam").await, streams.door.persona("ada").await);
        let follow = format!("/api/v1/accounts/{}/follow", ada.member);
        streams.door.post(&follow, &sam.token, &json!({ "languages": ["cy", "en"] })).await.ok();
        let list = streams.door.post("/api/v1/lists", &sam.token, &json!({ "title": "Night" })).await.ok();
        let list = list["id"].as_str().unwrap();
        let body = json!({ "account_ids": [ada.member.to_string()] });
        streams.door.post(&format!("/api/v1/lists/{list}/accounts"), &sam.token, &body).await.ok();
        let mut his = streams.listen(&sam, &["user"]).await;
        his.say(&json!({ "type": "subscribe", "stream": "list", "list": list })).await;
        assert_eq!(his.heard().await, []);
        let mut said = Vec::new();
        for language in ["en", "de", "cy"] {
            said.push(streams.say(&ada, json!({ "status": language, "language": language })).await);
        }
        streams.tell().await;
        let (heard, read) = (his.heard().await, [said[2].as_str(), &said[0]]);
        for stream in ["user".to_owned(), format!("list {list}")] {
            assert_eq!(shown(&heard, &stream), read, "{stream}");
        }
        for path in ["home".to_owned(), format!("list/{list}"), format!("list/{list}?min_id=0")] {
            assert_eq!(timeline(&streams, &sam, &path).await, read, "{path}");
        }
    }

    async fn everybody_gets_their_own_and_the_rest_is_the_same(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada, eve) = (
            streams.door.persona("sam").await, streams.door.persona("ada").await, streams.door.persona("eve").await,
        );
        let mut hers = streams.listen(&eve, &["user", "public"]).await;
        let mut his = streams.listen(&sam, &["public"]).await;
        let mut own = streams.listen(&ada, &["user"]).await;
        let filter = json!({ "title": "not now", "context": ["public"], "keywords_attributes": [{ "keyword": "needle" }] });
        streams.door.post("/api/v2/filters", &eve.token, &filter).await.ok();
        let poll = json!({ "status": "about a needle", "poll": { "options": ["yes", "no"], "expires_in": 3600 } });
        streams.say(&ada, poll).await;
        streams.tell().await;
        let heard = hers.heard().await;
        assert_eq!((heard[0].0.as_str(), heard[0].1.as_str(), &heard[0].2), ("user", "filters_changed", &Value::Null));
        let mut filtered = heard[1].2.clone();
        assert_eq!(filtered["filtered"][0]["keyword_matches"], json!(["needle"]));
        let plain = his.heard().await.remove(0).2;
        assert_eq!((&plain["filtered"], &plain["favourited"], &plain["poll"]["voted"]), (&json!([]), &json!(false), &json!(false)));
        filtered["filtered"] = json!([]);
        assert_eq!(filtered, plain);
        let mine = own.heard().await.remove(0).2;
        assert_eq!((&mine["pinned"], &mine["poll"]["voted"]), (&json!(false), &json!(true)));
    }

    async fn members_are_told_what_their_notifications_show(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada, eve) = (
            streams.door.persona("sam").await, streams.door.persona("ada").await, streams.door.persona("eve").await,
        );
        let narrow = Persona { member: sam.member, token: streams.door.token("sam", "read:statuses").await };
        // A letter of somebody one does not follow waits apart.
        streams.door.node.follow(sam.member.actor(), ada.member.actor()).await;
        let mut his = streams.listen(&sam, &["user:notification", "direct"]).await;
        let mut narrow_ear = streams.listen(&narrow, &["user", "direct"]).await;
        streams.act(&sam, &format!("accounts/{}/block", eve.member)).await;
        streams.say(&ada, json!({ "status": "hello @sam" })).await;
        let letter = streams.say(&ada, json!({ "status": "@sam in confidence", "visibility": "direct" })).await;
        streams.tell().await;
        let heard = his.heard().await;
        let names: Vec<(&str, &str)> = heard.iter().map(|(on, event, _)| (on.as_str(), event.as_str())).collect();
        let told = names.iter().filter(|name| **name == ("user:notification", "notification")).count();
        assert_eq!(told, 2, "{names:?}");
        let conversation = heard.iter().find(|(_, event, _)| event == "conversation").unwrap();
        assert_eq!((conversation.0.as_str(), &conversation.2["last_status"]["id"]), ("direct", &json!(letter)));
        let narrow = narrow_ear.heard().await;
        let names: Vec<(&str, &str)> = narrow.iter().map(|(on, event, _)| (on.as_str(), event.as_str())).collect();
        assert_eq!(names, [("user", "update"), ("direct", "conversation")]);
    }

    async fn whoever_lets_somebody_through_hears_that_the_list_has_changed(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada) = (streams.door.persona("sam").await, streams.door.persona("ada").await);
        let narrow = Persona { member: sam.member, token: streams.door.token("sam", "read:statuses").await };
        let mut his = streams.listen(&sam, &["user", "user:notification"]).await;
        let mut narrow_ear = streams.listen(&narrow, &["user"]).await;
        streams.say(&ada, json!({ "status": "@sam in confidence", "visibility": "direct" })).await;
        streams.tell().await;
        assert_eq!(his.heard().await, [], "it waits");
        streams.act(&sam, &format!("notifications/requests/{}/accept", ada.member)).await;
        streams.tell().await;
        let mut heard = his.heard().await;
        heard.sort_by(|a, b| a.0.cmp(&b.0));
        let merged = |on: &str| (on.to_owned(), "notifications_merged".to_owned(), json!(1));
        assert_eq!(heard, [merged("user"), merged("user:notification")]);
        assert_eq!(narrow_ear.heard().await, [], "its token reads no notifications");
    }

    async fn lists_hashtags_and_communities_have_streams(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada) = (streams.door.persona("sam").await, streams.door.persona("ada").await);
        let node = &streams.door.node;
        let pain = node.community("pain", Audience::Members).await.actor();
        for (follower, target) in [(&sam, ada.member.actor()), (&sam, pain), (&ada, pain)] {
            node.follow(follower.member.actor(), target).await;
        }
        let list = json!({ "title": "Night", "exclusive": true });
        let list = streams.door.post("/api/v1/lists", &sam.token, &list).await.ok();
        let list = list["id"].as_str().unwrap();
        let body = json!({ "account_ids": [ada.member.to_string()] });
        streams.door.post(&format!("/api/v1/lists/{list}/accounts"), &sam.token, &body).await.ok();
        let mut his = streams.listen(&sam, &["user"]).await;
        his.say(&json!({ "type": "subscribe", "stream": "list", "list": list })).await;
        his.say(&json!({ "type": "subscribe", "stream": "list", "list": pain.get() })).await;
        his.say(&json!({ "type": "subscribe", "stream": "group", "group": pain.to_string() })).await;
        his.say(&json!({ "type": "subscribe", "stream": "hashtag", "tag": "Tea" })).await;
        let mut hers = streams.listen(&ada, &["public"]).await;
        hers.say(&json!({ "type": "subscribe", "stream": "list", "list": list })).await;
        assert_eq!(hers.next_text().await["status"], 404, "it is not hers");
        let tea = streams.say(&ada, json!({ "status": "a cup of #tea" })).await;
        let thread = streams.say(&ada, json!({ "status": "@pain at night" })).await;
        streams.say(&ada, json!({ "status": "and on", "in_reply_to_id": thread })).await;
        streams.tell().await;
        let mut heard = his.ids().await;
        heard.sort();
        let pain = format!("list {pain}");
        let group = format!("group {}", pain.trim_start_matches("list "));
        let mut expected = vec![
            of(&format!("list {list}"), "update", &tea),
            of("hashtag Tea", "update", &tea),
            of(&pain, "update", &thread),
            of(&group, "update", &thread),
            of("user", "update", &thread),
        ];
        expected.sort();
        assert_eq!(heard, expected, "who is in an exclusive list is not at home");
        streams.act(&sam, &format!("accounts/{}/unfollow", pain.trim_start_matches("list "))).await;
        streams.say(&ada, json!({ "status": "@pain still" })).await;
        streams.tell().await;
        assert_eq!(his.ids().await, [], "who has left hears nothing more");
    }

    async fn what_another_process_did_is_heard_and_what_was_before_is_not(store: Store) {
        let streams = Streams::new(store.clone()).await;
        let sam = streams.door.persona("sam").await;
        streams.say(&sam, json!({ "status": "before" })).await;
        let mut his = streams.listen(&sam, &["user"]).await;
        let other = crate::mastodon::testing::Door::new(store);
        other.node.clock.advance_secs(3);
        let posted = other.post("/api/v1/statuses", &sam.token, &json!({ "status": "from there" })).await.ok();
        streams.tell().await;
        streams.tell().await;
        assert_eq!(his.ids().await, [of("user", "update", posted["id"].as_str().unwrap())]);
    }

    async fn announcements_are_heard_and_the_signs_in_answer(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &["user", "public"]).await;
        let app = &streams.door.node.app;
        let told = alongside_app::announcements::publish(app, "closed on Monday", None, None).await.unwrap();
        streams.door.put(&format!("/api/v1/announcements/{}/reactions/%F0%9F%8C%99", told.id), &sam.token, &json!({})).await.ok();
        alongside_app::announcements::take_back(app, told.id).await.unwrap();
        let again = alongside_app::announcements::publish(app, "open on Tuesday", None, None).await.unwrap();
        streams.tell().await;
        let heard = his.heard().await;
        let events: Vec<(&str, &str)> = heard.iter().map(|(on, event, _)| (on.as_str(), event.as_str())).collect();
        // What is gone when it would be told is not told.
        assert_eq!(events, [("user", "announcement.reaction"), ("user", "announcement.delete"), ("user", "announcement")]);
        assert_eq!(heard[1].2.to_string(), told.id.to_string());
        assert_eq!((&heard[2].2["id"], &heard[2].2["read"]), (&json!(again.id.to_string()), &json!(false)));
    }

    async fn a_client_that_goes_away_takes_nothing_from_the_others(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada) = (streams.door.persona("sam").await, streams.door.persona("ada").await);
        let mut his = streams.listen(&sam, &["user"]).await;
        let bearer = format!("Bearer {}", ada.token);
        // She is let in as far as it takes to tell everybody of what was before, and a little further each time.
        for looks in (0..14).map(|power| 1_usize << power) {
            let post = streams.say(&sam, json!({ "status": "is she there?" })).await;
            let asks = Request::get("/api/v1/streaming/user").header("authorization", &bearer);
            let mut asking = Box::pin(streams.door.router.clone().oneshot(asks.body(Body::empty()).unwrap()));
            for _ in 0..looks {
                if asking.as_mut().now_or_never().is_some() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            drop(asking);
            streams.tell().await;
            assert_eq!(his.ids().await, [of("user", "update", &post)], "after {looks} looks");
        }
    }

    async fn what_could_not_be_told_is_read_again(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let (app, mut position) = (&streams.door.node.app, Position::default());
        assert_eq!(position.read_on(app).await.unwrap().len(), 0);
        streams.say(&sam, json!({ "status": "now" })).await;
        let first = position.read_on(app).await.unwrap();
        assert_eq!(first.len(), 1);
        let again = position.read_on(app).await.unwrap();
        assert_eq!(again.iter().map(|kept| kept.id).collect::<Vec<_>>(), [first[0].id], "nobody said it was seen");
        position.pass(&again);
        assert_eq!(position.read_on(app).await.unwrap().len(), 0);
    }

    async fn who_hears_a_community_as_a_list_hears_of_what_is_changed_there(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, ada) = (streams.door.persona("sam").await, streams.door.persona("ada").await);
        let node = &streams.door.node;
        let pain = node.community("pain", Audience::Members).await.actor();
        for member in [&sam, &ada] {
            node.follow(member.member.actor(), pain).await;
        }
        let mut his = streams.listen(&sam, &[]).await;
        his.say(&json!({ "type": "subscribe", "stream": "list", "list": pain.get() })).await;
        assert_eq!(his.heard().await, []);
        let thread = streams.say(&ada, json!({ "status": "@pain at night" })).await;
        streams.tell().await;
        let list = format!("list {pain}");
        assert_eq!(his.ids().await, [of(&list, "update", &thread)]);
        let words = json!({ "status": "@pain in the morning" });
        streams.door.put(&format!("/api/v1/statuses/{thread}"), &ada.token, &words).await.ok();
        streams.tell().await;
        assert_eq!(his.ids().await, [of(&list, "status.update", &thread)]);
        streams.act(&sam, &format!("accounts/{pain}/unfollow")).await;
        let words = json!({ "status": "@pain at noon" });
        streams.door.put(&format!("/api/v1/statuses/{thread}"), &ada.token, &words).await.ok();
        streams.tell().await;
        assert_eq!(his.ids().await, [], "who has left hears nothing more");
    }

    async fn what_comes_in_late_is_no_news(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &["user"]).await;
        streams.say(&sam, json!({ "status": "now" })).await;
        streams.door.node.clock.advance_secs(alongside_domain::limits::LIVE_SECS_MAX + 1);
        streams.tell().await;
        assert_eq!(his.ids().await, []);
    }
}
