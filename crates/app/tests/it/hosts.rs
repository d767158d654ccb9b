//! What an operator decides about other nodes, and what follows from it.

use alongside_app::follows::{self, Wishes};
use alongside_app::host_lists::{self, Difference};
use alongside_app::hosts::{self, Change};
use alongside_app::{avoiding, reactions};
use alongside_domain::agreement::{Limit, Limits, Policy};
use alongside_domain::host_list::{self, Kind, Line};
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_store::host_lists::HostList;
use alongside_store::notifications::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::{actors, host_lists as kept, hosts as known, media};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const LIST: &str = "https://lists.example/blocked.csv";

async fn follows(node: &Node, follower: ActorId, target: ActorId, uri: Option<&str>) {
    let uri = uri.map(str::to_owned);
    follows::follow(&node.app, follower, target, Wishes::default(), uri).await.unwrap();
}

async fn followers(node: &Node, who: ActorId) -> i64 {
    actors::find(&mut node.app.reader(), who).await.unwrap().unwrap().followers_count
}

async fn policy(node: &Node, host: &str) -> Policy {
    known::standing(&mut node.app.reader(), host).await.unwrap().policy
}

fn picture(node: &Node, owner: ActorId, post: PostId) -> Media {
    Media {
        id: node.app.next_id(),
        owner,
        post: Some(post),
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        file: None,
        preview: None,
        cover: None,
        remote_url: Some("https://pictures.example/1.png".to_owned()),
        description: None,
        focus_x: 0.0,
        focus_y: 0.0,
        blurhash: None,
        width: 1,
        height: 1,
        playing: None,
        state: MediaState::Ready,
        created_at: node.app.now(),
    }
}

fn list(etag: &str) -> HostList {
    HostList {
        url: LIST.to_owned(),
        etag: Some(etag.to_owned()),
        modified: None,
        added_at: alongside_domain::clock::Timestamp::from_secs(0),
        asked_at: None,
        last_error: None,
    }
}

fn lines(text: &str) -> Vec<Line> {
    host_list::read(text, Kind::Blocked).unwrap().lines
}

both_engines! {
    async fn a_block_ends_the_follows_across_and_no_others(node: Node) {
        let sam = node.member("sam").await.actor();
        let near = node.stranger("kim", "spam.example").await;
        let below = node.stranger("kim", "a.spam.example").await;
        let allowed = node.stranger("kim", "good.spam.example").await;
        let other = node.stranger("kim", "notspam.example").await;
        for (number, follower) in [near, below, allowed, other].into_iter().enumerate() {
            follows(&node, follower, sam, Some(&format!("https://x.example/{number}"))).await;
        }
        follows(&node, sam, near, None).await;
        assert_eq!(followers(&node, sam).await, 4);
        hosts::allow(&node.app, "good.spam.example").await.unwrap();
        let parted = hosts::block(&node.app, "spam.example").await.unwrap();
        assert_eq!(parted.follows, 3);
        assert_eq!(followers(&node, sam).await, 2);
        for (follower, is_left) in [(near, false), (below, false), (allowed, true), (other, true)] {
            let follow = alongside_store::follows::between(&mut node.app.reader(), follower, sam).await.unwrap();
            assert_eq!(follow.is_some(), is_left);
        }
        assert_eq!(hosts::block(&node.app, "spam.example").await.unwrap().follows, 0, "twice is harmless");
        assert_eq!(followers(&node, sam).await, 2);
        hosts::open(&node.app, "spam.example").await.unwrap();
        assert_eq!(policy(&node, "a.spam.example").await, Policy::Open);
        let ourselves = node.app.places().host().to_owned();
        assert!(hosts::block(&node.app, &ourselves).await.is_err());
    }

    async fn a_silenced_host_is_heard_by_those_who_follow(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let kim = node.stranger("kim", "loud.example").await;
        node.follow(ada, kim).await;
        let post = node.post_with(kim, "LISTEN", |post| post.local = false).await;
        let mine = node.post(sam, "hush").await;
        let now = node.app.now();
        let seen = async |viewer| {
            let posts = vec![post.clone()];
            avoiding::without(&mut node.app.reader(), viewer, posts, now).await.unwrap().len()
        };
        assert_eq!((seen(None).await, seen(Some(sam)).await), (1, 1));
        hosts::limit(&node.app, "loud.example", Limits::of(&[Limit::Silence])).await.unwrap();
        assert_eq!((seen(None).await, seen(Some(sam)).await, seen(Some(ada)).await), (0, 0, 1));
        reactions::react(&node.app, kim, mine.id, Reaction::Hug, None, alongside_app::effects::Via::Fetched).await.unwrap();
        let told = notifications::page(
            &mut node.app.reader(), alongside_domain::id::MemberId::of(sam), &Wanted::of(NotificationKind::ALL), &Page::newest(9), now,
        ).await.unwrap();
        assert!(told.is_empty(), "a stranger there notifies nobody");
        hosts::limit(&node.app, "loud.example", Limits::default()).await.unwrap();
        assert_eq!(seen(None).await, 1);
        hosts::block(&node.app, "loud.example").await.unwrap();
        assert_eq!((seen(None).await, seen(Some(ada)).await), (0, 0), "what it wrote before is not shown either");
        assert_eq!(post.visibility, Visibility::Public);
    }

    async fn pictures_of_a_host_can_be_forgotten(node: Node) {
        let mut kept = Vec::new();
        for host in ["pictures.example", "other.example"] {
            let kim = node.stranger("kim", host).await;
            let post = node.post_with(kim, "look", |post| post.local = false).await;
            let mut tx = node.store().begin().await.unwrap();
            media::insert_remote(&mut tx, &[picture(&node, kim, post.id)]).await.unwrap();
            tx.commit().await.unwrap();
            kept.push(post.id);
        }
        hosts::limit(&node.app, "pictures.example", Limits::of(&[Limit::NoMedia])).await.unwrap();
        let left = media::of_posts(&mut node.app.reader(), &kept).await.unwrap();
        assert_eq!(left.iter().map(|media| media.post).collect::<Vec<_>>(), [Some(kept[1])]);
    }

    async fn an_import_adds_and_says_what_it_leaves(node: Node) {
        hosts::allow(&node.app, "trust.example").await.unwrap();
        hosts::block(&node.app, "known.example").await.unwrap();
        let text = format!(
            "#domain,#severity,#reject_media\nspam.example,suspend,false\nloud.example,silence,true\n\
             trust.example,suspend,false\nknown.example,silence,false\nknown.example,suspend,false\n{},suspend,false",
            node.app.places().host()
        );
        let wanted = lines(&text);
        let planned = hosts::import(&node.app, &wanted, true).await.unwrap();
        assert_eq!(policy(&node, "spam.example").await, Policy::Open, "a trial changes nothing");
        let done = hosts::import(&node.app, &wanted, false).await.unwrap();
        assert_eq!(planned, done, "and says the truth");
        assert!(matches!(done[2], Change::Agreed(_)) && matches!(done[4], Change::Known(_)));
        assert!(matches!(done[5], Change::Ourselves(_)));
        assert_eq!(policy(&node, "spam.example").await, Policy::Block);
        assert_eq!(policy(&node, "trust.example").await, Policy::Allow);
        assert_eq!(policy(&node, "known.example").await, Policy::Block, "nothing is taken back");
        let again = hosts::import(&node.app, &wanted, false).await.unwrap();
        assert!(!again.iter().any(|change| matches!(change, Change::Made(_))), "{again:?}");
        let written = host_list::write(&hosts::export(&node.app, Kind::Blocked).await.unwrap(), Kind::Blocked);
        assert!(written.contains("\nloud.example,silence,true,false,,false\n"), "{written}");
        assert_eq!(host_list::write(&hosts::export(&node.app, Kind::Allowed).await.unwrap(), Kind::Allowed), "#domain\ntrust.example\n");
        let friends = host_list::read("known.example\nnew.example", Kind::Allowed).unwrap().lines;
        assert!(matches!(hosts::import(&node.app, &friends, false).await.unwrap()[0], Change::Blocked(_)));
        assert_eq!(policy(&node, "new.example").await, Policy::Allow);
    }

    async fn what_a_list_brought_ends_with_it_and_nothing_else(node: Node) {
        hosts::allow(&node.app, "trust.example").await.unwrap();
        hosts::block(&node.app, "both.example").await.unwrap();
        let said = lines("trust.example\nboth.example\nspam.example");
        assert_eq!(host_lists::compare(&node.app, LIST, &said).await.unwrap().added.len(), 3);
        assert_eq!(policy(&node, "spam.example").await, Policy::Open, "comparing follows nothing");
        host_lists::follow(&node.app, &list("1"), &said).await.unwrap();
        assert_eq!(policy(&node, "a.spam.example").await, Policy::Block);
        assert_eq!(policy(&node, "trust.example").await, Policy::Allow, "no list touches it");

        let fewer = lines("trust.example\nboth.example\nlate.example");
        let changed = host_lists::refreshed(&node.app, &list("2"), Some(&fewer)).await.unwrap();
        assert_eq!(changed.gone, ["spam.example"]);
        assert_eq!(policy(&node, "spam.example").await, Policy::Open, "the list took it back");
        assert_eq!(host_lists::refreshed(&node.app, &list("2"), None).await.unwrap(), Difference::default());
        assert_eq!(policy(&node, "late.example").await, Policy::Block, "as it was");

        assert!(host_lists::leave(&node.app, LIST).await.unwrap());
        assert!(!host_lists::leave(&node.app, LIST).await.unwrap());
        assert_eq!(policy(&node, "late.example").await, Policy::Open);
        assert_eq!(policy(&node, "both.example").await, Policy::Block, "the operator blocked it too");
        host_lists::refreshed(&node.app, &list("3"), Some(&said)).await.unwrap();
        assert!(kept::all(&mut node.app.reader()).await.unwrap().is_empty(), "one that was left stays left");
    }

    async fn a_list_is_asked_again_after_a_day_or_sooner_when_it_failed(node: Node) {
        host_lists::follow(&node.app, &list("1"), &lines("spam.example")).await.unwrap();
        assert!(host_lists::due(&node.app).await.unwrap().is_empty());
        node.clock.advance_secs(23 * 3_600);
        assert!(host_lists::due(&node.app).await.unwrap().is_empty());
        node.clock.advance_secs(3_600);
        assert_eq!(host_lists::due(&node.app).await.unwrap().len(), 1);
        let failed = HostList { last_error: Some("not reachable".to_owned()), ..list("1") };
        host_lists::refreshed(&node.app, &failed, None).await.unwrap();
        assert_eq!(policy(&node, "spam.example").await, Policy::Block, "it holds as it was read last");
        node.clock.advance_secs(3_600);
        assert_eq!(host_lists::due(&node.app).await.unwrap().len(), 1);
    }
}
