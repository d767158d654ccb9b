//! Two servers come to know the same of who follows whom, a part of it at a time.

use alongside_app::memberships::{self, RECONCILED_MAX};
use alongside_domain::id::ActorId;
use alongside_domain::job::Job;
use alongside_domain::place::Place;
use alongside_store::engine::Store;
use alongside_store::follows;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::collections::HashSet;

/// More members than one list changes the follows of, and somebody elsewhere.
async fn many(node: &Node) -> (Vec<ActorId>, ActorId) {
    let mut members = Vec::new();
    for number in 0..=RECONCILED_MAX {
        members.push(node.member(&format!("owl{number}")).await.actor());
    }
    (members, node.stranger("kim", "b.example").await)
}

both_engines! {
    async fn one_list_ends_so_many_follows_and_the_rest_another_time(store: Store) {
        let node = Node::from(store);
        let (members, kim) = many(&node).await;
        for member in &members {
            node.follow(*member, kim).await;
        }
        let origin = format!("{}/", node.app.places().origin());
        for left in [1, 0] {
            memberships::reconcile(&node.app, kim, &[]).await.unwrap();
            let known = follows::accepted_of(&mut node.app.reader(), kim, &origin, 999).await.unwrap();
            assert_eq!(known.len(), left);
        }
    }

    async fn one_list_takes_so_many_follows_back(store: Store) {
        let node = Node::from(store);
        let (members, kim) = many(&node).await;
        let mut said: Vec<String> =
            (0..members.len()).map(|number| node.app.places().of(Place::Actor(&format!("owl{number}")))).collect();
        said.push("https://b.example/users/kim".to_owned());
        memberships::reconcile(&node.app, kim, &said).await.unwrap();
        let back: HashSet<ActorId> = node.take_queued().await.into_iter().map(|job| match job {
            Job::Unfollow { follower, target, .. } if target == kim => follower,
            other => panic!("{other:?}"),
        }).collect();
        assert_eq!(back.len(), RECONCILED_MAX);
        node.follow(members[0], kim).await;
        memberships::reconcile(&node.app, kim, &said[..2]).await.unwrap();
        assert_eq!(node.take_queued().await.len(), 1, "who follows them goes on doing so");
    }
}
