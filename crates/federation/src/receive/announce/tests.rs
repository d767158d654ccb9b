//! Several things shared at once, and reactions in the spelling of each software.

use super::*;
use crate::documents;
use crate::testing::federation;
use alongside_domain::id::{ActorId, InboxId};
use alongside_domain::reaction::Reaction;
use alongside_store::{actors, reactions};
use alongside_testkit::node::Node;
use serde_json::{Value, json};

/// A post in a community elsewhere that somebody here follows.
struct Scene {
    node: Node,
    federation: Federation,
    group: Actor,
    post: Post,
}

impl Scene {
    async fn new(node: Node) -> Self {
        let sam = node.member("sam").await.actor();
        let group = actor(&node, node.stranger("calm", "b.example").await).await;
        node.follow(sam, group.id).await;
        let post = node.post(sam, "awake?").await;
        let federation = federation(&node, Vec::new());
        Self { group: Actor { kind: ActorKind::Group, ..group }, node, federation, post }
    }

    async fn does(&self, actor: Actor, activity: &Value) -> Result<Outcome, Error> {
        let activity = documents::parse_activity(activity.to_string().as_bytes()).unwrap();
        let context = Context { node: &self.federation, actor, via: Via::Arrived(InboxId::new(1)) };
        act::dispatch(&context, &activity).await
    }

    fn like(&self, who: &str, number: u32) -> Value {
        json!({
            "id": format!("{who}/likes/{number}"), "type": "Like", "actor": who, "object": self.post.uri,
        })
    }

    async fn given(&self, by: ActorId) -> Option<Reaction> {
        let found = reactions::between(&mut self.node.app.reader(), by, self.post.id).await.unwrap();
        found.map(|given| given.kind)
    }
}

async fn actor(node: &Node, id: ActorId) -> Actor {
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

alongside_testkit::both_engines! {
    async fn piefed_passes_on_many_votes_at_once(node: Node) {
        let scene = Scene::new(node).await;
        let mut voters = Vec::new();
        for name in ["ann", "bob", "eve"] {
            voters.push(actor(&scene.node, scene.node.stranger(name, "b.example").await).await);
        }
        let mut votes: Vec<Value> = voters.iter().map(|voter| scene.like(&voter.uri, 1)).collect();
        // One that its origin cannot confirm, one of a kind we do not know, one of nothing.
        votes.insert(1, scene.like("http://127.0.0.9:9/u/mallory", 1));
        votes.insert(2, json!({ "id": "https://b.example/x", "type": "Wobble", "actor": voters[0].uri, "object": {} }));
        votes.insert(3, json!({ "type": "OrderedCollection", "orderedItems": [scene.like(&voters[0].uri, 9)] }));
        let announce = |object: Value| json!({
            "id": "https://b.example/announces/1", "type": "Announce", "actor": scene.group.uri, "object": object,
        });
        let listed = announce(json!(votes[..5]));
        assert_eq!(scene.does(scene.group.clone(), &listed).await.unwrap(), Outcome::Done);
        assert_eq!(scene.given(voters[0].id).await, Some(Reaction::Strength));
        assert_eq!(scene.given(voters[1].id).await, Some(Reaction::Strength));
        let collection = announce(json!({
            "id": "https://b.example/c/1", "type": "OrderedCollection", "totalItems": 1, "orderedItems": [votes[5]],
        }));
        assert_eq!(scene.does(scene.group.clone(), &collection).await.unwrap(), Outcome::Done);
        assert_eq!(scene.given(voters[2].id).await, Some(Reaction::Strength));
        let again = announce(json!(votes));
        assert_eq!(scene.does(scene.group.clone(), &again).await.unwrap(), Outcome::Done);
        let post = alongside_store::posts::find(&mut scene.node.app.reader(), scene.post.id).await.unwrap().unwrap();
        assert_eq!(post.reactions_count, 3, "nobody is counted twice");
    }

    async fn a_host_lets_go_of_what_it_moved_from_one_community_to_another(node: Node) {
        let scene = Scene::new(node).await;
        let kim = actor(&scene.node, scene.node.stranger("kim", "b.example").await).await;
        let before = CommunityId::of(scene.node.stranger("loud", "b.example").await);
        for (host, is_gone) in [("c.example", false), ("b.example", true)] {
            let post = scene.node.post_with(kim.id, "a regret", |post| {
                (post.local, post.community) = (false, Some(before));
                post.uri = format!("https://{host}/posts/1");
            }).await;
            let delete = json!({
                "id": format!("{}/deletes/1", kim.uri), "type": "Delete", "actor": kim.uri, "object": post.uri,
            });
            let told = json!({
                "id": "https://b.example/announces/2", "type": "Announce", "actor": scene.group.uri, "object": delete,
            });
            assert_eq!(scene.does(scene.group.clone(), &told).await.is_ok(), is_gone, "{host}");
            let kept = alongside_store::posts::find(&mut scene.node.app.reader(), post.id).await.unwrap().unwrap();
            assert_eq!(kept.is_present(), !is_gone, "{host}");
        }
    }

    async fn every_spelling_of_a_reaction_means_what_its_symbol_means(node: Node) {
        let scene = Scene::new(node).await;
        for (number, (software, members, says)) in (0..).zip([
            ("mastodon", json!({ "type": "Like" }), Reaction::Strength),
            ("pleroma", json!({ "type": "EmojiReact", "content": "🙋‍♀️" }), Reaction::MeToo),
            ("misskey", json!({ "type": "Like", "content": "🫂", "_misskey_reaction": "🫂" }), Reaction::Hug),
            ("misskey of old", json!({ "type": "Like", "_misskey_reaction": "💡" }), Reaction::Helpful),
            ("fedibird", json!({ "type": "Like", "content": ":blobcat:", "tag": [{ "type": "Emoji" }] }), Reaction::Strength),
            ("piefed", json!({ "type": "EmojiReact", "content": "💡" }), Reaction::Helpful),
        ]) {
            let name = format!("voter{number}");
            let voter = actor(&scene.node, scene.node.stranger(&name, "c.example").await).await;
            let mut like = scene.like(&voter.uri, number);
            like.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            scene.does(voter.clone(), &like).await.unwrap();
            assert_eq!(scene.given(voter.id).await, Some(says), "{software}");
            let undo = |object: &Value| json!({
                "id": format!("{}/undo", voter.uri), "type": "Undo", "actor": voter.uri, "object": object,
            });
            let mut another = like.clone();
            another["type"] = "EmojiReact".into();
            another["content"] = if says == Reaction::Hug { "💡" } else { "🫂" }.into();
            scene.does(voter.clone(), &undo(&another)).await.unwrap();
            assert_eq!(scene.given(voter.id).await, Some(says), "{software}: another reaction was taken back");
            scene.does(voter.clone(), &undo(&like)).await.unwrap();
            assert_eq!(scene.given(voter.id).await, None, "{software}");
        }
    }
}
