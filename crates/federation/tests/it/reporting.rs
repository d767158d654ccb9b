//! What members report, as other servers hear of it.

use crate::stranger::{Ours, Stranger};
use alongside_app::reports::{self, NewReport};
use alongside_domain::report::ReportCategory;
use alongside_federation::build::actor;
use alongside_federation::keys;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

both_engines! {
    /// As Lemmy 0.19 and 1.0 have it: whoever reports is a `Person`, a `Service` or an `Organization`.
    async fn staff_report_where_a_server_is_not_heard(store: Store) {
        let ours_and_theirs = [("mastodon", "https://here.example/"), ("lemmy", "https://here.example/actors/staff")];
        let homes = [Stranger::new().await, Stranger::new().await];
        let ours = Ours::new(store, &[&homes[0], &homes[1]]);
        let app = &ours.kit.app;
        let sam = ours.kit.member("sam").await.actor();
        for (home, (software, by)) in homes.iter().zip(ours_and_theirs) {
            let kim = ours.know(&home.actor("kim", "Person")).await;
            let mut tx = app.store().begin().await.unwrap();
            hosts::remember_software(&mut tx, &kim.host, Some(software), None, ours.now()).await.unwrap();
            tx.commit().await.unwrap();
            let new = NewReport {
                target: kim.id,
                posts: Vec::new(),
                category: ReportCategory::Other,
                comment: String::new(),
                rules: Vec::new(),
                uri: None,
                forward: true,
            };
            reports::create(app, sam, new).await.unwrap();
            ours.settle().await;
            let asked = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
            let sent: Vec<Value> = asked.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect();
            assert_eq!(sent.len(), 1, "{software}: {sent:?}");
            assert_eq!((&sent[0]["type"], &sent[0]["actor"]), (&json!("Flag"), &json!(by)), "{software}");
            assert_eq!(sent[0]["summary"], "", "{software}");
        }
        let staff = keys::staff_actor(app).await.unwrap();
        let document = actor::load(ours.federation.keys(), app, &staff).await.unwrap();
        assert_eq!((&document["type"], &document["preferredUsername"]), (&json!("Service"), &json!("staff")));
        assert_eq!(document["outbox"], "https://here.example/actors/staff/outbox");
    }
}
