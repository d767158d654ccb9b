//! What was written elsewhere comes through the same rules as what is written here.

use alongside_app::arrivals::{self, Arrival, ArrivedMedia};
use alongside_app::blocks;
use alongside_app::effects::Via;
use alongside_app::follows::{self, Wishes};
use alongside_app::posts::Error;
use alongside_domain::clock::{Clock as _, Timestamp};
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, Ids, PostId};
use alongside_domain::media::MediaKind;
use alongside_domain::policy::Refusal;
use alongside_domain::post::{Post, Visibility};
use alongside_store::page::Page;
use alongside_store::{conversations, media, posts};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::time::Duration;

fn arrival(author: ActorId, uri: &str, parent: Option<&str>) -> Arrival {
    Arrival {
        uri: uri.to_owned(),
        url: uri.to_owned(),
        author,
        community: None,
        reply_to_uri: parent.map(str::to_owned),
        context: None,
        title: None,
        content: "<p>hello</p>".to_owned(),
        content_note: String::new(),
        sensitive: false,
        visibility: Visibility::Public,
        takes_answers: None,
        language: None,
        published_at: None,
        edited_at: None,
        mentions: Vec::new(),
        tags: Vec::new(),
        media: Vec::new(),
        poll: None,
    }
}

async fn receive(node: &Node, arrival: &Arrival) -> Result<Post, Error> {
    arrivals::receive(&node.app, arrival, Via::Fetched).await
}

async fn stored(node: &Node, id: PostId) -> Post {
    posts::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

fn picture(description: &str) -> ArrivedMedia {
    ArrivedMedia {
        url: "https://b.example/a.png".to_owned(),
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        description: Some(description.to_owned()),
        blurhash: None,
        width: 3,
        height: 4,
        focus: (0.0, 0.0),
    }
}

both_engines! {
    async fn whoever_is_blocked_does_not_answer(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        let root = node.post(sam.actor(), "awake?").await;
        let reply = arrival(ada, "https://b.example/1", Some(&root.uri));
        blocks::block(&node.app, sam.actor(), ada).await.unwrap();
        assert!(matches!(receive(&node, &reply).await, Err(Error::Refused(_))));
        blocks::unblock(&node.app, sam.actor(), ada).await.unwrap();
        assert_eq!(receive(&node, &reply).await.unwrap().reply_to, Some(root.id));
        let narrow = node.post_with(sam.actor(), "few", |post| post.visibility = Visibility::Followers).await;
        let uninvited = arrival(ada, "https://b.example/2", Some(&narrow.uri));
        assert!(matches!(receive(&node, &uninvited).await, Err(Error::Refused(Refusal::Hidden))));
    }

    async fn what_is_for_members_comes_from_members_in_the_agreement(node: Node) {
        let ada = node.stranger("ada", "b.example").await;
        let quiet = node.community("quiet", Audience::Members).await;
        let join = || follows::follow(
            &node.app, ada, quiet.actor(), Wishes::default(), Some("https://b.example/f".to_owned()),
        );
        assert!(matches!(join().await, Err(follows::Error::Refused(Refusal::Forbidden))));
        node.agree("b.example").await;
        let uri = "https://b.example/1";
        let thread = Arrival {
            community: Some(quiet), visibility: Visibility::Members, ..arrival(ada, uri, None)
        };
        assert!(matches!(receive(&node, &thread).await, Err(Error::Refused(_))), "not a member");
        assert!(join().await.unwrap().accepted);
        let open = Arrival { visibility: Visibility::Public, ..thread.clone() };
        assert!(matches!(receive(&node, &open).await, Err(Error::Audience(_))), "it is for anybody");
        assert!(posts::find_by_uri(&mut node.app.reader(), uri).await.unwrap().is_none());
        let kept = receive(&node, &thread).await.unwrap();
        assert_eq!((kept.visibility, kept.community), (Visibility::Members, Some(quiet)));
        let aside = Arrival { community: None, ..arrival(ada, "https://b.example/2", Some(uri)) };
        assert!(matches!(receive(&node, &aside).await, Err(Error::Audience(_))), "nor is an answer for anybody");
    }

    async fn a_direct_reply_is_for_those_it_names_alone(node: Node) {
        let (sam, eve) = (node.member("sam").await, node.member("eve").await);
        let ada = node.stranger("ada", "b.example").await;
        let root = node.post(sam.actor(), "awake?").await;
        let direct = Arrival {
            visibility: Visibility::Direct,
            mentions: vec![eve.actor()],
            ..arrival(ada, "https://b.example/1", Some(&root.uri))
        };
        receive(&node, &direct).await.unwrap();
        let mut reader = node.app.reader();
        assert!(conversations::page(&mut reader, sam, &Page::newest(9)).await.unwrap().is_empty());
        assert_eq!(conversations::page(&mut reader, eve, &Page::newest(9)).await.unwrap().len(), 1);
    }

    async fn replies_that_came_first_are_found_and_only_open_ones_counted(node: Node) {
        let (ada, bob) = (node.stranger("ada", "b.example").await, node.stranger("bob", "c.example").await);
        let parent = "https://b.example/1";
        let open = receive(&node, &arrival(bob, "https://c.example/1", Some(parent))).await.unwrap();
        let narrow = Arrival { visibility: Visibility::Followers, ..arrival(bob, "https://c.example/2", Some(parent)) };
        let narrow = receive(&node, &narrow).await.unwrap();
        let found = receive(&node, &arrival(ada, parent, None)).await.unwrap();
        assert_eq!(stored(&node, found.id).await.replies_count, 1);
        for reply in [open, narrow] {
            assert_eq!(stored(&node, reply.id).await.root, found.id);
        }
    }

    async fn a_reply_and_what_it_answers_find_each_other_when_they_come_together(node: Node) {
        let (ada, bob) = (node.stranger("ada", "b.example").await, node.stranger("bob", "c.example").await);
        for round in 0..8 {
            let parent = arrival(ada, &format!("https://b.example/{round}"), None);
            let reply = arrival(bob, &format!("https://c.example/{round}"), Some(&parent.uri));
            let (parent, again, reply) =
                tokio::join!(receive(&node, &parent), receive(&node, &parent), receive(&node, &reply));
            let (parent, again, reply) = (parent.unwrap(), again.unwrap(), reply.unwrap());
            assert_eq!(parent.id, again.id, "one post comes once");
            assert_eq!(stored(&node, reply.id).await.reply_to, Some(parent.id));
            assert_eq!(stored(&node, parent.id).await.replies_count, 1);
        }
    }

    async fn an_edit_may_change_only_what_is_on_a_picture_and_an_older_one_changes_nothing(node: Node) {
        let ada = node.stranger("ada", "b.example").await;
        let first = Arrival { media: vec![picture("a lamp")], ..arrival(ada, "https://b.example/1", None) };
        let post = receive(&node, &first).await.unwrap();
        node.clock.advance_secs(60);
        let edited = Arrival { media: vec![picture("a red lamp")], edited_at: Some(node.clock.now()), ..first.clone() };
        let description = async || {
            let found = media::of_posts(&mut node.app.reader(), &[post.id]).await.unwrap();
            found.into_iter().map(|media| media.description.unwrap()).collect::<Vec<String>>()
        };
        assert_eq!(receive(&node, &edited).await.unwrap().edited_at, edited.edited_at);
        assert_eq!(description().await, ["a red lamp"]);
        let undated = Arrival { content: "<p>before</p>".to_owned(), ..first };
        assert_eq!(receive(&node, &undated).await.unwrap().content, "<p>hello</p>");
        assert_eq!(description().await, ["a red lamp"]);
    }

    async fn an_edit_names_its_own_author_no_more_than_the_post_did(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.stranger("ada", "b.example").await);
        let first = Arrival { mentions: vec![ada, sam], ..arrival(ada, "https://b.example/1", None) };
        let post = receive(&node, &first).await.unwrap();
        let edited = Arrival { content: "<p>hello again</p>".to_owned(), edited_at: Some(node.clock.now()), ..first };
        assert!(receive(&node, &edited).await.unwrap().edited_at.is_some());
        let named = posts::mentions(&mut node.app.reader(), &[post.id]).await.unwrap();
        assert_eq!(named.iter().map(|row| row.actor_id).collect::<Vec<_>>(), [sam]);
    }

    async fn a_moment_that_is_full_keeps_nothing_out(node: Node) {
        let ada = node.stranger("ada", "b.example").await;
        let moment = Timestamp::from_secs(-62_135_596_800);
        let model = node.post(ada, "hello").await;
        let ids = Ids::new(0);
        let mut tx = node.store().begin().await.unwrap();
        for number in 0..1_024 {
            let (id, uri) = (ids.at(moment), format!("https://b.example/full/{number}"));
            let post = Post { id, uri, local: false, root: id, ..model.clone() };
            assert!(posts::insert(&mut tx, &post, &[], &[]).await.unwrap());
        }
        tx.commit().await.unwrap();
        let late = Arrival { published_at: Some(moment), ..arrival(ada, "https://b.example/1", None) };
        let kept = tokio::time::timeout(Duration::from_secs(20), receive(&node, &late)).await.unwrap().unwrap();
        assert_eq!(kept.published_at, moment);
    }
}
