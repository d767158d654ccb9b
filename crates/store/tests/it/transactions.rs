//! Transactions that end otherwise than by a commit.

use alongside_store::session::Session as _;
use alongside_store::settings;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn one_that_the_database_ended_does_not_stop_the_next(node: Node) {
        // A full disk has this effect on SQLite.
        let mut tx = node.store().begin().await.unwrap();
        tx.query("rollback").execute().await.unwrap();
        drop(tx);
        let mut tx = node.store().begin().await.unwrap();
        settings::put(&mut tx, "after", "it goes on").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(settings::find(&mut node.store().reader(), "after").await.unwrap().as_deref(), Some("it goes on"));
    }
}
