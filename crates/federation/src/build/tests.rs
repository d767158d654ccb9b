//! Every document is shown whole here, and read back by our own reader of others' documents.

mod activities;
mod actors;
mod contexts;
mod groups;
mod lists;
mod moderation;
mod posts;

use super::parts::{self, PostParts};
use crate::documents::{self, Document};
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience as Readers;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::place::Places;
use alongside_domain::post::Post;
use alongside_store::actors as store_actors;
use alongside_store::engine::Store;
use alongside_testkit::node::Node;
use serde_json::Value;

/// A node with Sam and a community, that knows Kim of another.
struct World {
    node: Node,
    sam: Actor,
    kim: Actor,
    sleep: Actor,
}

impl World {
    async fn new(store: Store) -> Self {
        let node = Node::at(store, "https://a.example");
        let sam = node.member("sam").await.actor();
        let kim = node.stranger("kim", "b.example").await;
        let sleep = node.community("sleep", Readers::Everyone).await.actor();
        let (sam, kim, sleep) = (actor(&node, sam).await, actor(&node, kim).await, actor(&node, sleep).await);
        Self { node, sam, kim, sleep }
    }

    fn places(&self) -> &Places {
        self.node.app.places()
    }

    fn community(&self) -> CommunityId {
        CommunityId::of(self.sleep.id)
    }

    async fn parts(&self, post: Post) -> PostParts {
        parts::load_one(&self.node.app, &mut self.node.app.reader(), post).await.unwrap().unwrap()
    }
}

async fn actor(node: &Node, id: ActorId) -> Actor {
    store_actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

/// Reads a document as we read those of others, after looking at what trips up other software.
fn read(document: &Value) -> Document {
    check(document);
    documents::read(document).unwrap()
}

fn check(document: &Value) {
    assert!(document["id"].as_str().is_some_and(|id| id.starts_with("https://a.example/")), "{document}");
    assert_shape(document);
}

fn assert_shape(value: &Value) {
    match value {
        Value::Null => panic!("there is a null"),
        Value::Array(items) => items.iter().for_each(assert_shape),
        Value::Object(members) => {
            assert_ne!(members.get("endpoints"), Some(&serde_json::json!({})));
            for list in ["to", "cc", "tag", "attachment"] {
                assert!(members.get(list).is_none_or(Value::is_array), "{list} is no list");
            }
            assert_eq!(members.contains_key("to"), members.contains_key("cc"), "one without the other");
            for one in ["attributedTo", "audience"] {
                assert!(members.get(one).is_none_or(Value::is_string), "{one} is no plain address");
            }
            members.values().for_each(assert_shape);
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
