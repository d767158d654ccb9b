//! Whom posts from elsewhere name.

use crate::stranger::{Ours, Stranger};
use alongside_app::sign_ups::{self, SignUp};
use alongside_domain::account::{Email, Password};
use alongside_domain::actor::Handle;
use alongside_domain::id::ActorId;
use alongside_store::engine::Store;
use alongside_store::posts;
use alongside_testkit::both_engines;
use serde_json::json;

both_engines! {
    async fn whether_somebody_elsewhere_may_be_found_is_what_they_say_last(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        ours.follower_of("sam", &[&kim]).await;
        assert!(!ours.actor(&kim.id).await.unwrap().indexable, "they say nothing");
        for (name, says) in [("1/update", true), ("2/update", false)] {
            let mut document = kim.document();
            document["indexable"] = says.into();
            home.serve(&document);
            ours.act_on(&kim, &kim.activity(name, "Update", document)).await;
            assert_eq!(ours.actor(&kim.id).await.unwrap().indexable, says);
        }
    }

    async fn whoever_waits_to_come_in_is_not_named(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let sam = ours.follower_of("sam", &[&kim]).await;
        let new = SignUp {
            handle: Handle::new("robin").unwrap(),
            email: Email::parse("robin@mail.example").unwrap(),
            password: Password::new("correct horse".to_owned()).unwrap(),
            reason: None,
            born: None,
            address: "192.0.2.7".parse().unwrap(),
        };
        sign_ups::apply(&ours.kit.app, new).await.unwrap();
        let mention = |name: &str| json!({ "type": "Mention", "href": format!("https://here.example/actors/{name}") });
        let mut note = kim.note("1", "<p>hello</p>");
        note["tag"] = json!([mention("sam"), mention("robin")]);
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
        let named = posts::mentions(&mut ours.kit.app.reader(), &[post.id]).await.unwrap();
        let named: Vec<ActorId> = named.iter().map(|mention| mention.actor_id).collect();
        assert_eq!(named, [sam]);
    }
}
