//! Whose measures count, in communities of ours and in those of others. Each forgery has a line here.

use crate::documents;
use crate::documents::addressing::PUBLIC;
use crate::fetch;
use crate::node::{Federation, Settings};
use crate::receive::act::{self, Context, Outcome};
use alongside_app::effects::Via;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId, InboxId, PostId};
use alongside_domain::post::Post;
use alongside_store::{actors, bans, communities, pins, posts};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use serde_json::{Value, json};

/// A node of ours, and whatever arrives there.
pub(crate) struct World {
    pub(crate) node: Node,
    pub(crate) federation: Federation,
}

impl World {
    pub(crate) fn new(node: Node) -> Self {
        let settings = Settings {
            fetch: fetch::Settings {
                user_agent: "test".to_owned(),
                insecure_hosts: Vec::new(),
                limits: fetch::Limits::default(),
            },
            retry_first_secs: 1,
            retry_max_secs: 1,
            fetches_per_host_per_min: 10,
            arrivals_per_host_per_min: 10,
        };
        Self { federation: Federation::new(node.app.clone(), settings).unwrap(), node }
    }

    pub(crate) async fn actor(&self, id: ActorId) -> Actor {
        actors::find(&mut self.node.app.reader(), id).await.unwrap().unwrap()
    }

    pub(crate) async fn post(&self, id: PostId) -> Post {
        posts::find(&mut self.node.app.reader(), id).await.unwrap().unwrap()
    }

    /// A post from elsewhere in a community.
    pub(crate) async fn post_in(&self, community: CommunityId, author: ActorId, uri: &str) -> Post {
        self.node
            .post_with(author, "hello", |post| {
                post.uri = uri.to_owned();
                post.community = Some(community);
                post.local = false;
            })
            .await
    }

    /// What somebody sends, acted on; what became of it in a word.
    pub(crate) async fn send(&self, by: ActorId, activity: Value) -> String {
        let activity = documents::parse_activity(activity.to_string().as_bytes()).unwrap();
        let actor = self.actor(by).await;
        let context = Context { node: &self.federation, actor, via: Via::Arrived(InboxId::new(1)) };
        match act::dispatch(&context, &activity).await {
            Ok(Outcome::Done) => "done".to_owned(),
            Ok(Outcome::Ignored(reason)) => format!("ignored: {reason}"),
            Err(error) => format!("refused: {error}"),
        }
    }

    /// Sends what its actor did.
    pub(crate) async fn act(&self, by: ActorId, what: Value) -> String {
        let own = self.own(by, what).await;
        self.send(by, own).await
    }

    /// A group announces what somebody did.
    pub(crate) async fn announce(&self, group: ActorId, by: ActorId, what: Value) -> String {
        let inner = self.own(by, what).await;
        let group_uri = self.actor(group).await.uri;
        let id = format!("{group_uri}/announce/1");
        let announce = json!({ "id": id, "type": "Announce", "actor": group_uri, "object": inner,
            "to": [PUBLIC], "cc": [] });
        self.send(group, announce).await
    }

    /// An activity as an actor would make it, an `Undo` around one of theirs too.
    pub(crate) async fn own(&self, by: ActorId, mut what: Value) -> Value {
        let uri = self.actor(by).await.uri;
        let sign = |document: &mut Value, name: &str| {
            document["id"] = json!(format!("{uri}/{name}"));
            document["actor"] = json!(uri);
        };
        sign(&mut what, "activity");
        if what["type"] == "Undo" {
            sign(&mut what["object"], "undone");
        }
        what
    }

    pub(crate) async fn is_banned(&self, community: CommunityId, actor: ActorId) -> Option<bans::Ban> {
        bans::find(&mut self.node.app.reader(), community, actor, self.node.app.now()).await.unwrap()
    }

    async fn stewards(&self, community: CommunityId) -> Vec<ActorId> {
        let stewards = communities::stewards(&mut self.node.app.reader(), community).await.unwrap();
        stewards.iter().map(|steward| steward.actor_id).collect()
    }
}

fn lock(post: &Post) -> Value {
    json!({ "type": "Lock", "object": post.uri, "summary": "it goes in circles" })
}

pub(crate) fn undo(object: &Value) -> Value {
    json!({ "type": "Undo", "object": object })
}

both_engines! {
    async fn a_moderator_elsewhere_acts_in_a_community_of_ours(node: Node) {
        let world = World::new(node);
        let sleep = world.node.community("sleep", Audience::Everyone).await;
        let (kim, ann) = (world.node.stranger("kim", "b.example").await, world.node.stranger("ann", "c.example").await);
        world.node.appoint(sleep, kim).await;
        let post = world.post_in(sleep, ann, "https://c.example/posts/1").await;
        assert_eq!(world.act(kim, lock(&post)).await, "done");
        assert!(world.post(post.id).await.locked_at.is_some());
        assert_eq!(world.act(kim, lock(&post)).await, "ignored: it was so before");
        assert_eq!(world.act(kim, undo(&lock(&post))).await, "done");
        assert!(world.post(post.id).await.locked_at.is_none());
        let delete = json!({ "type": "Delete", "object": post.uri, "summary": "an advert" });
        assert_eq!(world.act(kim, delete.clone()).await, "done");
        assert!(world.post(post.id).await.removed_at.is_some());
        assert_eq!(world.act(kim, undo(&delete)).await, "done");
        assert!(world.post(post.id).await.is_present());
        let places = world.node.app.places();
        let list = |name: &str| format!("{}/actors/sleep/{name}", places.origin());
        let add = json!({ "type": "Add", "object": post.uri, "target": list("featured") });
        assert_eq!(world.act(kim, add).await, "done");
        assert_eq!(pins::of_actor(&mut world.node.app.reader(), sleep.actor()).await.unwrap(), [post.id]);
        let add = json!({ "type": "Add", "object": world.actor(ann).await.uri, "target": list("moderators") });
        world.node.clock.advance_secs(1);
        assert_eq!(world.act(kim, add.clone()).await, "done");
        assert_eq!(world.stewards(sleep).await, [kim, ann]);
        let remove = json!({ "type": "Remove", "object": add["object"], "target": add["target"] });
        assert_eq!(world.act(kim, remove).await, "done");
        let block = json!({ "type": "Block", "object": world.actor(ann).await.uri, "removeData": true,
            "target": format!("{}/actors/sleep", places.origin()), "summary": "adverts", "endTime": "2026-12-01T00:00:00Z" });
        assert_eq!(world.act(kim, block.clone()).await, "done");
        let ban = world.is_banned(sleep, ann).await.unwrap();
        assert_eq!((&*ban.reason, ban.expires_at.is_some()), ("adverts", true));
        assert!(!world.post(post.id).await.is_present());
        assert_eq!(world.act(kim, undo(&block)).await, "done");
        assert!(world.is_banned(sleep, ann).await.is_none());
    }

    async fn a_ban_that_ends_with_the_century_does_not_end(node: Node) {
        let world = World::new(node);
        let group = world.node.community_elsewhere("night", "b.example").await;
        let (pia, sam) = (world.node.stranger("pia", "b.example").await, world.node.member("sam").await.actor());
        world.node.follow(sam, group.actor()).await;
        // As PieFed sends it out for good.
        let block = json!({ "type": "Block", "object": world.actor(sam).await.uri, "target": world.actor(group.actor()).await.uri,
            "endTime": "2100-01-01T00:00:00+00:00", "expires": "2100-01-01T00:00:00+00:00", "removeData": false, "summary": "adverts" });
        assert_eq!(world.announce(group.actor(), pia, block).await, "done");
        assert_eq!(world.is_banned(group, sam).await.unwrap().expires_at, None);
    }

    async fn nobody_else_does(node: Node) {
        let world = World::new(node);
        let [sleep, grief] = [world.node.community("sleep", Audience::Everyone).await, world.node.community("grief", Audience::Everyone).await];
        let (kim, mallory) = (world.node.stranger("kim", "b.example").await, world.node.stranger("mallory", "c.example").await);
        let ann = world.node.stranger("ann", "c.example").await;
        world.node.appoint(sleep, kim).await;
        world.node.appoint(grief, mallory).await;
        let group = world.node.community_elsewhere("group", "c.example").await;
        let post = world.post_in(sleep, ann, "https://c.example/posts/1").await;
        let origin = world.node.app.places().origin().to_owned();
        let block = json!({ "type": "Block", "object": world.actor(ann).await.uri, "target": format!("{origin}/actors/sleep") });
        let list = |community: &str, name: &str| format!("{origin}/actors/{community}/{name}");
        let add = |object: &str, target: String| json!({ "type": "Add", "object": object, "target": target });
        let delete = json!({ "type": "Delete", "object": post.uri, "summary": "mine to remove, on my host" });
        for what in [lock(&post), delete.clone(), block.clone(), add(&post.uri, list("sleep", "featured")),
            add("https://c.example/users/mallory", list("sleep", "moderators")),
            // The post lives on her host, and she moderates another community here.
            add(&post.uri, list("grief", "featured")),
        ] {
            let outcome = world.act(mallory, what.clone()).await;
            assert!(outcome.starts_with("refused"), "{what}: {outcome}");
            assert_ne!(world.act(group.actor(), what.clone()).await, "done", "{what}");
        }
        assert!(world.act(mallory, undo(&lock(&post))).await.starts_with("refused"));
        let mut stolen = world.own(mallory, undo(&lock(&post))).await;
        stolen["object"]["actor"] = json!(world.actor(kim).await.uri);
        assert!(world.send(mallory, stolen).await.starts_with("refused"), "not hers to undo");
        let site = json!({ "type": "Block", "object": world.actor(ann).await.uri, "target": format!("{origin}/") });
        assert_eq!(world.act(kim, site).await, "ignored: blocks of others are theirs");
        assert_eq!(world.act(kim, json!({ "type": "Block", "object": origin })).await, "ignored: blocks of others are theirs");
        let padded = add(&post.uri, format!("{}?x", list("sleep", "featured")));
        assert_eq!(world.act(kim, padded).await, "ignored: collections of others are not kept");
        let kept = world.post(post.id).await;
        assert!(kept.is_present() && kept.locked_at.is_none() && world.is_banned(sleep, ann).await.is_none());
        assert_eq!((world.stewards(sleep).await, world.stewards(grief).await), (vec![kim], vec![mallory]));
    }

    async fn a_community_elsewhere_announces_what_its_moderators_did(node: Node) {
        let world = World::new(node);
        let quiet = world.node.community_elsewhere("quiet", "b.example").await;
        let group = quiet.actor();
        let (kim, admin) = (world.node.stranger("kim", "c.example").await, world.node.stranger("admin", "b.example").await);
        let sam = world.node.member("sam").await.actor();
        world.node.follow(sam, group).await;
        world.node.appoint(quiet, kim).await;
        let theirs = world.post_in(quiet, kim, "https://c.example/posts/1").await;
        let ours = world.node.post_with(sam, "ours", |post| post.community = Some(quiet)).await;
        let home = "https://b.example/c/quiet";
        for by in [kim, admin, group] {
            for post in [&theirs, &ours] {
                assert_eq!(world.announce(group, by, lock(post)).await, "done");
                assert!(world.post(post.id).await.locked_at.is_some());
                assert_eq!(world.announce(group, by, undo(&lock(post))).await, "done");
            }
            let delete = json!({ "type": "Delete", "object": ours.uri, "summary": "an advert" });
            assert_eq!(world.announce(group, by, delete.clone()).await, "done");
            assert!(!world.post(ours.id).await.is_present());
            assert_eq!(world.announce(group, by, undo(&delete)).await, "done");
            let add = json!({ "type": "Add", "object": theirs.uri, "target": format!("{home}/featured") });
            assert_eq!(world.announce(group, by, add.clone()).await, "done");
            assert_eq!(pins::of_actor(&mut world.node.app.reader(), group).await.unwrap(), [theirs.id]);
            let remove = json!({ "type": "Remove", "object": theirs.uri, "target": add["target"] });
            assert_eq!(world.announce(group, by, remove).await, "done");
            let block = json!({ "type": "Block", "object": world.actor(sam).await.uri, "target": home, "summary": "rude" });
            assert_eq!(world.announce(group, by, block.clone()).await, "done");
            assert_eq!(world.is_banned(quiet, sam).await.unwrap().reason, "rude");
            assert_eq!(world.announce(group, by, undo(&block)).await, "done");
            world.node.follow(sam, group).await;
        }
        let add = json!({ "type": "Add", "object": world.actor(sam).await.uri, "target": format!("{home}/moderators") });
        world.node.clock.advance_secs(1);
        assert_eq!(world.announce(group, admin, add).await, "done");
        assert_eq!(world.stewards(quiet).await, [kim, sam]);
        assert_eq!(world.announce(group, sam, lock(&ours)).await, "ignored: our own, come back");
        assert!(world.post(ours.id).await.locked_at.is_none());
    }

    async fn a_community_elsewhere_cannot_speak_for_another_or_through_anybody(node: Node) {
        let world = World::new(node);
        let quiet = world.node.community_elsewhere("quiet", "b.example").await;
        let rival = world.node.community_elsewhere("rival", "d.example").await;
        let ours = world.node.community("sleep", Audience::Everyone).await;
        let sam = world.node.member("sam").await.actor();
        let (kim, mallory) = (world.node.stranger("kim", "c.example").await, world.node.stranger("mallory", "c.example").await);
        for group in [quiet, rival] {
            world.node.follow(sam, group.actor()).await;
        }
        world.node.appoint(quiet, kim).await;
        world.node.appoint(rival, mallory).await;
        let post = world.post_in(quiet, mallory, "https://c.example/posts/1").await;
        let here = world.node.post_with(sam, "here", |post| post.community = Some(ours)).await;
        let origin = world.node.app.places().origin().to_owned();
        let block = |target: &str| json!({ "type": "Block", "object": format!("{origin}/actors/sam"), "target": target });
        let add = |object: &str, target: &str| json!({ "type": "Add", "object": object, "target": target });
        let featured = "https://b.example/c/quiet/featured";
        let delete = json!({ "type": "Delete", "object": post.uri, "summary": "no" });
        for (group, by, what) in [
            // No moderator, though the post is hers and on her host.
            (quiet, mallory, lock(&post)),
            (quiet, mallory, undo(&lock(&post))),
            (quiet, mallory, block("https://b.example/c/quiet")),
            (quiet, mallory, add(&post.uri, featured)),
            // The right moderator, through another group; and that group about what is not its own.
            (rival, kim, lock(&post)),
            (rival, mallory, lock(&post)),
            (rival, rival.actor(), delete),
            (rival, mallory, add(&post.uri, featured)),
            (rival, mallory, add("https://c.example/users/mallory", "https://b.example/c/quiet/moderators")),
            (quiet, kim, add(&here.uri, featured)),
            (quiet, kim, lock(&here)),
            (quiet, kim, add(&here.uri, &format!("{origin}/actors/sleep/featured"))),
            (quiet, kim, add("https://c.example/users/kim", &format!("{origin}/actors/sleep/moderators"))),
        ] {
            let outcome = world.announce(group.actor(), by, what.clone()).await;
            assert!(outcome.starts_with("refused"), "{what}: {outcome}");
        }
        for target in ["https://b.example/c/quiet", "https://b.example/", &*format!("{origin}/actors/sleep")] {
            let outcome = world.announce(rival.actor(), mallory, block(target)).await;
            assert_eq!(outcome, "ignored: blocks of others are theirs");
        }
        // Not announced at all, the moderator's word alone is no news from a community elsewhere.
        assert!(world.act(kim, lock(&post)).await.starts_with("refused"));
        let (post, here) = (world.post(post.id).await, world.post(here.id).await);
        assert!(post.is_present() && post.locked_at.is_none() && here.locked_at.is_none());
        for community in [quiet, rival, ours] {
            assert!(world.is_banned(community, sam).await.is_none());
        }
        assert_eq!(world.stewards(ours).await, []);
    }
}
