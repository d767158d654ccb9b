//! Measures, and who was sent out.

use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId, MeasureId, PostId};
use alongside_domain::moderation::{Measure, MeasureKind, Taken};
use alongside_domain::post::Visibility;
use alongside_store::bans::{self, Ban};
use alongside_store::page::Page;
use alongside_store::{communities, measures, posts, site_removals};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn taken(node: &Node, id: i64, community: CommunityId, by: ActorId, measure: Measure) -> Taken {
    let (id, at) = (MeasureId::new(id), node.clock.now());
    Taken { id, community, by, measure, reason: "why".to_owned(), at }
}

both_engines! {
    async fn every_kind_of_measure_reads_back_and_finds_what_it_takes_back(node: Node) {
        let sleep = node.community("sleep", Audience::Everyone).await;
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let [post, other] = [node.post(sam, "one").await.id, node.post(sam, "two").await.id];
        let until = Some(node.clock.now());
        let all = [
            Measure::Remove(post), Measure::Restore(post), Measure::Lock(post), Measure::Unlock(post),
            Measure::Feature(post), Measure::Unfeature(post), Measure::Appoint(sam), Measure::Dismiss(sam),
            Measure::Ban { member: sam, until, removes_posts: true }, Measure::Unban(sam),
        ];
        assert_eq!(all.len(), MeasureKind::ALL.len());
        let mut tx = node.store().begin().await.unwrap();
        for (id, measure) in (1..).zip(all) {
            let taken = taken(&node, id, sleep, ada, measure);
            measures::insert(&mut tx, &taken).await.unwrap();
            assert_eq!(measures::find(&mut tx, taken.id).await.unwrap(), Some(taken.clone()));
            let Some(kind) = measure.kind().takes_back() else { continue };
            let earlier = measures::before(&mut tx, &taken, kind).await.unwrap().unwrap();
            assert_eq!(earlier.id, MeasureId::new(id - 1));
        }
        let restore = taken(&node, 99, sleep, ada, Measure::Restore(other));
        assert_eq!(measures::before(&mut tx, &restore, MeasureKind::Remove).await.unwrap(), None);
        let some = [MeasureId::new(1), MeasureId::new(9), MeasureId::new(404)];
        assert_eq!(measures::find_all(&mut tx, &some).await.unwrap().len(), 2);
    }

    async fn a_post_is_removed_once_and_put_back_once(node: Node) {
        let sleep = node.community("sleep", Audience::Everyone).await;
        let sam = node.member("sam").await.actor();
        let [one, two] = [node.post_with(sam, "one", |post| post.community = Some(sleep)).await, node.post(sam, "two").await];
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        assert_eq!(measures::posts_of(&mut tx, sleep, sam, 9).await.unwrap(), [one.id], "of the community alone");
        for (at, changes) in [(None, false), (Some(now), true), (Some(now.plus_secs(1)), false)] {
            assert_eq!(measures::set_removed(&mut tx, one.id, at).await.unwrap(), changes);
        }
        assert_eq!(measures::removed_at(&mut tx, sleep, sam, now, 9).await.unwrap(), [one.id]);
        assert!(measures::posts_of(&mut tx, sleep, sam, 9).await.unwrap().is_empty());
        assert!(measures::set_removed(&mut tx, one.id, None).await.unwrap());
        assert!(measures::set_locked(&mut tx, two.id, Some(now)).await.unwrap());
        assert!(!measures::set_locked(&mut tx, two.id, Some(now)).await.unwrap());
        assert_eq!(posts::find(&mut tx, two.id).await.unwrap().unwrap().locked_at, Some(now));
        assert!(measures::set_locked(&mut tx, two.id, None).await.unwrap());
        posts::mark_deleted(&mut tx, two.id, now).await.unwrap();
        assert!(!measures::set_removed(&mut tx, two.id, Some(now)).await.unwrap());
        assert!(!measures::set_locked(&mut tx, PostId::new(404), Some(now)).await.unwrap());
    }

    async fn what_a_server_took_away_is_found_by_the_moment_of_the_first_time(node: Node) {
        let (kim, now) = (node.stranger("kim", "b.example").await, node.clock.now());
        let [calm, joined] = [node.community_elsewhere("calm", "b.example").await, node.community_elsewhere("joined", "b.example").await];
        let [other, ours] = [node.community_elsewhere("other", "b.example.evil").await, node.community("sleep", Audience::Everyone).await];
        let mut written = Vec::new();
        for community in [calm, other, ours] {
            written.push(node.post_with(kim, "hello", |post| post.community = Some(community)).await.id);
        }
        let letter = node.post_with(kim, "a letter", |post| post.visibility = Visibility::Direct).await.id;
        node.follow(kim, joined.actor()).await;
        let mut tx = node.store().begin().await.unwrap();
        let found = site_removals::communities_of(&mut tx, "https://b.example/", kim, 9).await.unwrap();
        assert_eq!(found, [calm, joined]);
        assert_eq!(site_removals::communities_of(&mut tx, "https://b.example/", kim, 1).await.unwrap(), [calm]);
        assert_eq!(site_removals::posts_in(&mut tx, &found, kim, 9).await.unwrap(), [written[0]]);
        written.reverse();
        assert_eq!(site_removals::posts_of(&mut tx, kim, 9).await.unwrap(), written, "but not {letter}");
        for later in [0, 5] {
            let at = site_removals::begin(&mut tx, "b.example", kim, now.plus_secs(later)).await.unwrap();
            assert_eq!(at, now);
            measures::set_removed(&mut tx, written[0], Some(at)).await.unwrap();
        }
        measures::set_removed(&mut tx, written[1], Some(now.plus_secs(1))).await.unwrap();
        assert_eq!(site_removals::removed_at(&mut tx, kim, now, 9).await.unwrap(), [written[0]]);
        assert!(site_removals::find(&mut tx, "c.example", kim).await.unwrap().is_none());
        site_removals::end(&mut tx, "b.example", kim).await.unwrap();
        assert!(site_removals::find(&mut tx, "b.example", kim).await.unwrap().is_none());
    }

    async fn a_ban_ends_by_itself_or_is_lifted(node: Node) {
        let sleep = node.community("sleep", Audience::Everyone).await;
        let [sam, ada] = [node.member("sam").await.actor(), node.member("ada").await.actor()];
        let now = node.clock.now();
        let ban = |actor_id, expires_at| Ban { actor_id, expires_at, reason: "rude".to_owned() };
        let mut tx = node.store().begin().await.unwrap();
        assert!(bans::put(&mut tx, sleep, &ban(sam, None), now).await.unwrap());
        assert!(!bans::put(&mut tx, sleep, &ban(sam, None), now).await.unwrap());
        assert!(bans::put(&mut tx, sleep, &ban(sam, Some(now.plus_secs(10))), now).await.unwrap());
        assert!(bans::put(&mut tx, sleep, &ban(ada, None), now).await.unwrap());
        for (at, expected) in [(now, vec![ada, sam]), (now.plus_secs(10), vec![ada])] {
            let page = bans::page(&mut tx, sleep, &Page::newest(9), at).await.unwrap();
            assert_eq!(page.iter().map(|ban| ban.actor_id).collect::<Vec<_>>(), expected);
        }
        assert!(bans::find(&mut tx, sleep, sam, now.plus_secs(10)).await.unwrap().is_none());
        assert_eq!(bans::find(&mut tx, sleep, sam, now).await.unwrap().unwrap().reason, "rude");
        assert!(bans::lift(&mut tx, sleep, sam).await.unwrap());
        assert!(!bans::lift(&mut tx, sleep, sam).await.unwrap());
        let standing = communities::standing(&mut tx, sleep, sam, now).await.unwrap();
        assert!(!standing.banned);
    }
}
