//! Who is hidden or leaves for good, and what is left of them.

use alongside_app::effects::Via;
use alongside_app::sanctions::{self, New};
use alongside_app::{acquaintances, departures, moderation};
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::job::Job;
use alongside_domain::moderation::Measure;
use alongside_domain::sanction::SanctionKind;
use alongside_store::{actors, communities};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn actor(node: &Node, id: ActorId) -> Actor {
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

/// A community that somebody who lives elsewhere looks after.
async fn looked_after_by(node: &Node, steward: ActorId) -> CommunityId {
    let community = node.community("sleep", Audience::Everyone).await;
    let itself = actor(node, community.actor()).await;
    moderation::take(&node.app, &itself, community, Measure::Appoint(steward), "", Via::Here).await.unwrap();
    assert!(is_said_anew(node, community).await);
    community
}

async fn names_kim(node: &Node, community: CommunityId) -> bool {
    let profile = actor(node, community.actor()).await;
    profile.fields.iter().any(|field| field.value.contains("@kim@b.example"))
}

/// Whether others are told of a profile, too.
async fn is_said_anew(node: &Node, community: CommunityId) -> bool {
    node.take_queued().await.contains(&Job::Profile { actor: community.actor() })
}

both_engines! {
    async fn whoever_is_suspended_or_deleted_here_is_named_by_no_community(node: Node) {
        let (admin, kim) = (node.member_as("admin", Role::Admin).await, node.stranger("kim", "b.example").await);
        let sleep = looked_after_by(&node, kim).await;
        assert!(names_kim(&node, sleep).await);
        let suspended = || New { kind: SanctionKind::Suspend, report: None, message: String::new(), secs: None };
        sanctions::impose(&node.app, admin, kim, suspended()).await.unwrap();
        assert!(!names_kim(&node, sleep).await && is_said_anew(&node, sleep).await);
        sanctions::lift(&node.app, admin, kim, SanctionKind::Suspend).await.unwrap();
        assert!(names_kim(&node, sleep).await && is_said_anew(&node, sleep).await);
        sanctions::impose(&node.app, admin, kim, suspended()).await.unwrap();
        departures::expel(&node.app, admin, kim).await.unwrap();
        assert!(communities::stewards(&mut node.app.reader(), sleep).await.unwrap().is_empty());
        assert!(!names_kim(&node, sleep).await);
    }

    async fn whoever_is_gone_elsewhere_is_named_by_no_community(node: Node) {
        let kim = node.stranger("kim", "b.example").await;
        let uri = actor(&node, kim).await.uri;
        let sleep = looked_after_by(&node, kim).await;
        acquaintances::suspend(&node.app, &uri).await.unwrap();
        assert!(!names_kim(&node, sleep).await && is_said_anew(&node, sleep).await);
        acquaintances::depart(&node.app, kim).await.unwrap();
        assert!(communities::stewards(&mut node.app.reader(), sleep).await.unwrap().is_empty());
        assert!(!names_kim(&node, sleep).await);
    }
}
