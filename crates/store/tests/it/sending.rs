//! Deliveries: claimed in order, also by two processes at once.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::ActivityId;
use alongside_store::activities::{self, Activity};
use alongside_store::deliveries::{self, Claimed};
use alongside_store::engine::Tx;
use alongside_store::hosts;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::time::Duration;

const HOST: &str = "b.example";

async fn claim(tx: &mut Tx, node: &Node, number: i64, limit: i64) -> Vec<Claimed> {
    let now = node.clock.now();
    deliveries::claim(tx, number, HOST, now, now.plus_secs(60), limit).await.unwrap()
}

both_engines! {
    async fn of_one_thread_nothing_overtakes_what_another_process_is_claiming(node: Node) {
        let sam = node.member("sam").await;
        let mut tx = node.store().begin().await.unwrap();
        hosts::ensure(&mut tx, HOST).await.unwrap();
        for nth in 0..3_i64 {
            let activity = Activity {
                id: ActivityId::new(nth + 1),
                uri: format!("https://a.example/{nth}"),
                actor_id: sam.actor(),
                post_id: None,
                about_id: None,
                body: "{}".to_owned(),
                open: true,
                to_followers: false,
                at: node.clock.now(),
            };
            let id = activities::put(&mut tx, &activity).await.unwrap();
            let inbox = format!("https://{HOST}/inbox");
            deliveries::push(&mut tx, node.app.next_id(), id, HOST, &inbox, "thread:1", node.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();

        let mut first = node.store().begin().await.unwrap();
        let mine = claim(&mut first, &node, 0, 2).await;
        assert_eq!(mine.len(), 2);
        let second = async {
            let mut tx = node.store().begin().await.unwrap();
            let theirs = claim(&mut tx, &node, 1, 2).await;
            tx.commit().await.unwrap();
            theirs
        };
        let mut second = std::pin::pin!(second);
        let early = tokio::time::timeout(Duration::from_millis(200), &mut second).await;
        assert!(early.is_err(), "it waits for the first, and does not guess");
        first.commit().await.unwrap();
        let theirs = second.await;
        assert!(theirs.is_empty(), "the third waits for the two before it");

        let mut tx = node.store().begin().await.unwrap();
        deliveries::finish(&mut tx, &mine.iter().map(|delivery| delivery.id).collect::<Vec<_>>()).await.unwrap();
        assert_eq!(claim(&mut tx, &node, 1, 2).await.len(), 1);
    }
}
