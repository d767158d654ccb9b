//! How a poll of ours stands while it goes on, as those see it who follow its author elsewhere.

use crate::stranger::{Ours, Stranger};
use alongside_app::posts::{self, Writing};
use alongside_domain::draft::{Draft, Typed, TypedPoll};
use alongside_domain::limits::POLL_TOLD_SECS;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

const ADA: &str = "https://here.example/actors/ada";

both_engines! {
    async fn each_count_is_sent_under_an_address_of_its_own(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let ada = ours.kit.member("ada").await;
        let people = [home.actor("kim", "Person"), home.actor("ann", "Person")];
        let known = ours.know(&people[0]).await.id;
        ours.kit.follow(known, ada.actor()).await;
        let options = vec!["tea".to_owned(), "cocoa".to_owned()];
        let poll = TypedPoll { options, open_secs: 3_600, ..TypedPoll::default() };
        let visibility = Some(Visibility::Public);
        let typed = Typed { text: "?".to_owned(), visibility, poll: Some(poll), ..Typed::default() };
        let writing = Writing { author: ada, application: None, idempotency_key: None };
        let post = posts::publish(&ours.kit.app, &writing, &Draft::new(typed, 500).unwrap()).await.unwrap();
        ours.settle().await;
        let mut names = Vec::new();
        for (votes, person) in (1..).zip(&people) {
            home.asked();
            let vote = json!({
                "id": format!("{}/vote", person.id), "type": "Note", "attributedTo": person.id, "to": [ADA],
                "inReplyTo": post.uri, "name": "cocoa",
            });
            ours.act_on(person, &person.activity("vote/create", "Create", vote)).await;
            let told = home.asked().into_iter().filter(|asked| asked.method == Method::POST).count();
            assert_eq!(told, 0, "not for each vote at once");
            ours.kit.clock.advance_secs(POLL_TOLD_SECS);
            ours.settle().await;
            let posted = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
            let said: Vec<Value> = posted.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect();
            assert_eq!(said.len(), 1, "{said:?}");
            assert_eq!(said[0]["type"], "Update");
            assert_eq!(said[0]["object"]["oneOf"][1]["replies"]["totalItems"], votes);
            assert!(said[0]["object"].get("updated").is_none(), "its words are as they were");
            names.push(said[0]["id"].clone());
        }
        assert_ne!(names[0], names[1]);
    }
}
