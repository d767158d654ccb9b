//! A follow that nobody answers is asked again where answers are known to be lost.

use crate::stranger::{Ours, Person, Stranger};
use alongside_app::follows::{self, Wishes};
use alongside_domain::id::ActorId;
use alongside_store::engine::Store;
use alongside_store::{follows as stored, hosts};
use alongside_testkit::both_engines;
use http::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Sam asks to follow a community on a server that runs this.
async fn asks(store: Store, home: &Stranger, software: &str) -> (Ours, Person, ActorId, ActorId) {
    let ours = Ours::new(store, &[home]);
    let group = home.actor("sleep", "Group");
    let known = ours.know(&group).await;
    let app = &ours.kit.app;
    let mut tx = app.store().begin().await.unwrap();
    hosts::remember_software(&mut tx, &known.host, Some(software), None, ours.now()).await.unwrap();
    tx.commit().await.unwrap();
    let sam = ours.kit.member("sam").await.actor();
    follows::follow(app, sam, known.id, Wishes::default(), None).await.unwrap();
    ours.settle().await;
    (ours, group, sam, known.id)
}

/// What was asked of it since.
fn asked(home: &Stranger) -> Vec<Value> {
    let sent = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
    sent.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect()
}

async fn after(ours: &Ours, secs: i64) {
    ours.kit.clock.advance_secs(secs);
    ours.settle().await;
}

both_engines! {
    async fn lemmy_is_asked_again_under_another_name_until_it_answers(store: Store) {
        let home = Stranger::new().await;
        let (ours, group, sam, community) = Box::pin(asks(store, &home, "lemmy")).await;
        let mut told = asked(&home);
        assert_eq!(told.len(), 1);
        after(&ours, 119).await;
        assert!(asked(&home).is_empty(), "it has time to answer");
        after(&ours, 1).await;
        told.extend(asked(&home));
        after(&ours, 1_080).await;
        told.extend(asked(&home));
        let names: BTreeSet<&str> = told.iter().map(|told| told["id"].as_str().unwrap()).collect();
        assert_eq!((told.len(), names.len()), (3, 3), "{told:?}");
        assert!(told.iter().all(|told| told["type"] == "Follow" && told["object"] == group.id));
        ours.act_on(&group, &group.activity("accept", "Accept", told[2].clone())).await;
        let follow = stored::between(&mut ours.kit.app.reader(), sam, community).await.unwrap().unwrap();
        assert!(follow.accepted);
        after(&ours, 200_000).await;
        assert!(asked(&home).iter().all(|told| told["type"] != "Follow"), "it has answered");
    }

    async fn lemmy_is_not_asked_for_ever_and_others_once(store: Store) {
        let home = Stranger::new().await;
        let (ours, ..) = Box::pin(asks(store, &home, "lemmy")).await;
        for secs in [120, 1_080, 10_800, 108_000, 200_000] {
            after(&ours, secs).await;
        }
        assert_eq!(asked(&home).len(), 5);
    }

    async fn other_software_is_asked_once(store: Store) {
        let home = Stranger::new().await;
        let (ours, ..) = Box::pin(asks(store, &home, "mastodon")).await;
        after(&ours, 200_000).await;
        assert_eq!(asked(&home).len(), 1);
    }
}
