//! What a community of ours says of itself, as software hears it that hears people alone.

use crate::stranger::{Ours, Stranger};
use alongside_app::communities::closing;
use alongside_app::communities::settings::{self, Changes};
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::account::Role;
use alongside_domain::community::Audience;
use alongside_domain::id::CommunityId;
use alongside_domain::moderation::Measure;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_testkit::both_engines;
use alongside_testkit::foreign::Asked;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const COMMUNITY: &str = "https://here.example/actors/sleep";
const STAFF: &str = "https://here.example/actors/staff";

/// What was sent there since.
fn told(home: &Stranger) -> Vec<Value> {
    let sent = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
    sent.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect()
}

fn fails_the_first(asked: &Asked) -> StatusCode {
    let is_first = String::from_utf8_lossy(&asked.body).contains("First title");
    if is_first { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::ACCEPTED }
}

/// A node with a community that Kim follows from a server of either kind.
async fn scene(store: Store, mastodon: &Stranger, lemmy: &Stranger) -> (Ours, CommunityId) {
    let ours = Ours::new(store, &[mastodon, lemmy]);
    let community = ours.kit.community("sleep", Audience::Everyone).await;
    for (home, software) in [(mastodon, "mastodon"), (lemmy, "lemmy")] {
        let kim = home.actor("kim", "Person");
        let known = ours.know(&kim).await;
        let mut tx = ours.kit.app.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, &known.host, Some(software), None, ours.now()).await.unwrap();
        tx.commit().await.unwrap();
        ours.act_on(&kim, &kim.activity("follow", "Follow", COMMUNITY.into())).await;
        assert_eq!(told(home)[0]["type"], "Accept");
    }
    (ours, community)
}

both_engines! {
    async fn the_staff_say_it_where_no_community_is_heard(store: Store) {
        let [mastodon, lemmy] = [Stranger::new().await, Stranger::new().await];
        let (ours, community) = Box::pin(scene(store, &mastodon, &lemmy)).await;
        let app = &ours.kit.app;
        let ada = ours.kit.member_as("ada", Role::Admin).await;
        let changes = Changes { title: Some("Sleep well".to_owned()), ..Changes::default() };
        settings::update_as_operator(app, community, &changes).await.unwrap();
        ours.settle().await;
        for (home, by) in [(&mastodon, COMMUNITY), (&lemmy, STAFF)] {
            let told = told(home);
            let [update] = told.as_slice() else { panic!("{told:?}") };
            assert_eq!((&update["type"], &update["actor"]), (&json!("Update"), &json!(by)));
            assert_eq!((&update["object"]["id"], &update["object"]["name"]), (&json!(COMMUNITY), &json!("Sleep well")));
            let names_it = update["cc"].as_array().unwrap().contains(&COMMUNITY.into());
            assert_eq!((names_it, update["audience"] == COMMUNITY), (by == STAFF, by == STAFF));
        }
        closing::close(app, ada, community).await.unwrap();
        ours.settle().await;
        for (home, by) in [(&mastodon, COMMUNITY), (&lemmy, STAFF)] {
            let told = told(home);
            let gone: Vec<&Value> = told.iter().filter(|told| told["type"] == "Delete").collect();
            let [gone] = gone.as_slice() else { panic!("{told:?}") };
            assert_eq!((&gone["actor"], &gone["object"]), (&json!(by), &json!(COMMUNITY)));
        }
    }

    async fn no_change_of_a_profile_overtakes_another(store: Store) {
        let [mastodon, lemmy] = [Stranger::new().await, Stranger::new().await];
        let (ours, community) = Box::pin(scene(store, &mastodon, &lemmy)).await;
        let homes = [&mastodon, &lemmy];
        for home in homes {
            home.judge(fails_the_first);
        }
        for title in ["First title", "Second title"] {
            let changes = Changes { title: Some(title.to_owned()), ..Changes::default() };
            ours.kit.clock.advance_secs(1);
            settings::update_as_operator(&ours.kit.app, community, &changes).await.unwrap();
            ours.settle().await;
        }
        let titles = |home: &Stranger| {
            let told = told(home);
            told.iter().map(|update| update["object"]["name"].as_str().unwrap().to_owned()).collect::<Vec<String>>()
        };
        for home in homes {
            let titles = titles(home);
            assert!(!titles.is_empty() && titles.iter().all(|title| title == "First title"), "{titles:?}");
            home.judge(|_| StatusCode::ACCEPTED);
        }
        ours.kit.clock.advance_secs(86_400);
        ours.settle().await;
        for home in homes {
            assert_eq!(titles(home), ["First title", "Second title"]);
        }
    }

    async fn the_staff_do_there_what_the_operator_decides(store: Store) {
        let [mastodon, lemmy] = [Stranger::new().await, Stranger::new().await];
        let (ours, community) = Box::pin(scene(store, &mastodon, &lemmy)).await;
        let app = &ours.kit.app;
        let group = ours.actor(COMMUNITY).await.unwrap();
        let sam = ours.kit.member("sam").await.actor();
        let post = ours.kit.post_naming(sam, "hello", &[], |post| post.community = Some(community)).await;
        for measure in [Measure::Appoint(sam), Measure::Lock(post.id), Measure::Unlock(post.id)] {
            moderation::take(app, &group, community, measure, "", Via::Here).await.unwrap();
            ours.settle().await;
            let about: Vec<Value> = told(&lemmy).into_iter().filter(|told| told["type"] != "Update").collect();
            let [done] = about.as_slice() else { panic!("{measure:?}: {about:?}") };
            let undone = Some(&done["object"]["actor"]).filter(|actor| !actor.is_null());
            assert_eq!((&done["actor"], undone.is_none_or(|actor| actor == STAFF)), (&json!(STAFF), true), "{done}");
            assert!(!done.to_string().contains("\"Announce\""), "{done}");
        }
    }
}
