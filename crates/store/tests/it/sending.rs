//! Deliveries: hosts in hand, what is due in which order, and what is remembered of where words went.

use alongside_domain::clock::Clock as _;
use alongside_domain::erasure::ReceiptState::{self, Arrived, GaveUp, Waiting};
use alongside_domain::id::{ActivityId, ActorId, DeliveryId, ErasureId};
use alongside_store::activities::{self, Activity};
use alongside_store::deliveries::{self, Due, New};
use alongside_store::engine::Tx;
use alongside_store::erasures::{self, Erasure};
use alongside_store::held_hosts::{self, Held, Wanted};
use alongside_store::{hosts, sent};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::time::Duration;

const HOST: &str = "b.example";

/// Deliveries to a host, one for each thread named, in order.
async fn queue(
    tx: &mut Tx,
    node: &Node,
    by: ActorId,
    host: &str,
    threads: &[&str],
    erasure: Option<ErasureId>,
) -> Vec<DeliveryId> {
    let now = node.clock.now();
    hosts::wake(tx, &[host.to_owned()], now).await.unwrap();
    let mut ids = Vec::new();
    for thread in threads {
        let id: ActivityId = node.app.next_id();
        let activity = Activity {
            id,
            uri: format!("https://a.example/{id}"),
            actor_id: by,
            post_id: None,
            about_id: None,
            body: "{}".to_owned(),
            open: true,
            to_followers: false,
            members_of: None,
            at: now,
        };
        let activity = activities::put(tx, &activity).await.unwrap();
        let inbox = format!("https://{host}/inbox");
        let new = New { id: node.app.next_id(), activity, host, inbox: &inbox, thread, erasure };
        assert!(deliveries::push(tx, new, now).await.unwrap());
        assert!(
            !deliveries::push(tx, New { id: node.app.next_id(), ..new }, now).await.unwrap(),
            "once each"
        );
        ids.push(new.id);
    }
    ids
}

async fn claim(tx: &mut Tx, node: &Node, number: i64, healthy: bool) -> Vec<Held> {
    let now = node.clock.now();
    held_hosts::claim(tx, number, Wanted { healthy, limit: 100 }, now, now.plus_secs(60)).await.unwrap()
}

async fn due(tx: &mut Tx, node: &Node, each: i64) -> Vec<DeliveryId> {
    let due: Vec<Due> = deliveries::due(tx, &[HOST.to_owned()], node.clock.now(), each).await.unwrap();
    due.iter().map(|due| due.id).collect()
}

both_engines! {
    async fn a_host_is_in_one_process_s_hands_and_comes_free_again(node: Node) {
        let mut tx = node.store().begin().await.unwrap();
        assert!(claim(&mut tx, &node, 0, true).await.is_empty(), "there is nothing to do");
        tx.commit().await.unwrap();
        let mut tx = node.store().begin().await.unwrap();
        hosts::wake(&mut tx, &[HOST.to_owned(), "c.example".to_owned()], node.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(held_hosts::is_any_due(&mut node.store().reader(), node.clock.now()).await.unwrap());

        let mut tx = node.store().begin().await.unwrap();
        let mut mine: Vec<String> = claim(&mut tx, &node, 0, true).await.into_iter().map(|host| host.name).collect();
        mine.sort();
        assert_eq!(mine, [HOST, "c.example"]);
        assert!(claim(&mut tx, &node, 1, true).await.is_empty(), "they are in other hands");
        held_hosts::release(&mut tx, &["c.example".to_owned()], node.clock.now()).await.unwrap();
        assert!(claim(&mut tx, &node, 1, true).await.is_empty(), "nothing waits for one, the other is held");
        tx.commit().await.unwrap();
        node.clock.advance_secs(61);
        let mut tx = node.store().begin().await.unwrap();
        assert_eq!(claim(&mut tx, &node, 1, true).await.len(), 1, "the process that held it has died");
        let held = held_hosts::hold(&mut tx, &[HOST.to_owned(), "c.example".to_owned()]).await.unwrap();
        let held: Vec<(&str, i64)> = held.iter().map(|host| (&*host.name, host.leased_by)).collect();
        assert_eq!(held, [(HOST, 1), ("c.example", 0)], "or was asleep, and finds it in other hands");
        let later = node.clock.now().plus_secs(30);
        hosts::failed(&mut tx, HOST, node.clock.now(), later, "no answer").await.unwrap();
        hosts::wake(&mut tx, &[HOST.to_owned()], node.clock.now()).await.unwrap();
        assert!(claim(&mut tx, &node, 1, false).await.is_empty(), "it is left alone, whatever is added");
        tx.commit().await.unwrap();
        node.clock.advance_secs(31);
        let mut tx = node.store().begin().await.unwrap();
        assert!(claim(&mut tx, &node, 1, true).await.is_empty(), "it is not in good standing");
        assert_eq!(claim(&mut tx, &node, 1, false).await[0].failures, 1);
    }

    async fn of_one_thread_nothing_overtakes_what_was_put_off(node: Node) {
        let sam = node.stranger("sam", "a.example").await;
        let mut tx = node.store().begin().await.unwrap();
        let ids = queue(&mut tx, &node, sam, HOST, &["one", "two", "one", "one"], None).await;
        assert_eq!(due(&mut tx, &node, 10).await, ids);
        assert_eq!(due(&mut tx, &node, 3).await, ids[..3], "so many for each host");
        deliveries::retry(&mut tx, ids[0], node.clock.now().plus_secs(30), "status 500").await.unwrap();
        assert_eq!(due(&mut tx, &node, 10).await, [ids[1]], "the rest of the thread waits behind it");
        deliveries::finish(&mut tx, &[ids[1]]).await.unwrap();
        assert!(due(&mut tx, &node, 10).await.is_empty());
        held_hosts::release(&mut tx, &[HOST.to_owned()], node.clock.now()).await.unwrap();
        let host = hosts::find(&mut tx, HOST).await.unwrap().unwrap();
        assert_eq!(host.next_at, Some(node.clock.now().plus_secs(30)), "its turn comes with what was put off");
        tx.commit().await.unwrap();
        node.clock.advance_secs(30);
        let mut tx = node.store().begin().await.unwrap();
        assert_eq!(due(&mut tx, &node, 10).await, [ids[0], ids[2], ids[3]]);
        let waiting = deliveries::waiting(&mut tx, &[HOST.to_owned(), "other.example".to_owned()]).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].count, waiting[0].oldest_id), (1, 3, ids[0]));
        assert_eq!(deliveries::longest(&mut tx, 5).await.unwrap()[0].host, HOST);
        assert!(deliveries::text(&mut tx, ids[0]).await.unwrap().is_some_and(|text| text.attempts == 1));
        assert_eq!(deliveries::drop_all(&mut tx, HOST, Some(ids[2])).await.unwrap(), 1);
        assert_eq!(deliveries::drop_all(&mut tx, HOST, None).await.unwrap(), 2);
        assert!(deliveries::text(&mut tx, ids[2]).await.unwrap().is_none());
    }

    async fn nothing_added_while_a_host_is_given_back_is_overlooked(node: Node) {
        let sam = node.stranger("sam", "a.example").await;
        let mut adding = node.store().begin().await.unwrap();
        queue(&mut adding, &node, sam, HOST, &["one"], None).await;
        let giving_back = async {
            let mut tx = node.store().begin().await.unwrap();
            held_hosts::hold(&mut tx, &[HOST.to_owned()]).await.unwrap();
            let seen = due(&mut tx, &node, 10).await;
            tx.commit().await.unwrap();
            seen
        };
        let mut giving_back = std::pin::pin!(giving_back);
        // A host without a row yet cannot be held on PostgreSQL, and nobody has it in hand either.
        if node.store().engine_name() == "sqlite" {
            let early = tokio::time::timeout(Duration::from_millis(100), &mut giving_back).await;
            assert!(early.is_err(), "it waits for the one who adds");
            adding.commit().await.unwrap();
            assert_eq!(giving_back.await.len(), 1);
            return;
        }
        adding.commit().await.unwrap();
        let mut adding = node.store().begin().await.unwrap();
        queue(&mut adding, &node, sam, HOST, &["two"], None).await;
        let early = tokio::time::timeout(Duration::from_millis(200), &mut giving_back).await;
        assert!(early.is_err(), "it waits for the one who adds");
        adding.commit().await.unwrap();
        assert_eq!(giving_back.await.len(), 2);
    }

    async fn what_each_host_answered_to_an_erasure_is_kept_for_a_while(node: Node) {
        let author = node.member("ada").await.actor();
        let post = node.post(author, "words").await;
        let now = node.clock.now();
        let erasure = Erasure {
            id: node.app.next_id(),
            actor_id: author,
            post_id: Some(post.id),
            uri: post.uri.clone(),
            at: now,
            told_at: None,
        };
        let mut tx = node.store().begin().await.unwrap();
        erasures::insert(&mut tx, &erasure).await.unwrap();
        erasures::insert(&mut tx, &Erasure { id: node.app.next_id(), ..erasure.clone() }).await.unwrap();
        assert_eq!(erasures::of_post(&mut tx, post.id).await.unwrap().unwrap().id, erasure.id, "once");
        for host in ["a.example", "b.example", "b.example", "c.example", "d.example"] {
            erasures::expect(&mut tx, erasure.id, host, now).await.unwrap();
        }
        erasures::answered(&mut tx, erasure.id, "a.example", ReceiptState::Arrived, "status 202", now).await.unwrap();
        erasures::answered(&mut tx, erasure.id, "b.example", ReceiptState::Refused, "status 400", now).await.unwrap();
        let states = async |tx: &mut Tx| {
            let receipts = erasures::receipts(tx, erasure.id, "", 9).await.unwrap();
            receipts.iter().map(|receipt| receipt.state).collect::<Vec<_>>()
        };
        assert_eq!(states(&mut tx).await, [Arrived, Waiting, Waiting, Waiting], "the other way is not tried yet");
        erasures::answered(&mut tx, erasure.id, "b.example", Arrived, "status 202", now).await.unwrap();
        queue(&mut tx, &node, author, "c.example", &["gone"], Some(erasure.id)).await;
        erasures::close_host(&mut tx, "c.example", None, GaveUp, now).await.unwrap();
        erasures::close_host(&mut tx, "d.example", None, GaveUp, now).await.unwrap();
        assert_eq!(states(&mut tx).await, [Arrived, Arrived, GaveUp, Waiting], "nothing of it waited for the last");
        let counts = erasures::counts(&mut tx, erasure.id).await.unwrap();
        assert_eq!(counts.iter().map(|count| (count.state, count.count)).collect::<Vec<_>>(), [(Arrived, 2), (GaveUp, 1), (Waiting, 1)]);
        erasures::cancelled(&mut tx, erasure.id, "a.example", now).await.unwrap();
        assert_eq!(states(&mut tx).await[0], Arrived, "it was told after all");
        erasures::told(&mut tx, erasure.id, now).await.unwrap();
        deliveries::drop_all(&mut tx, "c.example", None).await.unwrap();
        let later = now.plus_secs(1);
        assert_eq!(erasures::forget(&mut tx, later, 10).await.unwrap(), 0, "one is still told");
        erasures::answered(&mut tx, erasure.id, "d.example", GaveUp, "", now).await.unwrap();
        assert_eq!(erasures::forget(&mut tx, now, 10).await.unwrap(), 0, "it is too young");
        assert_eq!(erasures::forget(&mut tx, later, 10).await.unwrap(), 1);
        assert!(erasures::of_post(&mut tx, post.id).await.unwrap().is_none());
    }

    async fn it_is_remembered_where_words_went_until_they_are_gone(node: Node) {
        let author = node.member("ada").await.actor();
        let post = node.post(author, "words").await;
        let inboxes = ["https://b.example/inbox".to_owned(), "https://c.example/inbox".to_owned()];
        let mut tx = node.store().begin().await.unwrap();
        for (number, inbox) in (1_i64..).zip(&inboxes) {
            let host = if number == 1 { "b.example" } else { "c.example" };
            sent::learn(&mut tx, number, host, inbox).await.unwrap();
            sent::learn(&mut tx, number + 10, host, inbox).await.unwrap();
        }
        assert_eq!(sent::known(&mut tx, &inboxes).await.unwrap().len(), 2);
        sent::note_words(&mut tx, post.id, &inboxes).await.unwrap();
        sent::note_words(&mut tx, post.id, &inboxes[..1]).await.unwrap();
        sent::note_actor(&mut tx, author, &inboxes[..1]).await.unwrap();
        let went = sent::of_post(&mut tx, post.id).await.unwrap();
        assert_eq!(went.iter().map(|inbox| inbox.host.as_str()).collect::<Vec<_>>(), ["b.example", "c.example"]);
        assert_eq!(sent::of_actor(&mut tx, author).await.unwrap().len(), 1);
        sent::forget_post(&mut tx, post.id).await.unwrap();
        assert!(sent::of_post(&mut tx, post.id).await.unwrap().is_empty());
        sent::forget_actor(&mut tx, author).await.unwrap();
        assert!(sent::of_actor(&mut tx, author).await.unwrap().is_empty());
    }
}
