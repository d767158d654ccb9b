//! Transactions that end otherwise than by a commit, and what other servers hear of those that do.

use alongside_store::engine::Store;
use alongside_store::session::Session as _;
use alongside_store::settings;
use alongside_store::wake::Bell;
use alongside_testkit::node::Node;
use alongside_testkit::{both_engines, engines};
use std::sync::{Arc, Mutex};
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

both_engines! {
    async fn what_waits_for_no_disk_is_there_at_once_and_before_what_is_committed_after_it(node: Node) {
        let mut early = node.store().asynchronous().begin().await.unwrap();
        settings::put_first(&mut early, "first", "done again if lost").await.unwrap();
        early.commit().await.unwrap();
        assert!(settings::find(&mut node.store().reader(), "first").await.unwrap().is_some());
        let mut late = node.store().begin().await.unwrap();
        assert!(settings::find(&mut late, "first").await.unwrap().is_some());
        settings::put_first(&mut late, "second", "acknowledged").await.unwrap();
        late.commit().await.unwrap();
        assert!(settings::find(&mut node.store().reader(), "second").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn on_sqlite_whoever_is_waited_for_stands_behind_one_job_at_most() {
    engines::on_sqlite(|store| async move {
        let turns = Arc::new(Mutex::new(Vec::new()));
        let in_turn = |who: &'static str, store: Store| {
            let turns = Arc::clone(&turns);
            Box::pin(async move {
                let _tx = store.begin().await.unwrap();
                turns.lock().unwrap().push(who);
            })
        };
        let jobs = store.asynchronous();
        let first = store.begin().await.unwrap();
        let waiting = async {
            // Each comes to wait before the next does, and all before the first ends.
            tokio::join!(
                biased;
                in_turn("a job", jobs.clone()),
                in_turn("a job", jobs.clone()),
                in_turn("a job", jobs.clone()),
                in_turn("a member", store.clone()),
                async { drop(first) },
            )
        };
        waiting.await;
        assert_eq!(*turns.lock().unwrap(), ["a job", "a member", "a job", "a job"]);
    })
    .await;
}

alongside_store::row! {
    /// What a setting of PostgreSQL is here, and what it is where nobody changed it.
    pub struct Set {
        /// Now.
        pub now: String,
        /// Elsewhere.
        pub elsewhere: String,
    }
}

#[tokio::test]
async fn on_postgres_only_asynchronous_commits_wait_for_no_disk() {
    engines::two_on_one_postgres(|[store, _]| async move {
        let sql = "select setting as now, reset_val as elsewhere from pg_settings where name = 'synchronous_commit'";
        let mut tx = store.asynchronous().begin().await.unwrap();
        assert_eq!(tx.query(sql).one::<Set>().await.unwrap().now, "off");
        tx.commit().await.unwrap();
        let set: Set = store.begin().await.unwrap().query(sql).one().await.unwrap();
        assert_eq!(set.now, set.elsewhere);
    })
    .await;
}

#[tokio::test]
async fn on_postgres_no_statement_is_compiled() {
    engines::on_postgres(|store| async move {
        let sql = "select setting as now, reset_val as elsewhere from pg_settings where name = 'jit'";
        let set: Set = store.reader().query(sql).one().await.unwrap();
        assert_eq!(set.now, "off");
    })
    .await;
}

#[tokio::test]
async fn servers_on_one_database_hear_what_each_other_commits() {
    engines::two_on_one_postgres(|[here, there]| async move {
        let bell = there.wake().listen(Bell::Changes);
        let ears = there.clone();
        let listening = tokio::spawn(async move { ears.listen().await });
        bell.heard(LONG).await;
        let (before, bell) = (there.changes().now(), there.wake().listen(Bell::Changes));
        let mut tx = here.begin().await.unwrap();
        settings::put_first(&mut tx, "told", "to all").await.unwrap();
        tx.ring(Bell::Changes);
        tx.commit().await.unwrap();
        bell.heard(LONG).await;
        assert!(!there.changes().none_since(before, &[]), "it is no longer as it was");
        listening.abort();
    })
    .await;
}
