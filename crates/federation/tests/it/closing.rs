//! What may not be answered, as its origin says: members are told so, and nothing is sent.

use crate::stranger::{Ours, PUBLIC, Person, Stranger};
use alongside_app::posts::{self, Error, Writing};
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::MemberId;
use alongside_domain::post::Post;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

/// Sam answers a post.
async fn answer(ours: &Ours, sam: MemberId, post: &Post) -> Result<Post, Error> {
    let typed = Typed { text: "thank you".to_owned(), reply_to: Some(post.id), ..Typed::default() };
    let writing = Writing { author: sam, application: None, idempotency_key: None };
    posts::publish(&ours.kit.app, &writing, &Draft::new(typed, 500).unwrap()).await
}

fn deliveries(home: &Stranger) -> usize {
    home.asked().into_iter().filter(|asked| asked.method == Method::POST).count()
}

/// A post of Kim's that says this too.
fn note(kim: &Person, name: &str, saying: &[(&str, Value)]) -> Value {
    let mut note = kim.note(name, "<p>awake</p>");
    for (property, value) in saying {
        note[*property] = value.clone();
    }
    note
}

fn policy(can_reply: &Value) -> Vec<(&'static str, Value)> {
    vec![("interactionPolicy", json!({ "canReply": can_reply }))]
}

async fn is_closed(ours: &Ours, note: &Value) -> bool {
    ours.post(note["id"].as_str().unwrap()).await.unwrap().locked_at.is_some()
}

both_engines! {
    async fn a_member_is_told_that_a_post_takes_no_answers(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let sam = MemberId::of(ours.follower_of("sam", &[&kim]).await);
        let yes = json!(true);
        for (number, (saying, is_refused)) in (1..).zip([
            (vec![("commentsEnabled", json!(false))], true),
            (vec![("commentsPolicy", json!(2))], true),
            (vec![("commentsEnabled", yes.clone()), ("commentsPolicy", json!(2))], true),
            (vec![], false),
            (vec![("commentsEnabled", yes.clone())], false),
            (vec![("commentsPolicy", json!(1))], false),
            // Its author will look at it first.
            (vec![("commentsPolicy", json!(3)), ("commentsEnabled", yes)], false),
            (vec![("commentsPolicy", json!("no")), ("commentsEnabled", json!({}))], false),
            // Only the author themself, and nobody else if they ask.
            (policy(&json!({ "automaticApproval": kim.id })), true),
            (policy(&json!({ "automaticApproval": [kim.id], "manualApproval": [] })), true),
            (policy(&json!({ "always": [kim.id], "approvalRequired": [] })), true),
            (policy(&json!({ "automaticApproval": kim.id, "manualApproval": PUBLIC })), false),
            (policy(&json!({ "automaticApproval": [kim.id, "as:Public"] })), false),
            (policy(&json!({ "automaticApproval": [kim.id, format!("{}/followers", kim.id)] })), false),
            (policy(&json!({})), false),
            (vec![("interactionPolicy", json!({ "canQuote": { "automaticApproval": kim.id } }))], false),
        ]) {
            let note = note(&kim, &number.to_string(), &saying);
            ours.act_on(&kim, &kim.activity(&format!("{number}/create"), "Create", note.clone())).await;
            let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
            home.asked();
            let answer = answer(&ours, sam, &post).await;
            ours.settle().await;
            if is_refused {
                assert!(matches!(answer, Err(Error::Locked)), "{saying:?}");
            } else {
                assert!(answer.is_ok(), "{saying:?}");
            }
            assert_eq!(deliveries(&home) == 0, is_refused, "{saying:?}");
        }
    }

    async fn an_answer_to_an_answer_is_refused_too_and_those_of_others_are_kept(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (kim, ann) = (home.actor("kim", "Person"), home.actor("ann", "Person"));
        let sam = MemberId::of(ours.follower_of("sam", &[&kim, &ann]).await);
        let closed = note(&kim, "1", &[("commentsEnabled", json!(false))]);
        ours.act_on(&kim, &kim.activity("1/create", "Create", closed.clone())).await;
        let under = note(&ann, "1", &[("inReplyTo", closed["id"].clone())]);
        ours.act_on(&ann, &ann.activity("1/create", "Create", under.clone())).await;
        let post = ours.post(under["id"].as_str().unwrap()).await.unwrap();
        assert!(matches!(answer(&ours, sam, &post).await, Err(Error::Locked)));
    }

    async fn what_an_author_adds_to_a_closed_thread_may_be_open(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let sam = MemberId::of(ours.follower_of("sam", &[&kim]).await);
        let first = note(&kim, "1", &policy(&json!({ "automaticApproval": kim.id })));
        ours.act_on(&kim, &kim.activity("1/create", "Create", first.clone())).await;
        let mut open = policy(&json!({ "automaticApproval": PUBLIC }));
        open.push(("inReplyTo", first["id"].clone()));
        let second = note(&kim, "2", &open);
        ours.act_on(&kim, &kim.activity("2/create", "Create", second.clone())).await;
        let post = ours.post(second["id"].as_str().unwrap()).await.unwrap();
        assert!(answer(&ours, sam, &post).await.is_ok());
    }

    async fn an_author_closes_and_opens_their_own_posts_and_nobody_elses(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (kim, mallory) = (home.actor("kim", "Person"), home.actor("mallory", "Person"));
        ours.follower_of("sam", &[&kim, &mallory]).await;
        let first = note(&kim, "1", &[]);
        ours.act_on(&kim, &kim.activity("1/create", "Create", first.clone())).await;
        let change = async |by: &Person, name: &str, at: &str, value: Value| {
            let changed = note(&kim, "1", &[("updated", at.into()), ("commentsEnabled", value)]);
            ours.act_on(by, &by.activity(name, "Update", changed)).await;
        };
        ours.kit.clock.advance_secs(3_600);
        change(&mallory, "steal", "2026-11-23T02:30:00Z", false.into()).await;
        assert!(!is_closed(&ours, &first).await);
        change(&kim, "1/close", "2026-11-23T02:30:00Z", false.into()).await;
        assert!(is_closed(&ours, &first).await);
        change(&kim, "1/close/again", "2026-11-23T02:31:00Z", false.into()).await;
        assert!(is_closed(&ours, &first).await);
        change(&kim, "1/open", "2026-11-23T02:40:00Z", true.into()).await;
        assert!(!is_closed(&ours, &first).await);
        change(&kim, "1/open/silent", "2026-11-23T02:41:00Z", "not a truth".into()).await;
        assert!(!is_closed(&ours, &first).await);
    }

    async fn in_a_community_its_own_server_says_it(store: Store) {
        let (home, other) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &other]);
        let (kim, near, far) = (home.actor("kim", "Person"), home.actor("near", "Group"), other.actor("far", "Group"));
        ours.follower_of("sam", &[&kim, &near, &far]).await;
        ours.kit.community("sleep", Audience::Everyone).await;
        let known = ours.actor(&kim.id).await.unwrap().id;
        let here = ours.actor("https://here.example/actors/sleep").await.unwrap();
        ours.kit.follow(known, here.id).await;
        for (number, (community, is_theirs)) in (1..).zip([(&*near.id, true), (&*far.id, false), (&*here.uri, false)]) {
            let said = [("commentsEnabled", json!(false)), ("audience", community.into()), ("cc", json!([community]))];
            let note = note(&kim, &number.to_string(), &said);
            ours.act_on(&kim, &kim.activity(&format!("{number}/create"), "Create", note.clone())).await;
            let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
            assert!(post.community.is_some(), "{community}");
            assert_eq!(post.locked_at.is_some(), is_theirs, "{community}");
        }
    }
}
