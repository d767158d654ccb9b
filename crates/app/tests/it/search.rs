//! Searching by address, link, name, words and hashtag.

use alongside_app::search::{self, Wanted};
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_store::page::Page;
use alongside_store::{actors, search as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn wanted(text: &str) -> Wanted {
    Wanted {
        text: text.to_owned(),
        only_followed: false,
        only_communities: false,
        author: None,
        limit: 9,
        offset: 0,
        page: Page::newest(9),
    }
}

async fn people(node: &Node, text: &str) -> Vec<ActorId> {
    search::people(&node.app, None, &wanted(text)).await.unwrap().iter().map(|actor| actor.id).collect()
}

async fn posts(node: &Node, viewer: Option<ActorId>, text: &str) -> Vec<PostId> {
    search::posts(&node.app, viewer, &wanted(text)).await.unwrap().iter().map(|post| post.id).collect()
}

both_engines! {
    async fn a_whole_address_means_one_person(node: Node) {
        let (sam, far) = (node.member("sam").await.actor(), node.stranger("sam", "b.example:7101").await);
        assert_eq!(people(&node, "@sam@b.example:7101").await, [far]);
        assert_eq!(people(&node, "SAM@127.0.0.1:7100").await, [sam]);
        assert_eq!(people(&node, "https://b.example:7101/users/sam").await, [far]);
        assert_eq!(people(&node, "@sa").await, [sam, far]);
        for nothing in ["", "@", "#sam", "sam@c.example", "https://c.example/sam"] {
            assert!(people(&node, nothing).await.is_empty(), "{nothing:?}");
        }
    }

    async fn a_link_finds_a_post_for_those_who_may_read_it(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let post = node.post_with(sam, "few", |post| post.visibility = Visibility::Followers).await;
        assert!(posts(&node, None, &post.uri).await.is_empty());
        assert!(posts(&node, Some(ada), &post.uri).await.is_empty());
        node.follow(ada, sam).await;
        assert_eq!(posts(&node, Some(ada), &post.uri).await, [post.id]);
    }

    async fn what_somebody_wrote_is_found_by_who_and_when(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let first = node.post_with(sam, "awake", |post| post.language = Some("en-GB".to_owned())).await;
        let mut tx = node.store().begin().await.unwrap();
        stored::index(&mut tx, first.id, &first.content).await.unwrap();
        actors::set_indexable(&mut tx, sam, true).await.unwrap();
        tx.commit().await.unwrap();
        node.clock.advance_secs(3 * 86_400);
        let letter = node.post_with(sam, "to you", |post| post.visibility = Visibility::Direct).await;
        let answer = node.post_with(sam, "me too", |post| post.reply_to_uri = Some(first.uri.clone())).await;
        node.post(ada, "awake").await;
        let day = first.published_at.to_string()[..10].to_owned();
        for (viewer, text, found) in [
            (sam, "from:me".to_owned(), vec![answer.id, letter.id, first.id]),
            (ada, "from:sam".to_owned(), vec![answer.id, first.id]),
            (ada, "from:@SAM@127.0.0.1:7100 -is:reply".to_owned(), vec![first.id]),
            (ada, format!("from:sam after:{day}"), vec![answer.id]),
            (ada, format!("from:sam before:{day}"), Vec::new()),
            (ada, format!("from:sam during:{day} language:en"), vec![first.id]),
            (ada, "awake from:sam".to_owned(), vec![first.id]),
            (ada, "awake from:me".to_owned(), Vec::new()),
            (ada, "awake has:media".to_owned(), Vec::new()),
            (ada, "awake -has:poll -is:sensitive language:en".to_owned(), vec![first.id]),
            (ada, "from:nobody".to_owned(), Vec::new()),
            (ada, "-is:reply".to_owned(), Vec::new()),
        ] {
            assert_eq!(posts(&node, Some(viewer), &text).await, found, "{text}");
        }
    }

    async fn what_was_written_before_it_could_be_found_is_found_later(node: Node) {
        let sam = node.member("sam").await.actor();
        let mut found = Vec::new();
        for visibility in [Visibility::Unlisted, Visibility::Members, Visibility::Followers] {
            found.push(node.post_with(sam, "awake", |post| post.visibility = visibility).await.id);
        }
        assert!(posts(&node, Some(sam), "awake").await.is_empty());
        let newest = PostId::new(i64::MAX);
        search::index_older(&node.app, newest).await.unwrap();
        assert_eq!(posts(&node, Some(sam), "awake").await, [found[1], found[0]]);
        let rest = Job::IndexOlder { below: found[0] };
        search::index_older(&node.app, newest).await.unwrap();
        assert_eq!(node.take_queued().await, [rest], "doing it twice is harmless");
        search::index_older(&node.app, found[0]).await.unwrap();
        assert!(node.queued().await.is_empty(), "there is nothing before");
    }

    async fn words_and_hashtags_are_found_in_public_posts(node: Node) {
        let sam = node.member("sam").await.actor();
        let post = node.post(sam, "awake #again").await;
        let mut tx = node.store().begin().await.unwrap();
        stored::index(&mut tx, post.id, &post.content).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(posts(&node, Some(sam), "awake").await, [post.id]);
        assert!(posts(&node, None, "awake").await.is_empty(), "he did not say that anybody may find it");
        let tags = search::tags(&node.app, &wanted("#aga")).await.unwrap();
        assert_eq!(tags.iter().map(|tag| tag.tag.as_str()).collect::<Vec<_>>(), ["again"]);
        assert!(search::tags(&node.app, &wanted("@aga@b.example")).await.unwrap().is_empty());
    }
}
