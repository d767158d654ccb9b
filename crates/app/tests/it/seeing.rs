//! Who may see what, against a model that knows no database: every kind of viewer, and other nodes among them.

use alongside_app::reading::{self, Peer, Viewer};
use alongside_app::{acquaintances, hosts};
use alongside_domain::actor::ActorKind;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId, PostId};
use alongside_domain::post::{Post, Visibility};
use alongside_store::bans::{self, Ban};
use alongside_store::{blocks, communities, follows, measures, posts};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::collections::HashSet;

const HERE: &str = "";
/// In the agreement, with members or not; and one that is not in it.
const HOSTS: [&str; 3] = ["b.example", "c.example", "d.example"];
/// Where one of the communities lives.
const HOME: &str = "c.example";
const POSTS: usize = 120;

/// What is so, as the model knows it.
#[derive(Default)]
struct Facts {
    people: Vec<(ActorId, &'static str)>,
    communities: Vec<(CommunityId, &'static str)>,
    accepted: HashSet<(ActorId, ActorId)>,
    stewards: HashSet<(ActorId, CommunityId)>,
    banned: HashSet<(ActorId, CommunityId)>,
    blocked: HashSet<(ActorId, ActorId)>,
    named: HashSet<(ActorId, PostId)>,
    agreed: HashSet<&'static str>,
}

/// Who looks, as the model says it.
#[derive(Debug, Clone)]
enum Eyes {
    Nobodys,
    Of(ActorId),
    At(&'static str, Vec<CommunityId>),
}

impl Facts {
    fn may_see(&self, eyes: &Eyes, post: &Post) -> bool {
        let is_there = post.deleted_at.is_none() && post.removed_at.is_none();
        is_there
            && match eyes {
                Eyes::Nobodys => post.visibility.is_open(),
                Eyes::Of(actor) => self.actor_may_see(*actor, post),
                Eyes::At(host, vouched) => self.host_may_see(host, vouched, post),
            }
    }

    fn actor_may_see(&self, actor: ActorId, post: &Post) -> bool {
        if actor == post.author {
            return true;
        }
        if self.blocked.contains(&(post.author, actor)) && !self.looks_after(actor, post) {
            return false;
        }
        match (post.visibility, post.community) {
            (Visibility::Public | Visibility::Unlisted, _) => true,
            (Visibility::Members, Some(id)) => {
                let belongs =
                    self.accepted.contains(&(actor, id.actor())) || self.stewards.contains(&(actor, id));
                belongs && !self.banned.contains(&(actor, id))
            }
            (Visibility::Members, None) => false,
            (Visibility::Followers, _) => {
                self.accepted.contains(&(actor, post.author)) || self.named.contains(&(actor, post.id))
            }
            (Visibility::Direct, _) => self.named.contains(&(actor, post.id)),
        }
    }

    fn looks_after(&self, actor: ActorId, post: &Post) -> bool {
        let is_of_community = post.visibility.is_open() || post.visibility == Visibility::Members;
        let looks_after = |id| self.stewards.contains(&(actor, id)) && !self.banned.contains(&(actor, id));
        is_of_community && post.community.is_some_and(looks_after)
    }

    fn host_may_see(&self, host: &str, vouched: &[CommunityId], post: &Post) -> bool {
        match (post.visibility, post.community) {
            (Visibility::Public | Visibility::Unlisted, _) => true,
            (Visibility::Members, Some(id)) => {
                let lives_there = self.communities.contains(&(id, HOME)) && host == HOME;
                let is_home_of_one = self.people.iter().any(|(actor, home)| {
                    *home == host
                        && self.accepted.contains(&(*actor, id.actor()))
                        && !self.banned.contains(&(*actor, id))
                });
                self.agreed.contains(host) && (lives_there || is_home_of_one || vouched.contains(&id))
            }
            (Visibility::Members, None) | (Visibility::Followers | Visibility::Direct, _) => false,
        }
    }
}

/// Draws from the node's own chance, which is the same in every run.
fn draw(node: &Node, below: usize) -> usize {
    usize::from(u16::from_le_bytes(node.app.random())) % below
}

async fn world(node: &Node) -> Facts {
    let mut facts = Facts::default();
    for handle in ["ada", "ben", "cleo", "dora"] {
        facts.people.push((node.member(handle).await.actor(), HERE));
    }
    for (host, handles) in HOSTS.into_iter().zip([["eve", "finn"], ["gus", "hope"], ["ivy", "joan"]]) {
        for handle in handles {
            facts.people.push((node.stranger(handle, host).await, host));
        }
    }
    for (handle, audience) in [("sleep", Audience::Everyone), ("quiet", Audience::Members)] {
        facts.communities.push((node.community(handle, audience).await, HERE));
    }
    facts.communities.push((elsewhere(node).await, HOME));
    for host in ["b.example", "c.example"] {
        node.agree(host).await;
        facts.agreed.insert(host);
    }
    relate(node, &mut facts).await;
    facts
}

async fn elsewhere(node: &Node) -> CommunityId {
    let model = node.stranger("model", HOME).await;
    let model = alongside_store::actors::find(&mut node.app.reader(), model).await.unwrap().unwrap();
    let uri = format!("https://{HOME}/groups/far");
    let profile = alongside_store::actors::Profile {
        kind: ActorKind::Group,
        handle: "far".to_owned(),
        host: HOME.to_owned(),
        url: uri.clone(),
        inbox: format!("{uri}/inbox"),
        uri,
        name: "far".to_owned(),
        note: String::new(),
        note_source: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        locked: false,
        bot: false,
        discoverable: true,
        shared_inbox: model.shared_inbox,
        outbox: None,
        followers: None,
        featured: None,
        moderators: None,
        created_at: model.created_at,
    };
    let says = acquaintances::Says { members_only: true, indexable: false };
    CommunityId::of(acquaintances::learn(&node.app, &profile, &[], says).await.unwrap().id)
}

/// Lets chance decide who follows, looks after, was sent out of, and has blocked whom.
async fn relate(node: &Node, facts: &mut Facts) {
    let people: Vec<ActorId> = facts.people.iter().map(|(actor, _)| *actor).collect();
    let all: Vec<CommunityId> = facts.communities.iter().map(|(id, _)| *id).collect();
    for actor in &people {
        for target in people.iter().copied().chain(all.iter().map(|id| id.actor())).filter(|to| to != actor) {
            if draw(node, 4) == 0 {
                node.follow(*actor, target).await;
                facts.accepted.insert((*actor, target));
                continue;
            }
            if draw(node, 6) == 0 {
                // Asked, and not accepted: that is nothing yet.
                let mut tx = node.store().begin().await.unwrap();
                node.follow_with(&mut tx, *actor, target, false).await;
                tx.commit().await.unwrap();
            }
        }
        let mut tx = node.store().begin().await.unwrap();
        for id in &all {
            if draw(node, 8) == 0 {
                communities::appoint(&mut tx, *id, *actor, "moderator", node.app.now()).await.unwrap();
                facts.stewards.insert((*actor, *id));
            }
            if draw(node, 5) == 0 {
                let is_over = draw(node, 3) == 0;
                let until = is_over.then(|| node.app.now().plus_secs(-1));
                let ban = Ban { actor_id: *actor, expires_at: until, reason: String::new() };
                bans::put(&mut tx, *id, &ban, node.app.now()).await.unwrap();
                if !is_over {
                    facts.banned.insert((*actor, *id));
                }
            }
        }
        let other = people[draw(node, people.len())];
        if other != *actor {
            blocks::add(&mut tx, node.app.next_id(), *actor, other).await.unwrap();
            facts.blocked.insert((*actor, other));
        }
        tx.commit().await.unwrap();
    }
}

async fn written(node: &Node, facts: &mut Facts) -> Vec<Post> {
    const KINDS: [Visibility; 7] = [
        Visibility::Members,
        Visibility::Public,
        Visibility::Members,
        Visibility::Unlisted,
        Visibility::Members,
        Visibility::Followers,
        Visibility::Direct,
    ];
    let mut out = Vec::new();
    for number in 0..POSTS {
        let (author, home) = facts.people[draw(node, facts.people.len())];
        let named: Vec<ActorId> =
            (0..draw(node, 3)).map(|_| facts.people[draw(node, facts.people.len())].0).collect();
        let community = facts.communities[draw(node, facts.communities.len())].0;
        let (has_community, is_gone) = (draw(node, 4) > 0, draw(node, 10));
        let post = node
            .post_naming(author, "psst", &named, |post| {
                post.visibility = KINDS[number % KINDS.len()];
                post.community = has_community.then_some(community);
                post.local = home == HERE;
            })
            .await;
        let mut tx = node.store().begin().await.unwrap();
        match is_gone {
            0 => assert!(measures::set_removed(&mut tx, post.id, Some(node.app.now())).await.unwrap()),
            1 => assert!(posts::mark_deleted(&mut tx, post.id, node.app.now()).await.unwrap()),
            _ => {}
        }
        tx.commit().await.unwrap();
        facts.named.extend(named.into_iter().map(|actor| (actor, post.id)));
        out.push(posts::find(&mut node.app.reader(), post.id).await.unwrap().unwrap());
    }
    out
}

both_engines! {
    async fn everybody_sees_what_the_model_says_and_nothing_else(node: Node) {
        let mut facts = world(&node).await;
        let posts = written(&node, &mut facts).await;
        let mut all = vec![Eyes::Nobodys];
        all.extend(facts.people.iter().map(|(actor, _)| Eyes::Of(*actor)));
        let far = facts.communities[2].0;
        for host in HOSTS.into_iter().chain(["e.example"]) {
            all.extend([Eyes::At(host, Vec::new()), Eyes::At(host, vec![far])]);
        }
        let (mut seen, mut unseen) = (0, 0);
        for eyes in all {
            let peer = match &eyes {
                Eyes::At(host, vouched) => Some(Peer {
                    host: (*host).to_owned(),
                    origin: format!("https://{host}/"),
                    vouched: vouched.clone(),
                }),
                Eyes::Nobodys | Eyes::Of(_) => None,
            };
            let viewer = match (&eyes, &peer) {
                (Eyes::Of(actor), _) => Viewer::Actor(*actor),
                (_, Some(peer)) => Viewer::Node(peer),
                (_, None) => Viewer::Nobody,
            };
            let shown = reading::visible(&mut node.app.reader(), viewer, posts.clone(), node.app.now()).await.unwrap();
            let shown: HashSet<PostId> = shown.iter().map(|post| post.id).collect();
            for post in &posts {
                let may = facts.may_see(&eyes, post);
                assert_eq!(shown.contains(&post.id), may, "{eyes:?} {post:?}");
                let of_members = i32::from(post.visibility == Visibility::Members);
                if may { seen += of_members } else { unseen += of_members }
            }
        }
        assert!(seen > 50 && unseen > 50, "both happened: {seen} {unseen}");
    }

    async fn a_host_that_may_no_longer_hear_loses_its_members(node: Node) {
        let quiet = node.community("quiet", Audience::Members).await;
        let (eve, ivy) = (node.stranger("eve", "b.example").await, node.stranger("ivy", "d.example").await);
        node.agree("b.example").await;
        node.follow(eve, quiet.actor()).await;
        node.follow(ivy, quiet.actor()).await;
        let is_member = async |actor| {
            follows::between(&mut node.app.reader(), actor, quiet.actor()).await.unwrap().is_some()
        };
        hosts::open(&node.app, "b.example").await.unwrap();
        assert!(!is_member(eve).await);
        assert!(is_member(ivy).await, "nothing was decided about that host");
        hosts::block(&node.app, "d.example").await.unwrap();
        assert!(!is_member(ivy).await);
    }
}
