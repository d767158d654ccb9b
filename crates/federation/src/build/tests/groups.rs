//! What the software of other communities needs of what a member here writes in them, field by field, as it was
//! found by running it or reading its source.

use super::{World, read};
use crate::build::{actor, publish};
use crate::documents::Document;
use crate::documents::activity::Action;
use crate::documents::addressing::PUBLIC;
use crate::keys::KeyRing;
use alongside_domain::id::CommunityId;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_store::walls::{self, Wall};
use alongside_testkit::both_engines;
use serde_json::{Value, json};

/// What one software needs.
struct Needs {
    /// As its NodeInfo names it.
    software: &'static str,
    /// The type of a new thread.
    thread: &'static str,
    /// What must be there: in the activity, from its beginning.
    fields: &'static [&'static str],
    /// What it stumbles over.
    without: &'static [&'static str],
}

/// What everybody needs: who and to whom, on both the activity and the post.
const ALWAYS: &[&str] = &[
    "/id",
    "/type",
    "/actor",
    "/to/0",
    "/cc/0",
    "/object/id",
    "/object/attributedTo",
    "/object/to/0",
    "/object/cc/0",
    "/object/content",
    "/object/published",
    "/object/url",
];

const TABLE: &[Needs] = &[
    Needs {
        software: "lemmy",
        thread: "Page",
        fields: &["/audience", "/object/name", "/object/audience", "/object/attachment", "/object/mediaType"],
        without: &["/object/inReplyTo", "/object/language", "/object/image"],
    },
    Needs {
        software: "piefed",
        thread: "Page",
        fields: &["/audience", "/object/name", "/object/audience", "/object/attachment", "/object/tag"],
        without: &["/object/inReplyTo"],
    },
    Needs {
        software: "mbin",
        thread: "Page",
        fields: &["/audience", "/object/name", "/object/audience", "/object/mediaType", "/object/sensitive"],
        without: &["/object/inReplyTo"],
    },
    Needs {
        software: "lotide",
        thread: "Page",
        fields: &["/object/name", "/object/mediaType"],
        without: &["/object/inReplyTo"],
    },
    Needs {
        software: "nodebb",
        thread: "Page",
        fields: &[
            "/audience",
            "/object/name",
            "/object/audience",
            "/object/context",
            "/object/source/content",
            "/object/tag/0/href",
        ],
        without: &["/object/inReplyTo"],
    },
    Needs {
        software: "discourse",
        thread: "Note",
        fields: &["/audience", "/object/audience", "/object/context", "/object/source/content"],
        without: &["/object/name"],
    },
    Needs {
        software: "friendica",
        thread: "Note",
        fields: &["/object/audience", "/object/tag/0/href", "/object/tag/0/name", "/object/context"],
        without: &["/object/name", "/object/summary"],
    },
    Needs {
        software: "mobilizon",
        thread: "Note",
        fields: &["/object/tag/0/href", "/object/mediaType"],
        without: &["/object/name"],
    },
    Needs {
        software: "guppe",
        thread: "Note",
        fields: &["/object/tag/0/href", "/object/tag/0/type"],
        without: &["/object/name", "/object/summary"],
    },
    Needs {
        software: "wordpress",
        thread: "Note",
        fields: &["/object/tag/0/href", "/object/mediaType"],
        without: &["/object/name", "/object/summary"],
    },
    Needs {
        software: "mastodon",
        thread: "Note",
        fields: &[
            "/object/sensitive",
            "/object/replies/first/partOf",
            "/object/tag/0/name",
            "/object/attachment",
        ],
        without: &["/object/name", "/object/summary"],
    },
    Needs {
        software: "gotosocial",
        thread: "Note",
        fields: &["/object/sensitive", "/object/replies/id", "/object/replies/first/items"],
        without: &["/object/name", "/object/summary"],
    },
];

both_engines! {
    async fn a_thread_has_what_the_software_of_its_community_needs(store: Store) {
        let world = World::new(store).await;
        for needs in TABLE {
            let host = format!("{}.example", needs.software);
            let group = world.node.stranger("calm", &host).await;
            let mut tx = world.node.store().begin().await.unwrap();
            let now = world.node.app.now();
            hosts::remember_software(&mut tx, &host, Some(needs.software), None, now).await.unwrap();
            tx.commit().await.unwrap();
            let written = world.node.post_naming(world.sam.id, "How do you sleep?", &[group], |post| {
                post.community = Some(CommunityId::of(group));
            }).await;
            let create = publish::create(world.places(), &world.parts(written).await);
            read(&create);
            for field in ALWAYS.iter().chain(needs.fields) {
                assert!(create.pointer(field).is_some(), "{} needs {field}: {create}", needs.software);
            }
            for field in needs.without {
                assert_eq!(create.pointer(field), None, "{} stumbles over {field}", needs.software);
            }
            assert_eq!(create["object"]["type"], needs.thread, "{}", needs.software);
            let group = format!("https://{host}/users/calm");
            for part in ["to", "cc"] {
                assert_eq!(create[part], create["object"][part], "both say the same");
            }
            assert!(names(&create["to"], &group) || names(&create["cc"], &group), "{} is told", needs.software);
            assert!(names(&create["to"], PUBLIC), "{}", needs.software);
            for field in ["/audience", "/object/audience", "/object/tag/0/href"] {
                assert_eq!(create.pointer(field).unwrap(), &group, "{}: {field}", needs.software);
            }
        }
    }

    async fn what_is_written_in_a_community_with_a_wall_hangs_on_it(store: Store) {
        let world = World::new(store).await;
        let group = CommunityId::of(world.node.stranger("calm", "smithereen.example").await);
        let uri = "https://smithereen.example/users/calm/wall".to_owned();
        let comments = Wall { uri: format!("{uri}-comments"), community_id: group, comments: true };
        let wall = Wall { uri: uri.clone(), community_id: group, comments: false };
        let mut tx = world.node.store().begin().await.unwrap();
        walls::replace(&mut tx, group, &[comments, wall]).await.unwrap();
        tx.commit().await.unwrap();
        let written = async |visibility, reply_to| {
            let post = world.node.post_with(world.sam.id, "hello", |post| {
                post.community = Some(group);
                post.visibility = visibility;
                post.reply_to_uri = reply_to;
            });
            publish::create(world.places(), &world.parts(post.await).await)
        };
        let thread = written(Visibility::Public, None).await;
        assert_eq!(thread["object"]["target"], json!({
            "type": "Collection", "id": uri, "attributedTo": "https://smithereen.example/users/calm",
        }));
        let Document::Activity(read) = read(&thread) else { panic!("an activity") };
        let Action::Create { objects } = &read.action else { panic!("a publication") };
        let owner = objects[0].post().unwrap().wall_of.as_ref().unwrap();
        assert_eq!(owner.as_str(), "https://smithereen.example/users/calm");
        for (visibility, reply_to) in [
            (Visibility::Members, None),
            (Visibility::Followers, None),
            (Visibility::Public, Some("https://smithereen.example/posts/1".to_owned())),
        ] {
            let other = written(visibility, reply_to).await;
            assert_eq!(other["object"].get("target"), None, "{other}");
        }
    }

    async fn a_page_without_a_title_is_named_by_its_first_line(store: Store) {
        let world = World::new(store).await;
        let group = world.node.stranger("calm", "lemmy.example").await;
        let mut tx = world.node.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, "lemmy.example", Some("lemmy"), None, world.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        for (content, name) in [
            ("<p>How do you sleep?<br>I lie awake.</p><p>Every night.</p>", Some("How do you sleep?".to_owned())),
            ("<p><span class=\"h-card\"><a href=\"https://lemmy.example/c/calm\">@<span>calm</span></a></span> Who wakes?</p>",
                Some("Who wakes?".to_owned())),
            ("<p>@calmer is a word</p>", Some("@calmer is a word".to_owned())),
            ("<p> </p><p>At last</p>", Some("At last".to_owned())),
            (&format!("<p>{}</p>", "a".repeat(300)), Some("a".repeat(200))),
            ("", None),
        ] {
            let written = world.node.post_with(world.sam.id, "", |post| {
                post.community = Some(CommunityId::of(group));
                post.content = content.to_owned();
            }).await;
            let create = publish::create(world.places(), &world.parts(written).await);
            assert_eq!(create["object"].get("name").and_then(Value::as_str), name.as_deref(), "{content}");
        }
    }

    async fn whoever_writes_has_what_all_software_asks_of_a_person(store: Store) {
        let world = World::new(store).await;
        let sam = actor::load(&KeyRing::default(), &world.node.app, &world.sam).await.unwrap();
        for field in [
            "/@context/0", "/id", "/type", "/preferredUsername", "/name", "/inbox", "/outbox", "/followers", "/featured",
            "/url", "/published", "/endpoints/sharedInbox", "/publicKey/id", "/publicKey/owner", "/publicKey/publicKeyPem",
        ] {
            assert!(sam.pointer(field).is_some_and(|value| !value.is_null()), "{field}");
        }
        assert!(sam["publicKey"].is_object(), "one key, and not a list");
        assert!(sam["publicKey"]["id"].as_str().unwrap().contains('#'), "Lemmy asks for a part of the actor");
    }
}

fn names(list: &Value, address: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|one| one == address))
}
