//! What goes with a post: pictures and polls.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, MediaId, PollId, PostId};
use alongside_domain::media::{Media, MediaKind};
use alongside_domain::poll::{Choice, Poll};
use alongside_store::media::{self, Words};
use alongside_store::polls;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn picture(node: &Node, id: i64, owner: ActorId) -> Media {
    Media {
        id: MediaId::new(id),
        owner,
        post: None,
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        file: Some(format!("{id}-a.png")),
        preview: Some(format!("{id}-a-small.png")),
        remote_url: None,
        description: Some("a lamp".to_owned()),
        focus_x: 0.25,
        focus_y: -1.0,
        blurhash: Some("L00000".to_owned()),
        width: 3,
        height: 4,
        created_at: node.clock.now(),
    }
}

fn poll(post: PostId) -> Poll {
    Poll {
        id: PollId::new(8),
        post,
        multiple: true,
        hide_totals: false,
        closes_at: None,
        ended_at: None,
        voters_count: 0,
        choices: ["tea", "cocoa"].map(|title| Choice { title: title.to_owned(), votes_count: 0 }).to_vec(),
    }
}

both_engines! {
    async fn a_picture_goes_with_one_post(node: Node) {
        let store = node.store();
        let (sam, other) = (node.member("sam").await.actor(), node.member("other").await.actor());
        let (one, two) = (node.post(sam, "one").await.id, node.post(sam, "two").await.id);
        let (first, second) = (picture(&node, 1, sam), picture(&node, 2, sam));
        let mut tx = store.begin().await.unwrap();
        media::insert_upload(&mut tx, &first).await.unwrap();
        media::insert_upload(&mut tx, &second).await.unwrap();
        assert_eq!(media::find(&mut tx, first.id).await.unwrap(), Some(first.clone()));
        assert!(!media::attach(&mut tx, other, one, &[first.id]).await.unwrap(), "another's picture");
        assert!(media::attach(&mut tx, sam, one, &[second.id, first.id]).await.unwrap());
        assert!(!media::attach(&mut tx, sam, two, &[first.id]).await.unwrap(), "it goes with a post already");
        let of = async |tx: &mut _, post| {
            let files = media::of_posts(tx, &[post]).await.unwrap();
            files.iter().map(|file| file.id).collect::<Vec<MediaId>>()
        };
        assert_eq!(of(&mut tx, one).await, [second.id, first.id]);
        assert!(media::replace(&mut tx, sam, one, &[first.id]).await.unwrap());
        assert_eq!(of(&mut tx, one).await, [first.id]);
        assert!(media::of_posts(&mut tx, &[]).await.unwrap().is_empty());

        let later = node.clock.now().plus_secs(1);
        let unused = media::unused(&mut tx, later, 9).await.unwrap();
        assert_eq!(unused.iter().map(|file| file.id).collect::<Vec<MediaId>>(), [second.id]);
        assert!(media::unused(&mut tx, node.clock.now(), 9).await.unwrap().is_empty());
        assert!(!media::remove(&mut tx, first.id).await.unwrap());
        assert!(media::remove(&mut tx, second.id).await.unwrap());
    }

    async fn a_picture_is_described(node: Node) {
        let sam = node.member("sam").await.actor();
        let picture = picture(&node, 1, sam);
        let words = Words { description: None, focus_x: 0.0, focus_y: 0.5 };
        let mut tx = node.store().begin().await.unwrap();
        media::insert_upload(&mut tx, &picture).await.unwrap();
        media::describe(&mut tx, picture.id, &words).await.unwrap();
        let described = Media { description: None, focus_x: 0.0, focus_y: 0.5, ..picture };
        assert_eq!(media::find(&mut tx, described.id).await.unwrap(), Some(described));
    }

    async fn pictures_from_elsewhere_are_replaced(node: Node) {
        let ada = node.stranger("ada", "b.example").await;
        let post = node.post(ada, "look").await.id;
        let remote = |id: i64| Media {
            post: Some(post),
            file: None,
            preview: None,
            remote_url: Some(format!("https://b.example/{id}.png")),
            ..picture(&node, id, ada)
        };
        let mut tx = node.store().begin().await.unwrap();
        media::insert_remote(&mut tx, &[remote(5), remote(4)]).await.unwrap();
        assert_eq!(media::of_posts(&mut tx, &[post]).await.unwrap(), [remote(5), remote(4)]);
        media::clear_remote(&mut tx, post).await.unwrap();
        assert!(media::of_posts(&mut tx, &[post]).await.unwrap().is_empty());
    }

    async fn votes_are_counted_once(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let (sam, ada, far) =
            (node.member("sam").await.actor(), node.member("ada").await.actor(), node.stranger("far", "b.example").await);
        let post = node.post(sam, "tea or cocoa?").await.id;
        let poll = poll(post);
        let mut tx = store.begin().await.unwrap();
        polls::insert(&mut tx, &poll).await.unwrap();
        assert_eq!(polls::find(&mut tx, poll.id).await.unwrap(), Some(poll.clone()));
        polls::hold(&mut tx, poll.id).await.unwrap();
        for (actor, position, counts) in [(ada, 1, true), (ada, 1, false), (ada, 0, true), (far, 1, true)] {
            assert_eq!(polls::vote(&mut tx, poll.id, actor, position, now).await.unwrap(), counts);
        }
        polls::count_voter(&mut tx, poll.id).await.unwrap();
        polls::count_voter(&mut tx, poll.id).await.unwrap();
        let stands = polls::find(&mut tx, poll.id).await.unwrap().unwrap();
        let counts: Vec<i64> = stands.choices.iter().map(|choice| choice.votes_count).collect();
        assert_eq!((counts, stands.voters_count), (vec![1, 2], 2));
        let votes = polls::votes_of(&mut tx, ada, &[poll.id]).await.unwrap();
        assert_eq!(votes.iter().map(|vote| vote.position).collect::<Vec<i64>>(), [0, 1]);
        assert!(polls::votes_of(&mut tx, sam, &[poll.id]).await.unwrap().is_empty());
        assert!(polls::votes_of(&mut tx, sam, &[]).await.unwrap().is_empty());
        assert_eq!(polls::voters_here(&mut tx, poll.id).await.unwrap(), [ada]);
        assert!(polls::end(&mut tx, poll.id, now).await.unwrap());
        assert!(!polls::end(&mut tx, poll.id, now).await.unwrap());
        polls::remove(&mut tx, poll.id).await.unwrap();
        assert_eq!(polls::find(&mut tx, poll.id).await.unwrap(), None);
    }

    async fn a_poll_elsewhere_stands_as_it_stands_there(node: Node) {
        let ada = node.stranger("ada", "b.example").await;
        let mut poll = poll(node.post(ada, "?").await.id);
        let mut tx = node.store().begin().await.unwrap();
        polls::insert(&mut tx, &poll).await.unwrap();
        poll.choices[1].votes_count = 40;
        poll.voters_count = 41;
        poll.closes_at = Some(node.clock.now());
        polls::update_remote(&mut tx, &poll).await.unwrap();
        assert_eq!(polls::find_all(&mut tx, &[poll.id]).await.unwrap(), [poll]);
        assert!(polls::find_all(&mut tx, &[]).await.unwrap().is_empty());
    }
}
