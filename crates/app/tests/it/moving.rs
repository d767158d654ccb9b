//! Somebody elsewhere has moved: who goes along, and who goes later.

use alongside_app::moving;
use alongside_domain::actor::Actor;
use alongside_domain::id::ActorId;
use alongside_store::{actors, follows};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn stranger(node: &Node, handle: &str) -> Actor {
    let id = node.stranger(handle, "b.example").await;
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

async fn follows(node: &Node, follower: ActorId, target: &Actor) -> bool {
    follows::between(&mut node.app.reader(), follower, target.id).await.unwrap().is_some()
}

both_engines! {
    async fn whoever_could_not_go_along_goes_when_the_move_is_told_again(node: Node) {
        let (old, new, third) = (stranger(&node, "old").await, stranger(&node, "new").await, stranger(&node, "third").await);
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        node.follow(sam, old.id).await;
        assert_eq!(moving::arrived(&node.app, old.id, &new).await.unwrap(), Some(1));
        assert!(follows(&node, sam, &new).await && !follows(&node, ada, &new).await);
        node.follow(ada, old.id).await;
        assert_eq!(moving::arrived(&node.app, old.id, &new).await.unwrap(), Some(2), "the same move, told twice");
        assert!(follows(&node, sam, &new).await && follows(&node, ada, &new).await);
        assert_eq!(moving::arrived(&node.app, old.id, &third).await.unwrap(), None, "one place in thirty days");
        node.clock.advance_secs(31 * 86_400);
        assert_eq!(moving::arrived(&node.app, old.id, &third).await.unwrap(), Some(2));
    }
}
