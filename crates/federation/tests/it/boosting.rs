//! Boosts from elsewhere, and whom they are for.

use crate::stranger::{Ours, PUBLIC, Stranger};
use alongside_domain::community::Audience;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::{entries, hosts};
use alongside_testkit::both_engines;
use serde_json::json;

both_engines! {
    async fn a_boost_is_for_those_it_is_addressed_to(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let ada = ours.follower_of("ada", &[&kim]).await;
        let followers = format!("{}/followers", kim.id);
        for (name, to, cc, visibility) in [
            ("open", vec![PUBLIC], vec![&*followers], Visibility::Public),
            ("quiet", vec![&*followers], vec![PUBLIC], Visibility::Unlisted),
            ("narrow", vec![&*followers], vec!["https://here.example/actors/ada"], Visibility::Followers),
        ] {
            let post = ours.kit.post(ada, name).await;
            let mut boost = kim.activity(name, "Announce", post.uri.into());
            (boost["to"], boost["cc"]) = (json!(to), json!(cc));
            ours.act_on(&kim, &boost).await;
            let line = entries::find_by_uri(&mut ours.kit.app.reader(), boost["id"].as_str().unwrap()).await.unwrap();
            assert_eq!(line.expect("it is kept").visibility, visibility, "{name}");
        }
    }

    async fn who_understands_boosts_alone_is_told_of_what_they_wrote_by_a_boost_alone(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        ours.kit.community("sleep", Audience::Everyone).await;
        let sleep = ours.actor("https://here.example/actors/sleep").await.unwrap();
        let softwares = [("ann", None, true), ("bea", Some("lemmy"), true), ("kim", Some("gotosocial"), false)];
        for (name, software, is_passed_on) in softwares {
            let kim = home.actor(name, "Person");
            let known = ours.know(&kim).await;
            ours.kit.follow(known.id, sleep.id).await;
            let mut tx = ours.kit.store().begin().await.unwrap();
            hosts::remember_software(&mut tx, &known.host, software, None, ours.now()).await.unwrap();
            tx.commit().await.unwrap();
            let mut note = kim.note("1", "<p>awake</p>");
            note["cc"] = json!([sleep.uri]);
            home.asked();
            ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
            let heard = home.heard();
            let boosts = heard.iter().filter(|said| said.contains("\"type\":\"Announce\""));
            let (passed_on, boosts): (Vec<_>, Vec<_>) =
                boosts.partition(|said| said.contains("\"type\":\"Create\""));
            assert_eq!(!passed_on.is_empty(), is_passed_on, "{software:?}: {heard:?}");
            assert_eq!(!boosts.is_empty(), software != Some("lemmy"), "{software:?}: {heard:?}");
        }
    }
}
