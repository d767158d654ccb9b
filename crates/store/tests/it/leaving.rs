//! What goes when somebody goes: their words wherever they are on their way, the keys that say so last, and what nobody
//! needs any more.

use alongside_domain::clock::{Clock as _, Timestamp};
use alongside_domain::community::Audience;
use alongside_domain::id::{ActivityId, ActorId, MeasureId, MemberId, PostId};
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::post::Post;
use alongside_store::activities::{self, Activity};
use alongside_store::deliveries::{self, New};
use alongside_store::engine::Tx;
use alongside_store::erasures::{self, Erasure};
use alongside_store::keys::{self, Key};
use alongside_store::session::Session as _;
use alongside_store::{actors, contexts, departures, gone, holding, hosts, measures, posts, sent};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::time::Duration;

const SQLITE: &str = include_str!("../../../../migrations/sqlite/0008_heard.sql");
const POSTGRES: &str = include_str!("../../../../migrations/postgres/0008_heard.sql");

fn activity(node: &Node, by: ActorId, post: Option<PostId>, body: &str) -> Activity {
    let id: ActivityId = node.app.next_id();
    Activity {
        id,
        uri: format!("https://a.example/{id}"),
        actor_id: by,
        post_id: post,
        about_id: post,
        body: body.to_owned(),
        open: true,
        to_followers: false,
        members_of: None,
        at: node.clock.now(),
    }
}

async fn keys_of(tx: &mut Tx, actor: ActorId) -> usize {
    keys::own(tx, actor).await.unwrap().len()
}

async fn taken(
    tx: &mut Tx,
    node: &Node,
    by: ActorId,
    community: alongside_domain::id::CommunityId,
    measure: Measure,
) -> MeasureId {
    let taken =
        Taken { id: node.app.next_id(), community, by, measure, reason: String::new(), at: node.clock.now() };
    measures::insert(tx, &taken).await.unwrap();
    taken.id
}

async fn heard(tx: &mut Tx, actor: ActorId) -> Vec<String> {
    let inboxes = sent::of_actor(tx, actor).await.unwrap();
    inboxes.into_iter().map(|inbox| inbox.inbox).collect()
}

both_engines! {
    async fn whoever_leaves_waits_for_those_who_tell_of_their_words(node: Node) {
        let ada = node.member("ada").await.actor();
        let post = node.post(ada, "a regret").await;
        let mut telling = node.store().begin().await.unwrap();
        assert!(holding::post(&mut telling, post.id).await.unwrap().is_some_and(|post| post.is_present()));
        activities::put(&mut telling, &activity(&node, ada, Some(post.id), "a regret")).await.unwrap();
        let leaving = async {
            let mut tx = node.store().begin().await.unwrap();
            departures::forget(&mut tx, ada, node.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let mut leaving = std::pin::pin!(leaving);
        let early = tokio::time::timeout(Duration::from_millis(200), &mut leaving).await;
        assert!(early.is_err(), "what is being written is waited for");
        telling.commit().await.unwrap();
        leaving.await;
        assert!(!node.holds("a regret").await);
    }

    async fn what_tells_of_somebody_goes_with_them(node: Node) {
        let (ada, sam) = (node.member("ada").await.actor(), node.member("sam").await.actor());
        let (own, other) = (node.post(ada, "mine").await.id, node.post(sam, "yours").await.id);
        let about = |post: PostId, body: &str| Activity { about_id: Some(post), ..activity(&node, ada, None, body) };
        let told = [
            (activity(&node, ada, None, "my life"), "", false),
            (about(other, "a reaction"), "a reaction", false),
            (about(own, "it is gone"), "it is gone", true),
            (activity(&node, sam, None, "another life"), "another life", true),
        ];
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        hosts::wake(&mut tx, &["b.example".to_owned()], now).await.unwrap();
        let mut on_their_way = Vec::new();
        for (activity, _, _) in &told {
            let (id, inbox) = (node.app.next_id(), "https://b.example/inbox");
            let activity = activities::put(&mut tx, activity).await.unwrap();
            let new = New { id, activity, host: "b.example", inbox, thread: "t", erasure: None };
            deliveries::push(&mut tx, new, now).await.unwrap();
            on_their_way.push(id);
        }
        departures::forget_member(&mut tx, MemberId::of(ada), now).await.unwrap();
        for (activity, body, open) in &told {
            let left = activities::find_by_uri(&mut tx, &activity.uri).await.unwrap().unwrap();
            assert_eq!((&*left.body, left.open), (*body, *open), "{}", activity.body);
        }
        let gone = deliveries::finish(&mut tx, &on_their_way[..1]).await.unwrap();
        assert!(gone.is_empty(), "nobody is told any more");
        assert_eq!(deliveries::finish(&mut tx, &on_their_way[2..3]).await.unwrap().len(), 1);
    }

    async fn keys_stay_until_the_last_delivery_is_signed(node: Node) {
        let ada = node.member("ada").await.actor();
        let mut tx = node.store().begin().await.unwrap();
        for algorithm in ["rsa", "ed25519"] {
            let key = Key {
                uri: format!("https://a.example/ada#{algorithm}"),
                actor_id: ada,
                algorithm: algorithm.to_owned(),
                public_key: "public".to_owned(),
                private_key: Some("private".to_owned()),
                fetched_at: node.clock.now(),
                renewed: false,
            };
            keys::insert(&mut tx, &key).await.unwrap();
        }
        let now = node.clock.now();
        let erasure = Erasure {
            id: node.app.next_id(),
            actor_id: ada,
            post_id: None,
            uri: "https://a.example/ada".to_owned(),
            at: now,
            told_at: None,
        };
        actors::delete(&mut tx, ada, now).await.unwrap();
        erasures::insert(&mut tx, &erasure).await.unwrap();
        assert_eq!(departures::forget_keys(&mut tx).await.unwrap(), 0, "nobody was told yet");
        hosts::wake(&mut tx, &["b.example".to_owned()], now).await.unwrap();
        let gone = activities::put(&mut tx, &activity(&node, ada, None, "gone")).await.unwrap();
        let mut on_their_way = Vec::new();
        for inbox in ["https://b.example/one", "https://b.example/two"] {
            let id = node.app.next_id();
            let new = New { id, activity: gone, host: "b.example", inbox, thread: "t", erasure: Some(erasure.id) };
            deliveries::push(&mut tx, new, now).await.unwrap();
            erasures::expect(&mut tx, erasure.id, "b.example", now).await.unwrap();
            on_their_way.push(id);
        }
        erasures::told(&mut tx, erasure.id, now).await.unwrap();
        let answered = deliveries::finish(&mut tx, &on_their_way[..1]).await.unwrap();
        assert_eq!(answered.len(), 1);
        assert!(deliveries::finish(&mut tx, &on_their_way[..1]).await.unwrap().is_empty(), "each ends once");
        erasures::answered(&mut tx, erasure.id, "b.example", alongside_domain::erasure::ReceiptState::Arrived, "status 202", now)
            .await
            .unwrap();
        assert_eq!(departures::forget_keys(&mut tx).await.unwrap(), 0, "one inbox there is still to be told");
        assert_eq!(keys_of(&mut tx, ada).await, 2);
        deliveries::finish(&mut tx, &on_their_way).await.unwrap();
        assert_eq!(departures::forget_keys(&mut tx).await.unwrap(), 2);
        assert_eq!(keys_of(&mut tx, ada).await, 0);
    }

    async fn whoever_was_heard_of_before_that_was_remembered_is_known_to_have_been(node: Node) {
        let (ada, ben) = (node.member("ada").await.actor(), node.member("ben").await.actor());
        let follower = node.stranger("kim", "b.example").await;
        let named = node.stranger("lou", "c.example").await;
        let followed = node.stranger("max", "d.example").await;
        let neighbour = node.stranger("nan", "b.example").await;
        let unknown = node.stranger("pat", "e.example").await;
        let sleep = node.community("sleep", Audience::Everyone).await;
        node.follow(follower, ada).await;
        node.follow(neighbour, ada).await;
        node.follow(ada, followed).await;
        node.follow(named, sleep.actor()).await;
        node.post_naming(ben, "hello", &[named], |_| {}).await;
        node.post_with(ada, "in the community", |post: &mut Post| post.community = Some(sleep)).await;
        node.post(unknown, "of their own").await;
        let mut tx = node.store().begin().await.unwrap();
        assert!(heard(&mut tx, ada).await.is_empty());
        let script = if node.store().engine_name() == "sqlite" { SQLITE } else { POSTGRES };
        let told = script.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
        // The statements that bring rows over, a second time.
        for statement in told.split(';').map(str::trim).filter(|statement| {
            !statement.is_empty() && !statement.starts_with("alter") && !statement.starts_with("create index")
        }) {
            let statement: &'static str = Box::leak(statement.to_owned().into_boxed_str());
            tx.query(statement).execute().await.unwrap();
        }
        let inboxes = ["b.example", "c.example", "d.example"].map(|host| format!("https://{host}/inbox"));
        assert_eq!(heard(&mut tx, ada).await, inboxes, "once each");
        assert_eq!(heard(&mut tx, ben).await, inboxes[1..2]);
        assert!(heard(&mut tx, unknown).await.is_empty(), "they live elsewhere");
    }

    async fn who_was_named_is_forgotten_when_all_know_that_it_is_gone(node: Node) {
        let (sam, kim) = (node.member("sam").await.actor(), node.stranger("kim", "b.example").await);
        let named = async |text: &str| node.post_naming(sam, text, &[kim], |_| ()).await;
        let (kept, gone, told) = (named("kept").await, named("gone").await, named("told").await);
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        for post in [&gone, &told] {
            let id = node.app.next_id();
            let uri = post.uri.clone();
            erasures::insert(&mut tx, &Erasure { id, actor_id: sam, post_id: Some(post.id), uri, at: now, told_at: None })
                .await
                .unwrap();
            posts::erase(&mut tx, post, now).await.unwrap();
            if post.id == told.id {
                erasures::told(&mut tx, id, now).await.unwrap();
            }
        }
        let those = [kept.id, gone.id, told.id];
        let names = async |tx: &mut Tx| {
            let mut of: Vec<PostId> = posts::mentions(tx, &those).await.unwrap().iter().map(|named| named.post_id).collect();
            of.sort_unstable();
            of
        };
        let (before, after) = (now.plus_secs(-1), now.plus_secs(1));
        assert_eq!(gone::forget_names(&mut tx, before, now, 9).await.unwrap(), 0, "not yet");
        assert_eq!(gone::forget_names(&mut tx, now, after, 9).await.unwrap(), 0, "long ago");
        assert_eq!(names(&mut tx).await, those);
        assert_eq!(gone::forget_names(&mut tx, before, after, 9).await.unwrap(), 1);
        assert_eq!(names(&mut tx).await, [kept.id, gone.id], "others have still to be told");
    }

    async fn inboxes_that_nothing_is_remembered_of_go(node: Node) {
        let ada = node.member("ada").await.actor();
        let post = node.post(ada, "words").await;
        let inboxes = ["https://b.example/inbox".to_owned(), "https://c.example/inbox".to_owned()];
        let mut tx = node.store().begin().await.unwrap();
        sent::learn(&mut tx, 1, "b.example", &inboxes[0]).await.unwrap();
        sent::learn(&mut tx, 2, "c.example", &inboxes[1]).await.unwrap();
        sent::note_actor(&mut tx, ada, &inboxes[..1]).await.unwrap();
        sent::note_words(&mut tx, post.id, &inboxes[1..]).await.unwrap();
        assert_eq!(sent::sweep(&mut tx, 10).await.unwrap(), 0);
        sent::forget_post(&mut tx, post.id).await.unwrap();
        assert_eq!(sent::sweep(&mut tx, 10).await.unwrap(), 1);
        sent::forget_actor(&mut tx, ada).await.unwrap();
        assert_eq!(sent::sweep(&mut tx, 10).await.unwrap(), 1);
        assert!(sent::known(&mut tx, &inboxes).await.unwrap().is_empty());
    }

    async fn where_a_thread_is_kept_is_forgotten_with_its_post(node: Node) {
        let kim = node.stranger("kim", "b.example").await;
        let (one, two) = (node.post(kim, "one").await, node.post(kim, "two").await);
        let mut tx = node.store().begin().await.unwrap();
        for post in [&one, &two] {
            contexts::put(&mut tx, post.id, "https://b.example/contexts/1").await.unwrap();
        }
        posts::mark_deleted(&mut tx, one.id, node.clock.now()).await.unwrap();
        posts::erase(&mut tx, &one, node.clock.now()).await.unwrap();
        let left = contexts::of(&mut tx, &[one.id, two.id]).await.unwrap();
        assert_eq!(left.iter().map(|context| context.post_id).collect::<Vec<_>>(), [two.id]);
        departures::forget(&mut tx, kim, node.clock.now()).await.unwrap();
        assert!(contexts::of(&mut tx, &[two.id]).await.unwrap().is_empty());
    }

    async fn measures_that_hold_no_more_are_forgotten_after_a_while(node: Node) {
        let (ada, sam) = (node.member("ada").await.actor(), node.member("sam").await.actor());
        let sleep = node.community("sleep", Audience::Everyone).await;
        let (one, two, gone) = (node.post(sam, "one").await, node.post(sam, "two").await, node.post(sam, "gone").await);
        let until = Some(node.clock.now().plus_secs(60));
        let mut tx = node.store().begin().await.unwrap();
        let mut ids = Vec::new();
        for measure in [
            Measure::Lock(one.id),
            Measure::Unlock(one.id),
            Measure::Feature(one.id),
            Measure::Remove(two.id),
            Measure::Lock(gone.id),
            Measure::Ban { member: sam, until, removes_posts: false },
            Measure::Appoint(sam),
        ] {
            ids.push(taken(&mut tx, &node, ada, sleep, measure).await);
        }
        posts::mark_deleted(&mut tx, gone.id, node.clock.now()).await.unwrap();
        let now: Timestamp = node.clock.now().plus_secs(61);
        assert_eq!(measures::forget(&mut tx, ids[0], now, 99).await.unwrap(), 0, "they are too young");
        let later: MeasureId = node.app.ids().at(now);
        assert_eq!(measures::forget(&mut tx, later, now, 2).await.unwrap(), 2, "some at a time");
        while measures::forget(&mut tx, later, now, 99).await.unwrap() > 0 {}
        let mut left: Vec<MeasureId> = measures::find_all(&mut tx, &ids).await.unwrap().iter().map(|taken| taken.id).collect();
        left.sort();
        assert_eq!(left, [ids[2], ids[3], ids[6]], "featured, removed and appointed still");
    }
}
