//! What goes with a post: pictures and polls.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, MediaId, PollId, PostId};
use alongside_domain::media::{Media, MediaKind, MediaState, Playing};
use alongside_domain::poll::{Choice, Poll};
use alongside_store::copies::{self, Copy};
use alongside_store::emojis::{self, Emoji};
use alongside_store::media::{self, Words};
use alongside_store::{departures, polls};
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
        cover: Some((40, 30)),
        remote_url: None,
        description: Some("a lamp".to_owned()),
        focus_x: 0.25,
        focus_y: -1.0,
        blurhash: Some("L00000".to_owned()),
        width: 3,
        height: 4,
        playing: None,
        state: MediaState::Ready,
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
    async fn what_hangs_on_posts_goes_with_their_author(node: Node) {
        let kim = node.stranger("kim", "b.example").await;
        let post = node.post(kim, "tea?").await.id;
        let shown = Media {
            post: Some(post),
            file: None,
            preview: None,
            remote_url: Some("https://b.example/lamp.png".to_owned()),
            ..picture(&node, 1, kim)
        };
        let (poll, now) = (poll(post), node.clock.now());
        let mut tx = node.store().begin().await.unwrap();
        media::insert_remote(&mut tx, &[shown]).await.unwrap();
        polls::insert(&mut tx, &poll).await.unwrap();
        polls::vote(&mut tx, poll.id, kim, 0, now).await.unwrap();
        departures::forget(&mut tx, kim, now).await.unwrap();
        assert_eq!(polls::find(&mut tx, poll.id).await.unwrap(), None);
        assert_eq!(media::unused(&mut tx, now.plus_secs(1), 9).await.unwrap().len(), 1, "it is swept in its time");
    }

    async fn a_film_waits_until_it_is_settled_once(node: Node) {
        let store = node.store();
        let sam = node.member("sam").await.actor();
        let post = node.post(sam, "one").await.id;
        let waiting = Media { state: MediaState::Waiting, kind: MediaKind::Video, ..picture(&node, 1, sam) };
        let mut tx = store.begin().await.unwrap();
        media::insert_upload(&mut tx, &waiting).await.unwrap();
        assert_eq!(media::count_waiting(&mut tx, sam).await.unwrap(), 1);
        assert!(media::is_any_waiting(&mut tx, sam, &[waiting.id]).await.unwrap());
        assert!(!media::attach(&mut tx, sam, post, &[waiting.id]).await.unwrap(), "it cannot be looked at yet");
        let playing = Playing { millis: 1_500, frame_rate: Some("30/1".to_owned()), bitrate: 64_000 };
        let ready = Media { state: MediaState::Ready, playing: Some(playing), width: 640, ..waiting.clone() };
        assert!(media::settle(&mut tx, &ready).await.unwrap());
        assert!(!media::settle(&mut tx, &Media { state: MediaState::Failed, ..waiting }).await.unwrap());
        assert_eq!(media::find(&mut tx, ready.id).await.unwrap(), Some(ready.clone()));
        assert_eq!(media::count_waiting(&mut tx, sam).await.unwrap(), 0);
        assert!(!media::is_any_waiting(&mut tx, sam, &[ready.id]).await.unwrap());
        assert!(media::attach(&mut tx, sam, post, &[ready.id]).await.unwrap());
    }

    async fn copies_are_counted_and_the_least_used_come_first(node: Node) {
        let store = node.store();
        let copy = |hash: &str, bytes, secs| Copy {
            url_hash: hash.to_owned(),
            file: Some(format!("copy-{hash}.png")),
            preview: None,
            bytes,
            fetched_at: node.clock.now(),
            used_at: node.clock.now().plus_secs(secs),
        };
        let mut tx = store.begin().await.unwrap();
        assert_eq!(copies::total(&mut tx).await.unwrap(), 0);
        for (hash, bytes, secs) in [("aa", 5, 20), ("bb", 7, 10), ("cc", 1, 30)] {
            copies::put(&mut tx, &copy(hash, bytes, secs)).await.unwrap();
        }
        copies::put(&mut tx, &copy("aa", 6, 20)).await.unwrap();
        assert_eq!(copies::total(&mut tx).await.unwrap(), 14);
        assert_eq!(copies::find(&mut tx, "aa").await.unwrap().unwrap().bytes, 6);
        copies::touch(&mut tx, "bb", node.clock.now().plus_secs(25)).await.unwrap();
        let unused = copies::unused(&mut tx, node.clock.now().plus_secs(30), 9).await.unwrap();
        let hashes: Vec<&str> = unused.iter().map(|copy| copy.url_hash.as_str()).collect();
        assert_eq!(hashes, ["aa", "bb"]);
        copies::remove(&mut tx, "aa").await.unwrap();
        assert!(copies::find(&mut tx, "aa").await.unwrap().is_none());
    }

    async fn an_emoji_is_one_of_its_host(node: Node) {
        let store = node.store();
        let emoji = |host: &str, shortcode: &str, url: &str| Emoji {
            host: host.to_owned(),
            shortcode: shortcode.to_owned(),
            file: None,
            url: Some(url.to_owned()),
            category: None,
            updated_at: node.clock.now(),
        };
        let mut tx = store.begin().await.unwrap();
        for (host, shortcode, url) in [("", "lamp", "a"), ("b.example", "lamp", "b"), ("", "lamp", "c"), ("", "tea", "d")] {
            emojis::put(&mut tx, &emoji(host, shortcode, url)).await.unwrap();
        }
        assert_eq!(emojis::find(&mut tx, "", "lamp").await.unwrap().unwrap().url.as_deref(), Some("c"));
        assert_eq!((emojis::count(&mut tx, "").await.unwrap(), emojis::of_host(&mut tx, "", 9).await.unwrap().len()), (2, 2));
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<String>>();
        let named = emojis::named(&mut tx, &words(&["b.example", "c.example"]), &words(&["lamp", "tea"])).await.unwrap();
        assert_eq!(named.iter().map(|emoji| emoji.url.as_deref()).collect::<Vec<_>>(), [Some("b")]);
        assert!(emojis::named(&mut tx, &words(&[]), &words(&["lamp"])).await.unwrap().is_empty());
        assert!(emojis::remove(&mut tx, "", "lamp").await.unwrap());
        assert!(!emojis::remove(&mut tx, "", "lamp").await.unwrap());
    }

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
