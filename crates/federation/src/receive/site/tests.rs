//! Of whom a server may speak, and of whom not. Each forgery has a line here.

use crate::outgoing;
use crate::receive::moderation::tests::{World, undo};
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::CommunityId;
use alongside_domain::job::Job;
use alongside_domain::notification::NotificationKind;
use alongside_domain::place::{Place, boost_name};
use alongside_domain::post::{Post, Visibility};
use alongside_store::entries::Entry;
use alongside_store::notifications::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::{activities, entries, follows, hosts, measures};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use serde_json::{Value, json};

const SITE: &str = "https://b.example/";

/// A `Block` as Lemmy sends it.
fn block(whom: &Actor, target: &str) -> Value {
    json!({ "type": "Block", "object": whom.uri, "target": target, "removeData": true, "summary": "adverts",
        "endTime": "2026-12-01T00:00:00Z" })
}

/// Its end, with what was removed.
fn whole(mut undo: Value) -> Value {
    undo["restoreData"] = true.into();
    undo
}

/// A community on that server, one on another, and one here.
async fn communities(node: &Node) -> [CommunityId; 3] {
    [
        node.community_elsewhere("calm", "b.example").await,
        node.community_elsewhere("quiet", "c.example").await,
        node.community("sleep", Audience::Everyone).await,
    ]
}

async fn are_there(world: &World, posts: &[Post]) -> Vec<bool> {
    let mut there = Vec::new();
    for post in posts {
        there.push(world.post(post.id).await.is_present());
    }
    there
}

both_engines! {
    async fn a_server_sends_out_one_of_its_own_with_everything_and_lets_them_back(node: Node) {
        let world = World::new(node);
        let [calm, quiet, sleep] = communities(&world.node).await;
        let (admin, kim) = (world.node.stranger("admin", "b.example").await, world.node.stranger("kim", "b.example").await);
        let mut posts = Vec::new();
        for (number, community) in (1..).zip([calm, quiet, sleep]) {
            posts.push(world.post_in(community, kim, &format!("https://b.example/posts/{number}")).await);
        }
        posts.push(world.node.post_with(kim, "a letter", |post| {
            post.uri = "https://b.example/posts/4".to_owned();
            post.visibility = Visibility::Direct;
            post.local = false;
        }).await);
        let earlier = world.post_in(calm, kim, "https://b.example/posts/5").await;
        let mut tx = world.node.store().begin().await.unwrap();
        measures::set_removed(&mut tx, earlier.id, Some(world.node.app.now())).await.unwrap();
        tx.commit().await.unwrap();
        world.node.clock.advance_secs(1);

        let block = block(&world.actor(kim).await, SITE);
        assert_eq!(world.act(admin, undo(&block)).await, "ignored: it was so before");
        assert_eq!(world.act(admin, block.clone()).await, "done");
        assert_eq!(are_there(&world, &posts).await, [false, false, false, true], "letters are for whoever got them");
        let ban = world.is_banned(calm, kim).await.unwrap();
        assert_eq!((&*ban.reason, ban.expires_at.is_some()), ("adverts", true));
        assert!(world.is_banned(quiet, kim).await.is_none() && world.is_banned(sleep, kim).await.is_none());
        world.node.clock.advance_secs(1);
        assert_eq!(world.act(admin, block.clone()).await, "ignored: it was so before");
        let late = world.post_in(calm, kim, "https://b.example/posts/6").await;
        assert_eq!(world.act(admin, block.clone()).await, "done", "what came later goes too");

        assert_eq!(world.act(admin, undo(&block)).await, "done");
        assert!(world.is_banned(calm, kim).await.is_none());
        assert_eq!(are_there(&world, &posts).await, [false, false, false, true], "nothing was said of the posts");
        assert_eq!(world.act(admin, whole(undo(&block))).await, "done");
        assert_eq!(are_there(&world, &posts).await, [true; 4]);
        assert_eq!(are_there(&world, &[late, earlier]).await, [true, false], "the moderators' removal stands");
        assert_eq!(world.act(admin, whole(undo(&block))).await, "ignored: it was so before");
    }

    async fn what_went_from_a_community_of_ours_is_boosted_no_more_until_it_is_back(node: Node) {
        let world = World::new(node);
        let [_, _, sleep] = communities(&world.node).await;
        let (admin, kim) = (world.node.stranger("admin", "b.example").await, world.node.stranger("kim", "b.example").await);
        world.node.follow(world.node.stranger("ann", "c.example").await, sleep.actor()).await;
        let post = world.post_in(sleep, kim, "https://b.example/posts/1").await;
        let line = Entry {
            id: world.node.app.next_id(),
            actor_id: sleep.actor(),
            post_id: post.id,
            boost: true,
            by_community: true,
            community_reply: false,
            reply_to_author_id: None,
            visibility: Visibility::Public,
            uri: "https://a.example/boosts/1".to_owned(),
            at: world.node.app.now(),
        };
        let mut tx = world.node.store().begin().await.unwrap();
        assert!(entries::insert(&mut tx, &line).await.unwrap());
        tx.commit().await.unwrap();
        let block = block(&world.actor(kim).await, SITE);
        let boost = world.node.app.places().of(Place::Activity(&boost_name(line.id)));
        for (what, is_back) in [(block.clone(), false), (whole(undo(&block)), true)] {
            assert_eq!(world.act(admin, what.clone()).await, "done");
            let jobs = world.node.take_queued().await;
            assert_eq!(jobs, [Job::Boost { entry: line.id }], "{what}");
            outgoing::send(&world.federation, &jobs[0]).await.unwrap();
            assert!(world.node.holds("\"type\":\"Undo\"").await, "{what}");
            let told = activities::find_by_uri(&mut world.node.app.reader(), &boost).await.unwrap();
            assert_eq!(told.is_some(), is_back, "{what}");
        }
    }

    async fn a_server_sends_somebody_else_out_of_its_own_communities_alone(node: Node) {
        let world = World::new(node);
        let [calm, quiet, sleep] = communities(&world.node).await;
        let (admin, sam) = (world.node.stranger("admin", "b.example").await, world.node.member("sam").await);
        let mut posts = Vec::new();
        for community in [calm, quiet, sleep] {
            world.node.follow(sam.actor(), community.actor()).await;
            posts.push(world.node.post_with(sam.actor(), "hello", |post| post.community = Some(community)).await);
        }
        posts.push(world.node.post(sam.actor(), "in no community").await);
        let block = block(&world.actor(sam.actor()).await, SITE);
        assert_eq!(world.act(admin, block.clone()).await, "done");
        assert_eq!(are_there(&world, &posts).await, [false, true, true, true]);
        let mut reader = world.node.app.reader();
        for (community, is_out) in [(calm, true), (quiet, false), (sleep, false)] {
            let follow = follows::between(&mut reader, sam.actor(), community.actor()).await.unwrap();
            assert_eq!(world.is_banned(community, sam.actor()).await.is_some(), is_out);
            assert_eq!(follow.is_none(), is_out);
        }
        let now = world.node.app.now();
        let wanted = Wanted::of(&[NotificationKind::Measure]);
        let told = notifications::page(&mut reader, sam, &wanted, &Page::newest(9), now).await.unwrap();
        assert_eq!(told.len(), 1, "they are told once, by the community they wrote in");
        assert_eq!(world.act(admin, whole(undo(&block))).await, "done");
        assert_eq!(are_there(&world, &posts).await, [true; 4]);
        assert!(world.is_banned(calm, sam.actor()).await.is_none());
    }

    async fn a_server_speaks_for_no_other_and_nobody_else_for_it(node: Node) {
        let world = World::new(node);
        let [calm, quiet, sleep] = communities(&world.node).await;
        let (admin, kim) = (world.node.stranger("admin", "b.example").await, world.node.stranger("kim", "b.example").await);
        let (mallory, ann) = (world.node.stranger("mallory", "c.example").await, world.node.stranger("ann", "c.example").await);
        let sam = world.node.member("sam").await.actor();
        world.node.follow(sam, calm.actor()).await;
        let origin = world.node.app.places().origin().to_owned();
        let posts = [
            world.post_in(calm, kim, "https://b.example/posts/1").await,
            world.post_in(sleep, kim, "https://b.example/posts/2").await,
            world.post_in(quiet, ann, "https://c.example/posts/1").await,
            world.post_in(sleep, ann, "https://c.example/posts/2").await,
        ];
        let (on_kim, on_ann) = (world.actor(kim).await, world.actor(ann).await);
        for (by, what) in [
            (mallory, block(&on_kim, SITE)),
            (mallory, undo(&block(&on_kim, SITE))),
            (admin, block(&on_ann, "https://c.example/")),
            (admin, block(&on_kim, &format!("{origin}/"))),
            (admin, block(&on_kim, "https://b.example/c/calm")),
            (admin, block(&on_kim, "https://b.example/?x")),
            (admin, block(&on_kim, "https://b.example/#x")),
            (admin, block(&on_kim, "http://b.example/")),
            (admin, block(&on_kim, "https://b.example:8443/")),
            (admin, block(&on_kim, "https://b.example.evil.example/")),
            (calm.actor(), block(&on_kim, SITE)),
        ] {
            let outcome = world.act(by, what.clone()).await;
            assert_eq!(outcome, "ignored: blocks of others are theirs", "{what}");
        }
        assert_eq!(world.announce(calm.actor(), admin, block(&on_kim, SITE)).await, "ignored: blocks of others are theirs");
        let mut stolen = world.own(mallory, undo(&block(&on_kim, SITE))).await;
        stolen["object"]["actor"] = json!(world.actor(admin).await.uri);
        assert!(world.send(mallory, stolen).await.starts_with("refused"), "not hers to undo");
        assert!(world.act(admin, block(&world.actor(calm.actor()).await, SITE)).await.starts_with("refused"), "no person");
        let past = json!({ "type": "Block", "object": on_kim.uri, "target": SITE, "endTime": "2020-01-01T00:00:00Z", "removeData": true });
        assert!(world.act(admin, past).await.starts_with("refused"), "it is over");
        let nobody = json!({ "type": "Block", "object": "https://b.example/users/nobody", "target": SITE });
        assert_eq!(world.act(admin, nobody).await, "ignored: nobody known here");
        let (rogue, victim) = (world.node.stranger("rogue", "m.example").await, world.node.stranger("victim", "m.example").await);
        let mut tx = world.node.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, "m.example", Some("mitra"), None, world.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let theirs = world.post_in(sleep, victim, "https://m.example/posts/1").await;
        let forged = block(&world.actor(victim).await, "https://m.example/");
        assert!(world.act(rogue, forged).await.starts_with("refused"), "its software sends none");
        assert!(world.post(theirs.id).await.is_present());
        // Of somebody who lives elsewhere and never wrote there, it may say what it likes.
        assert_eq!(world.act(admin, block(&on_ann, SITE)).await, "ignored: it was so before");
        assert_eq!(are_there(&world, &posts).await, [true; 4]);
        for (community, whom) in [(calm, kim), (sleep, kim), (quiet, ann), (sleep, ann)] {
            assert!(world.is_banned(community, whom).await.is_none());
        }
    }
}
