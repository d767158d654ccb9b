//! Transactions that end otherwise than by a commit, and what other servers hear of those that do.

use alongside_store::session::Session as _;
use alongside_store::settings;
use alongside_testkit::node::Node;
use alongside_testkit::{both_engines, engines};
use std::time::Duration;

/// Longer than anything takes to be heard.
const LONG: Duration = Duration::from_secs(30);

both_engines! {
    async fn one_that_the_database_ended_does_not_stop_the_next(node: Node) {
        // A full disk has this effect on SQLite.
        let mut tx = node.store().begin().await.unwrap();
        tx.query("rollback").execute().await.unwrap();
        drop(tx);
        let mut tx = node.store().begin().await.unwrap();
        settings::put_first(&mut tx, "after", "it goes on").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(settings::find(&mut node.store().reader(), "after").await.unwrap().as_deref(), Some("it goes on"));
    }
}

#[tokio::test]
async fn servers_on_one_database_hear_what_each_other_commits() {
    engines::two_on_one_postgres(|[here, there]| async move {
        let bell = there.wake().listen();
        let ears = there.clone();
        let listening = tokio::spawn(async move { ears.listen().await });
        bell.heard(LONG).await;
        let (before, bell) = (there.changes().now(), there.wake().listen());
        let mut tx = here.begin().await.unwrap();
        settings::put_first(&mut tx, "told", "to all").await.unwrap();
        tx.ring();
        tx.commit().await.unwrap();
        bell.heard(LONG).await;
        assert!(!there.changes().none_since(before, &[]), "it is no longer as it was");
        listening.abort();
    })
    .await;
}
