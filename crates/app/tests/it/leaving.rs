//! Who leaves for good, and what is left of them.

use alongside_app::departures;
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_app::sanctions::{self, New};
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::ActorId;
use alongside_domain::job::Job;
use alongside_domain::moderation::Measure;
use alongside_domain::sanction::SanctionKind;
use alongside_store::{actors, communities};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn actor(node: &Node, id: ActorId) -> Actor {
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

both_engines! {
    async fn whoever_is_deleted_here_is_named_by_no_community_any_more(node: Node) {
        let (admin, kim) = (node.member_as("admin", Role::Admin).await, node.stranger("kim", "b.example").await);
        let sleep = node.community("sleep", Audience::Everyone).await;
        let itself = actor(&node, sleep.actor()).await;
        moderation::take(&node.app, &itself, sleep, Measure::Appoint(kim), "", Via::Here).await.unwrap();
        let names_kim = async || {
            let profile = actor(&node, sleep.actor()).await;
            profile.fields.iter().any(|field| field.value.contains("@kim@b.example"))
        };
        assert!(names_kim().await);
        let suspended = New { kind: SanctionKind::Suspend, report: None, message: String::new(), secs: None };
        sanctions::impose(&node.app, admin, kim, suspended).await.unwrap();
        node.take_queued().await;
        departures::expel(&node.app, admin, kim).await.unwrap();
        assert!(communities::stewards(&mut node.app.reader(), sleep).await.unwrap().is_empty());
        assert!(!names_kim().await);
        let told = node.take_queued().await;
        assert!(told.contains(&Job::Profile { actor: sleep.actor() }), "others are told as well: {told:?}");
    }
}
