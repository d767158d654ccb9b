//! What `NodeBB` does that others do not.

use crate::stranger::{Ours, PUBLIC, Stranger};
use alongside_app::departures;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::{hosts, sent};
use alongside_testkit::both_engines;
use serde_json::json;

both_engines! {
    async fn what_was_taken_back_may_be_done_again_under_its_address(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let kim = forum.actor("kim", "Person");
        let ada = ours.follower_of("ada", &[&kim]).await;
        let post = ours.kit.post(ada, "awake again").await;
        let like = kim.activity("likes/1", "Like", post.uri.clone().into());
        let counted = async || ours.post(&post.uri).await.unwrap().reactions_count;
        for round in 1..3 {
            ours.act_on(&kim, &like).await;
            assert_eq!(counted().await, 1, "round {round}");
            ours.act_on(&kim, &kim.activity(&format!("undo/{round}"), "Undo", like.clone())).await;
            assert_eq!(counted().await, 0, "round {round}");
        }
    }

    async fn an_answer_does_not_have_the_title_of_its_thread(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let kim = forum.actor("kim", "Person");
        ours.follower_of("ada", &[&kim]).await;
        let mut thread = kim.note("1", "<p>Every night at three.</p>");
        (thread["type"], thread["name"]) = ("Article".into(), "Awake".into());
        let mut answer = kim.note("2", "<p>Still.</p>");
        (answer["name"], answer["inReplyTo"]) = ("Awake".into(), thread["id"].clone());
        answer["to"] = json!([PUBLIC, kim.id]);
        for (name, post) in [("create/1", &thread), ("create/2", &answer)] {
            ours.act_on(&kim, &kim.activity(name, "Create", post.clone())).await;
        }
        let title = async |post: &serde_json::Value| ours.post(post["id"].as_str().unwrap()).await.unwrap().title;
        assert_eq!(title(&thread).await.as_deref(), Some("Awake"));
        assert_eq!(title(&answer).await, None);
    }

    async fn a_forum_is_told_of_each_post_of_somebody_who_is_gone(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let ada = ours.kit.member("ada").await.actor();
        let post = ours.kit.post(ada, "awake again").await;
        let narrow = ours.kit.post_with(ada, "psst", |post| post.visibility = Visibility::Followers).await;
        let inbox = forum.at("/inbox");
        let mut tx = ours.kit.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, &forum.address, Some("nodebb"), None, ours.now()).await.unwrap();
        sent::learn(&mut tx, 1, &forum.address, &inbox).await.unwrap();
        sent::note_actor(&mut tx, ada, &[inbox]).await.unwrap();
        tx.commit().await.unwrap();
        departures::delete(&ours.kit.app, "ada").await.unwrap();
        ours.settle().await;
        let heard = forum.heard();
        let deleted = |uri: &str| {
            let object = format!("\"object\":{{\"id\":\"{uri}\",\"type\":\"Tombstone\"}}");
            heard.iter().filter(|said| said.contains(&object) && said.contains("\"actor\":\"https://here.example/\"")).count()
        };
        assert_eq!((deleted(&post.uri), deleted(&narrow.uri)), (1, 0), "{heard:?}");
    }
}
