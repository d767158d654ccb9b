//! What happened, as others read it.

use super::{World, read};
use crate::build::relay::{self, Relayed};
use crate::build::{boost, departure, follow, is_open, publish, quote, reaction, vote};
use crate::documents::activity::{Action, Activity};
use crate::documents::addressing::PUBLIC;
use crate::documents::{self, Document};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{EntryId, FollowId, PollId, ReactionId};
use alongside_domain::poll::{Choice, Poll};
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_store::engine::Store;
use alongside_store::entries::Entry;
use alongside_store::follows::Follow;
use alongside_testkit::both_engines;
use serde_json::{Value, json};

fn as_activity(document: &Value) -> Activity {
    match read(document) {
        Document::Activity(activity) => *activity,
        other => panic!("{}", other.kind()),
    }
}

fn without_context(document: &Value) -> Value {
    let mut document = document.clone();
    assert!(document["@context"].is_array(), "{document}");
    document.as_object_mut().unwrap().remove("@context");
    document
}

both_engines! {
    async fn a_post_is_published_changed_and_withdrawn(store: Store) {
        let world = World::new(store).await;
        let written = world.node.post_with(world.sam.id, "hello", |post| post.community = Some(world.community())).await;
        let (id, uri) = (written.id, written.uri.clone());
        let mut parts = world.parts(written).await;
        let create = publish::create(world.places(), &parts);
        assert_eq!(create["id"], format!("https://a.example/activities/create-{id}"));
        assert_eq!((&create["to"], &create["cc"]), (&create["object"]["to"], &create["object"]["cc"]));
        assert_eq!(create["audience"], "https://a.example/actors/sleep");
        assert_eq!(create["object"].get("@context"), None);
        assert!(is_open(&create));
        let Action::Create { objects } = as_activity(&create).action else { panic!("{create}") };
        assert_eq!(objects[0].post().unwrap().id.as_str(), uri);

        parts.post.edited_at = Some(Timestamp::from_secs(1));
        let update = publish::update(world.places(), &parts);
        assert_eq!(update["id"], format!("https://a.example/activities/update-{id}-1000000"));
        assert!(matches!(as_activity(&update).action, Action::Update { .. }));

        let delete = publish::delete(world.places(), &parts);
        assert_eq!(without_context(&delete), json!({
            "id": format!("https://a.example/activities/delete-{id}"),
            "type": "Delete",
            "actor": "https://a.example/actors/sam",
            "object": { "id": uri, "type": "Tombstone" },
            "to": [PUBLIC, "https://a.example/actors/sleep"],
            "cc": ["https://a.example/actors/sam/followers"],
            "audience": "https://a.example/actors/sleep",
        }));
        parts.post.visibility = Visibility::Unlisted;
        let unlisted = publish::delete(world.places(), &parts);
        assert_eq!((&unlisted["to"][0], &unlisted["cc"]), (&json!(PUBLIC), &json!([])), "Lemmy looks nowhere else");
        let Action::Delete { reason, .. } = as_activity(&delete).action else { panic!("{delete}") };
        assert_eq!(reason, None, "it would say that a moderator did it");
    }

    async fn a_reaction_has_a_symbol_and_is_taken_back_whole(store: Store) {
        let world = World::new(store).await;
        let written = world.node.post_with(world.kim.id, "hello", |post| {
            post.community = Some(world.community());
            post.local = false;
        }).await;
        let uri = written.uri.clone();
        let on = world.parts(written).await;
        let like = reaction::like(world.places(), ReactionId::new(5), Reaction::Hug, &world.sam, &on);
        assert_eq!(without_context(&like), json!({
            "id": "https://a.example/activities/like-5",
            "type": "Like",
            "actor": "https://a.example/actors/sam",
            "object": uri,
            "content": "🫂",
            "to": ["https://b.example/users/kim", "https://a.example/actors/sleep"],
            "cc": [PUBLIC],
            "audience": "https://a.example/actors/sleep",
        }));
        assert!(matches!(as_activity(&like).action, Action::Like { emoji: Some(_), .. }));

        let unlike = reaction::unlike(world.places(), ReactionId::new(5), &world.sam, &on);
        let mut undone = without_context(&like);
        undone.as_object_mut().unwrap().remove("content");
        assert_eq!(without_context(&unlike), json!({
            "id": "https://a.example/activities/undo-like-5",
            "type": "Undo",
            "actor": "https://a.example/actors/sam",
            "object": undone,
            "to": undone["to"],
            "cc": undone["cc"],
            "audience": "https://a.example/actors/sleep",
        }));
        let Action::Undo { object, .. } = as_activity(&unlike).action else { panic!("{unlike}") };
        assert!(matches!(object.activity().unwrap().action, Action::Like { .. }));
    }

    async fn a_reaction_to_what_is_for_some_is_not_for_all(store: Store) {
        let world = World::new(store).await;
        let written = world.node.post_with(world.kim.id, "hello", |post| {
            post.community = Some(world.community());
            post.visibility = Visibility::Members;
        }).await;
        let on = world.parts(written).await;
        let like = reaction::like(world.places(), ReactionId::new(5), Reaction::Hug, &world.sam, &on);
        assert!(!is_open(&like));
    }

    async fn a_boost_names_the_post(store: Store) {
        let world = World::new(store).await;
        let post = world.node.post(world.kim.id, "hello").await;
        let id = EntryId::new(6);
        let line = Entry {
            id,
            actor_id: world.sleep.id,
            post_id: post.id,
            boost: true,
            by_community: true,
            community_reply: false,
            reply_to_author_id: None,
            visibility: post.visibility,
            uri: String::new(),
            at: world.node.app.now(),
        };
        let announce = boost::boost(world.places(), &line, &world.sleep, &post, &world.kim);
        assert_eq!(without_context(&announce), json!({
            "id": "https://a.example/activities/boost-6",
            "type": "Announce",
            "actor": "https://a.example/actors/sleep",
            "object": post.uri,
            "published": "2026-11-23T02:00:00.000Z",
            "to": [PUBLIC],
            "cc": ["https://a.example/actors/sleep/followers", "https://b.example/users/kim"],
        }));
        let narrow = Entry { visibility: Visibility::Followers, ..line };
        let narrow = boost::boost(world.places(), &narrow, &world.sleep, &post, &world.kim);
        assert_eq!(narrow["to"], json!(["https://a.example/actors/sleep/followers"]), "as narrow as it was wished");
        let undo = boost::unboost(world.places(), id, post.visibility, &world.sleep, &post, &world.kim);
        assert_eq!(undo["id"], "https://a.example/activities/undo-boost-6");
        assert_eq!((&undo["object"]["id"], &undo["to"]), (&announce["id"], &announce["to"]));
        assert!(matches!(as_activity(&undo).action, Action::Undo { .. }));
    }

    async fn a_follow_is_answered_under_its_own_address(store: Store) {
        let world = World::new(store).await;
        let (places, now) = (world.places(), world.node.app.now());
        let asked = follow::follow(places, FollowId::new(8), None, &world.sam, &world.kim);
        assert_eq!(without_context(&asked), json!({
            "id": "https://a.example/activities/follow-8",
            "type": "Follow",
            "actor": "https://a.example/actors/sam",
            "object": "https://b.example/users/kim",
            "to": ["https://b.example/users/kim"],
            "cc": [],
        }));
        let left = follow::unfollow(places, FollowId::new(8), &world.sam, &world.kim);
        assert_eq!(left["object"], without_context(&asked));
        assert!(matches!(as_activity(&left).action, Action::Undo { .. }));

        let theirs = Follow {
            id: FollowId::new(9),
            follower_id: world.kim.id,
            target_id: world.sleep.id,
            accepted: true,
            uri: "https://b.example/follows/1".to_owned(),
            show_boosts: true,
            notify: false,
            at: now,
        };
        let accept = follow::accept(places, &theirs, &world.kim, &world.sleep, now);
        assert_eq!(without_context(&accept), json!({
            "id": format!("https://a.example/activities/accept-9-{}", now.as_micros()),
            "type": "Accept",
            "actor": "https://a.example/actors/sleep",
            "object": {
                "id": "https://b.example/follows/1",
                "type": "Follow",
                "actor": "https://b.example/users/kim",
                "object": "https://a.example/actors/sleep",
            },
            "to": ["https://b.example/users/kim"],
            "cc": [],
        }));
        assert!(matches!(as_activity(&accept).action, Action::Accept { .. }));
        let reject = follow::reject(places, &theirs.uri, &world.kim, &world.sleep, now);
        assert_eq!(reject["object"], accept["object"]);
        assert!(matches!(as_activity(&reject).action, Action::Reject { .. }));
    }

    async fn who_asks_to_quote_is_answered_with_what_they_asked(store: Store) {
        let world = World::new(store).await;
        let post = world.node.post(world.sam.id, "hello").await;
        let (request, quoting) = ("https://b.example/users/kim/quote_requests/1", "https://b.example/users/kim/notes/2");
        let asked = quote::Asked { request, quoting, post: &post, by: &world.kim };
        let now = world.node.app.now();
        let reject = quote::reject(world.places(), &asked, &world.sam, now);
        assert_eq!(without_context(&reject), json!({
            "id": format!("https://a.example/activities/reject-quote-{}-{}-{}", post.id, world.kim.id, now.as_micros()),
            "type": "Reject",
            "actor": "https://a.example/actors/sam",
            "object": {
                "id": request,
                "type": "QuoteRequest",
                "actor": "https://b.example/users/kim",
                "object": post.uri,
                "instrument": quoting,
            },
            "to": ["https://b.example/users/kim"],
            "cc": [],
        }));
        let Action::Reject { object } = as_activity(&reject).action else { panic!("{reject}") };
        assert!(matches!(object.activity().unwrap().action, Action::QuoteRequest { .. }));
    }

    async fn a_vote_is_for_the_author_alone(store: Store) {
        let world = World::new(store).await;
        let question = world.node.post_with(world.kim.id, "?", |post| post.local = false).await;
        let poll = Poll {
            id: PollId::new(3),
            post: question.id,
            multiple: true,
            hide_totals: false,
            closes_at: None,
            ended_at: None,
            voters_count: 0,
            choices: ["tea", "cocoa"].map(|title| Choice { title: title.to_owned(), votes_count: 0 }).to_vec(),
        };
        let on = world.parts(question.clone()).await;
        let votes = vote::votes(world.places(), &poll, &[0, 1, 2], &world.sam, &on);
        assert_eq!(votes.len(), 2, "there is no third choice");
        assert!(votes.iter().all(|vote| !is_open(vote)));
        let activity = as_activity(&votes[1]);
        let Action::Create { objects } = &activity.action else { panic!("{activity:?}") };
        let vote = objects[0].post().unwrap();
        assert!(vote.is_vote() && vote.published.is_none(), "PieFed takes one with a date for an answer");
        assert_eq!((vote.name.as_deref(), vote.in_reply_to.as_ref().unwrap().as_str()), (Some("cocoa"), &*question.uri));
        assert_ne!(votes[0]["id"], votes[1]["id"]);
    }

    async fn whoever_is_gone_leaves_nothing(store: Store) {
        let world = World::new(store).await;
        let gone = departure::delete(world.places(), &world.sam);
        assert_eq!((&gone["type"], &gone["object"], &gone["removeData"]), (&json!("Delete"), &json!(world.sam.uri), &json!(true)));
        let Action::Delete { reason, .. } = as_activity(&gone).action else { panic!("{gone}") };
        assert_eq!(reason, None, "with one it would be a moderator's");
    }

    async fn a_community_passes_on_to_the_letter(store: Store) {
        let world = World::new(store).await;
        let text = "{ \"type\":\"Create\",\n \"x:new\": [1.0, 1e2, null, \"\\u00e9\"], \"id\":\"https://b.example/1\",\
            \"actor\":\"https://b.example/users/kim\", \"object\": {\"id\":\"https://b.example/2\"} }";
        let relayed = Relayed { name: "inbox-4", text, visibility: Visibility::Public, at: world.node.app.now() };
        let announced = relay::announce(world.places(), &world.sleep, relayed).unwrap();
        assert_eq!(announced.uri, format!("https://a.example/activities/announce-{}-inbox-4", world.sleep.id));
        assert!(announced.text.contains(text), "{}", announced.text);
        let envelope: Value = serde_json::from_str(&announced.text).unwrap();
        assert_eq!(envelope["id"], announced.uri);
        assert_eq!(envelope["to"], json!([PUBLIC]));
        assert_eq!(envelope["cc"], json!(["https://a.example/actors/sleep/followers"]));
        let activity = documents::parse_activity(announced.text.as_bytes()).unwrap();
        assert_eq!(activity.actor.as_str(), world.sleep.uri);
        assert!(matches!(activity.action, Action::Announce { .. }));

        let members = Relayed { visibility: Visibility::Members, ..relayed };
        let announced = relay::announce(world.places(), &world.sleep, members).unwrap();
        assert!(!is_open(&serde_json::from_str(&announced.text).unwrap()));
        let broken = Relayed { text: "{", ..relayed };
        assert!(relay::announce(world.places(), &world.sleep, broken).is_err());
    }
}
