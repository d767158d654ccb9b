//! Two servers come to know the same of who follows whom, a part of it at a time, and what goes with the last member.

use alongside_app::memberships::{self, RECONCILED_MAX};
use alongside_domain::community::{Audience, Community};
use alongside_domain::id::{ActorId, InboxId};
use alongside_domain::job::Job;
use alongside_domain::place::Place;
use alongside_store::engine::Store;
use alongside_store::inbox::{self, Arrival};
use alongside_store::{actors, communities, follows};
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
    async fn what_arrived_is_forgotten_with_the_last_member_where_it_was_for_members(store: Store) {
        let node = Node::from(store);
        for (number, audience) in [(1, Audience::Everyone), (2, Audience::Members)] {
            let id = node.community_elsewhere(&format!("night{number}"), "b.example").await;
            let mut tx = node.store().begin().await.unwrap();
            let community = communities::find(&mut tx, id.actor()).await.unwrap().unwrap();
            communities::put(&mut tx, &Community { audience, ..community }).await.unwrap();
            let arrival = Arrival {
                id: InboxId::new(number),
                uri: format!("https://b.example/{number}"),
                actor_uri: actors::find(&mut tx, id.actor()).await.unwrap().unwrap().uri,
                body: "psst".to_owned(),
                received_at: node.app.now(),
            };
            inbox::insert(&mut tx, &arrival).await.unwrap();
            inbox::finish(&mut tx, arrival.id, "done", node.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            memberships::let_go(&node.app, id.actor()).await.unwrap();
            let left = inbox::find(&mut node.app.reader(), arrival.id).await.unwrap().unwrap().body;
            assert_eq!(left, if audience == Audience::Members { "" } else { "psst" });
        }
    }

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
