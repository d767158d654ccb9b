//! What is kept of threads that live elsewhere.

use alongside_domain::clock::Clock as _;
use alongside_store::{catch_ups, contexts, threads};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn a_catch_up_counts_until_it_ends_and_begins_anew(node: Node) {
        let post = node.post(node.member("sam").await.actor(), "one").await.id;
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        assert!(catch_ups::find(&mut tx, post).await.unwrap().is_none());
        catch_ups::begin(&mut tx, post, now).await.unwrap();
        catch_ups::count(&mut tx, post).await.unwrap();
        catch_ups::count(&mut tx, post).await.unwrap();
        let running = catch_ups::find(&mut tx, post).await.unwrap().unwrap();
        assert_eq!((running.found, running.ended_at), (2, None));
        catch_ups::end(&mut tx, post, now.plus_secs(5)).await.unwrap();
        catch_ups::count(&mut tx, post).await.unwrap();
        catch_ups::end(&mut tx, post, now.plus_secs(9)).await.unwrap();
        let ended = catch_ups::find(&mut tx, post).await.unwrap().unwrap();
        assert_eq!((ended.found, ended.ended_at), (2, Some(now.plus_secs(5))));
        catch_ups::begin(&mut tx, post, now.plus_secs(600)).await.unwrap();
        let anew = catch_ups::find(&mut tx, post).await.unwrap().unwrap();
        assert_eq!((anew.found, anew.ended_at, anew.began_at), (0, None, now.plus_secs(600)));
        assert_eq!(catch_ups::sweep(&mut tx, now.plus_secs(600)).await.unwrap(), 0);
        assert_eq!(catch_ups::sweep(&mut tx, now.plus_secs(601)).await.unwrap(), 1);
    }

    async fn what_a_post_says_of_its_thread_is_kept_as_it_said_it_last(node: Node) {
        let sam = node.member("sam").await.actor();
        let (one, two) = (node.post(sam, "one").await.id, node.post(sam, "two").await.id);
        let mut tx = node.store().begin().await.unwrap();
        contexts::put(&mut tx, one, "https://b.example/1").await.unwrap();
        contexts::put(&mut tx, one, "https://b.example/2").await.unwrap();
        let said = contexts::of(&mut tx, &[one, two]).await.unwrap();
        assert_eq!(said.iter().map(|said| (said.post_id, &*said.uri)).collect::<Vec<_>>(), [(one, "https://b.example/2")]);
        assert!(contexts::of(&mut tx, &[]).await.unwrap().is_empty());
    }

    async fn threads_do_not_go_in_circles(node: Node) {
        let sam = node.member("sam").await.actor();
        // Each says that it answers the other.
        let first = node.post_with(sam, "first", |post| post.reply_to_uri = Some("https://b.example/2".to_owned())).await;
        let second = node.post_with(sam, "second", |post| {
            "https://b.example/2".clone_into(&mut post.uri);
            (post.reply_to, post.reply_to_uri, post.root) = (Some(first.id), Some(first.uri.clone()), first.id);
        }).await;
        let mut tx = node.store().begin().await.unwrap();
        assert_eq!(threads::adopt(&mut tx, &second).await.unwrap(), 0);
        assert_eq!(threads::above(&mut tx, second.id, 9).await.unwrap(), [first.id]);
        assert_eq!(threads::above(&mut tx, first.id, 9).await.unwrap(), []);
    }
}
