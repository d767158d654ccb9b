//! Polls, asked over HTTP.

use crate::mastodon::testing::Door;
use alongside_domain::id::{ActorId, PollId};
use alongside_domain::poll::{Choice, Poll};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::polls;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

async fn poll(door: &Door, author: ActorId, visibility: Visibility) -> String {
    let id: PollId = door.node.app.next_id();
    let post = door
        .node
        .post_with(author, "tea or cocoa?", |post| {
            post.poll = Some(id);
            post.visibility = visibility;
        })
        .await;
    let choices = ["tea", "cocoa"].map(|title| Choice { title: title.to_owned(), votes_count: 0 });
    let poll = Poll {
        id,
        post: post.id,
        multiple: false,
        hide_totals: false,
        closes_at: Some(door.node.app.now().plus_secs(600)),
        ended_at: None,
        voters_count: 0,
        choices: choices.to_vec(),
    };
    let mut tx = door.node.store().begin().await.unwrap();
    polls::insert(&mut tx, &poll).await.unwrap();
    tx.commit().await.unwrap();
    format!("/api/v1/polls/{id}")
}

both_engines! {
    async fn everybody_votes_once_and_sees_how_it_stands(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let path = poll(&door, sam.member.actor(), Visibility::Public).await;
        let votes = format!("{path}/votes");
        let before = door.get(&path, &ada.token).await.ok();
        assert_eq!(
            (&before["voted"], &before["own_votes"], &before["expired"]),
            (&json!(false), &json!([]), &json!(false)),
        );
        let voted = door.post(&votes, &ada.token, &json!({ "choices": ["1"] })).await.ok();
        assert_eq!((&voted["voted"], &voted["own_votes"]), (&json!(true), &json!([1])));
        assert_eq!((&voted["votes_count"], &voted["options"][1]["votes_count"]), (&json!(1), &json!(1)));
        let twice = door.post(&votes, &ada.token, &json!({ "choices": [0] })).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        let own = door.post(&votes, &sam.token, &json!({ "choices": [0] })).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get(&path, &sam.token).await.ok()["voted"], true, "its author has nothing to choose");
        let signed_out = door.get(&path, "").await.ok();
        assert_eq!((signed_out.get("voted"), &signed_out["voters_count"]), (None, &json!(1)));
        door.node.clock.advance_secs(600);
        assert_eq!(door.get(&path, "").await.ok()["expired"], true);
    }

    async fn who_may_not_read_the_post_sees_no_poll(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let path = poll(&door, sam.member.actor(), Visibility::Followers).await;
        assert_eq!(door.get(&path, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&path, "").await.status, StatusCode::NOT_FOUND);
        let vote = door.post(&format!("{path}/votes"), &ada.token, &json!({ "choices": [0] })).await;
        assert_eq!(vote.status, StatusCode::NOT_FOUND);
        door.get(&path, &sam.token).await.ok();
        let missing = door.post("/api/v1/polls/7/votes", &ada.token, &json!({ "choices": [0] })).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    }
}
