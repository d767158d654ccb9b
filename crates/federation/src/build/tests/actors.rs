//! Members, communities and the node, as others read them.

use super::{World, read};
use crate::build::{actor, discovery};
use crate::documents::actor::{Actor as ReadActor, ActorKind};
use crate::documents::{Document, discovery as read_discovery, tag};
use crate::keys::{self, KeyRing};
use alongside_app::emojis;
use alongside_domain::actor::{Actor, Field};
use alongside_domain::sign_up::Registrations;
use alongside_store::engine::Store;
use alongside_store::statistics::Statistics;
use alongside_testkit::both_engines;
use serde_json::{Value, json};

fn as_actor(document: &Value) -> ReadActor {
    match read(document) {
        Document::Actor(actor) => *actor,
        other => panic!("{}", other.kind()),
    }
}

/// What the software of every actor here is said to read.
fn implements() -> Value {
    json!([
        {
            "href": "https://datatracker.ietf.org/doc/html/rfc9421",
            "name": "RFC-9421: HTTP Message Signatures",
        },
        {
            "href": "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25",
            "name": "RFC-9421 signatures using the Ed25519 algorithm",
        },
    ])
}

/// The document, with what is different in every run left out: its keys.
async fn shown(world: &World, who: &Actor) -> Value {
    let ring = KeyRing::default();
    let mut document = actor::load(&ring, &world.node.app, who).await.unwrap();
    let keys = ring.of(&world.node.app, who).await.unwrap();
    let read = as_actor(&document);
    assert_eq!(read.keys.len(), 2);
    assert!(read.keys.iter().all(|key| key.owner == read.id), "both name their owner");
    let members = document.as_object_mut().unwrap();
    assert_eq!(
        members.remove("publicKey").unwrap(),
        json!({
            "id": format!("{}#main-key", who.uri),
            "owner": who.uri,
            "publicKeyPem": keys.rsa_public_pem,
        })
    );
    assert_eq!(
        members.remove("assertionMethod").unwrap(),
        json!([{
            "id": format!("{}#ed25519-key", who.uri),
            "type": "Multikey",
            "controller": who.uri,
            "publicKeyMultibase": keys.ed25519_public_multibase,
        }])
    );
    let context = members.remove("@context").unwrap();
    assert_eq!(context[0], "https://www.w3.org/ns/activitystreams");
    document
}

both_engines! {
    async fn a_member_is_a_person(store: Store) {
        let mut world = World::new(store).await;
        world.sam.avatar = Some("sam.png".to_owned());
        world.sam.fields = vec![Field { name: "Pronouns".to_owned(), value: "they".to_owned() }];
        assert_eq!(shown(&world, &world.sam).await, json!({
            "id": "https://a.example/actors/sam",
            "type": "Person",
            "preferredUsername": "sam",
            "name": "sam",
            "summary": "",
            "url": "https://a.example/@sam",
            "inbox": "https://a.example/actors/sam/inbox",
            "outbox": "https://a.example/actors/sam/outbox",
            "followers": "https://a.example/actors/sam/followers",
            "following": "https://a.example/actors/sam/following",
            "featured": "https://a.example/actors/sam/featured",
            "endpoints": { "sharedInbox": "https://a.example/inbox" },
            "generator": { "type": "Application", "implements": implements() },
            "icon": { "type": "Image", "url": "https://a.example/media/sam.png" },
            "attachment": [{ "type": "PropertyValue", "name": "Pronouns", "value": "they" }],
            "tag": [],
            "manuallyApprovesFollowers": false,
            "discoverable": true,
            "indexable": false,
            "published": "2026-11-23T00:00:00.000Z",
        }));
    }

    async fn who_wants_to_be_found_by_what_they_write_says_so(store: Store) {
        let world = World::new(store).await;
        let found = Actor { indexable: true, ..world.sam.clone() };
        assert_eq!(shown(&world, &found).await["indexable"], true);
    }

    async fn a_community_is_a_group_and_names_its_moderators(store: Store) {
        let world = World::new(store).await;
        assert_eq!(shown(&world, &world.sleep).await, json!({
            "id": "https://a.example/actors/sleep",
            "type": "Group",
            "preferredUsername": "sleep",
            "name": "sleep",
            "summary": "",
            "url": "https://a.example/@sleep",
            "inbox": "https://a.example/actors/sleep/inbox",
            "outbox": "https://a.example/actors/sleep/outbox",
            "followers": "https://a.example/actors/sleep/followers",
            "featured": "https://a.example/actors/sleep/featured",
            "attributedTo": "https://a.example/actors/sleep/moderators",
            "endpoints": { "sharedInbox": "https://a.example/inbox" },
            "generator": { "type": "Application", "implements": implements() },
            "attachment": [],
            "tag": [],
            "manuallyApprovesFollowers": false,
            "postingRestrictedToMods": false,
            "membersOnly": false,
            "wall": "https://a.example/actors/sleep/wall",
            "discoverable": true,
            "indexable": false,
            "published": "2026-11-23T00:00:00.000Z",
        }));
    }

    /// Lemmy 0.19 and 1.0 take in no server without a name of at most 20 characters, and 0.19 none without `published`.
    async fn the_node_shows_what_it_takes_to_write_to_it_and_no_more(store: Store) {
        let world = World::new(store).await;
        let node = keys::node_actor(&world.node.app).await.unwrap();
        let node = Actor { name: "Peer support of the whole county".to_owned(), ..node };
        assert_eq!(shown(&world, &node).await, json!({
            "id": "https://a.example/",
            "type": "Application",
            "name": "Peer support of the",
            "published": "2026-11-23T00:00:00.000Z",
            "preferredUsername": "alongside",
            "url": "https://a.example/",
            "inbox": "https://a.example/inbox",
            "outbox": "https://a.example/actors/alongside/outbox",
            "endpoints": { "sharedInbox": "https://a.example/inbox" },
            "implements": implements(),
        }));
    }

    async fn a_word_of_ours_in_a_profile_goes_with_its_picture(store: Store) {
        let mut world = World::new(store).await;
        let png = include_bytes!("../../../../web/static/avatar.png").to_vec();
        emojis::add(&world.node.app, "lamp", png, None).await.unwrap();
        world.sam.name = "Sam :lamp:".to_owned();
        world.sam.fields = vec![Field { name: "nights".to_owned(), value: ":lamp: :nothing:".to_owned() }];
        let document = actor::load(&KeyRing::default(), &world.node.app, &world.sam).await.unwrap();
        let terms = document["@context"].as_array().unwrap();
        assert!(terms.contains(&json!({ "Emoji": "http://joinmastodon.org/ns#Emoji" })), "{terms:?}");
        let named = tag::emojis(&as_actor(&document).tags);
        let [(word, address)] = named.as_slice() else { panic!("{named:?}") };
        assert_eq!(word, "lamp");
        assert!(address.starts_with("https://a.example/media/"), "{address}");
        world.sam.suspended_at = Some(world.node.app.now());
        assert_eq!(shown(&world, &world.sam).await["tag"], json!([]));
    }

    async fn a_changed_profile_is_sent_whole(store: Store) {
        let world = World::new(store).await;
        let document = actor::load(&KeyRing::default(), &world.node.app, &world.sleep).await.unwrap();
        let update = actor::update(world.places(), &world.sleep, document, world.node.app.now());
        let Document::Activity(activity) = read(&update) else { panic!("{update}") };
        let crate::documents::activity::Action::Update { object } = activity.action else { panic!("{update}") };
        let Some(Document::Actor(actor)) = object.embedded() else { panic!("{update}") };
        assert_eq!((actor.kind, actor.keys.len()), (ActorKind::Group, 2));
        assert!(actor.moderators.is_some());
    }

    async fn names_lead_to_actors_and_back(store: Store) {
        let world = World::new(store).await;
        let answer = discovery::webfinger(world.places(), &world.sleep);
        assert_eq!(answer, json!({
            "subject": "acct:sleep@a.example",
            "aliases": ["https://a.example/actors/sleep", "https://a.example/@sleep"],
            "links": [
                { "rel": "self", "type": "application/activity+json", "href": "https://a.example/actors/sleep" },
                { "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://a.example/@sleep" },
            ],
        }));
        let found = read_discovery::webfinger(&answer).unwrap();
        assert_eq!(found.actors[0].as_str(), world.sleep.uri);

        let links = discovery::nodeinfo_links(world.places());
        assert_eq!(read_discovery::nodeinfo_link(&links).unwrap().as_str(), "https://a.example/nodeinfo/2.1");
        assert_eq!(links["links"].as_array().unwrap().len(), 2, "clients take any link for NodeInfo");
        let usage = Statistics { members: 2, active: 1, posts: 3, hosts: 1 };
        for registrations in [Registrations::Closed, Registrations::Approval, Registrations::Open] {
            let says = discovery::nodeinfo("2.1", "Night owls", registrations, &usage);
            assert_eq!(says["openRegistrations"], json!(registrations == Registrations::Open));
        }
        let nodeinfo = discovery::nodeinfo("2.1", "Night owls", Registrations::Closed, &usage);
        assert_eq!(read_discovery::software(&nodeinfo).unwrap().name, "alongside");
        assert_eq!(nodeinfo["usage"], json!({ "users": { "total": 2, "activeMonth": 1 }, "localPosts": 3 }));
    }

    async fn of_somebody_suspended_it_is_said_that_they_are_and_nothing_about_them(store: Store) {
        let mut world = World::new(store).await;
        world.sam.name = "Sam".to_owned();
        world.sam.note = "<p>about me</p>".to_owned();
        shown(&world, &world.sam.clone()).await;
        world.sam.suspended_at = Some(world.node.app.now());
        let document = shown(&world, &world.sam.clone()).await;
        assert_eq!((&document["suspended"], &document["name"], &document["summary"]), (&json!(true), &json!(""), &json!("")));
        assert_eq!(document["id"], json!(world.sam.uri));
    }
}
