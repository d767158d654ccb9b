//! What each software's spelling is read as. The whole fixture folder is walked by the
//! integration tests; here are the spellings one by one, named for who sends them.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::{collection, sample};
use serde_json::json;

use crate::documents::activity::Action;
use crate::documents::addressing::{Addressing, PUBLIC, Public};
use crate::documents::key::KeyMaterial;
use crate::documents::media::AttachmentKind;
use crate::documents::post::Format;
use crate::documents::reference::Reference;
use crate::documents::tag::Tag;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn post(members: Value) -> Post {
    let mut note =
        json!({ "id": "https://a.example/n/1", "type": "Note", "attributedTo": "https://a.example/u" });
    let Value::Object(members) = members else { panic!("members are an object") };
    note.as_object_mut().unwrap().extend(members);
    match read(&note).unwrap() {
        Document::Post(post) => *post,
        other => panic!("{other:?}"),
    }
}

fn actor(members: Value) -> Actor {
    let mut person =
        json!({ "id": "https://a.example/u", "type": "Person", "inbox": "https://a.example/u/inbox" });
    let Value::Object(members) = members else { panic!("members are an object") };
    person.as_object_mut().unwrap().extend(members);
    match read(&person).unwrap() {
        Document::Actor(actor) => *actor,
        other => panic!("{other:?}"),
    }
}

fn activity(json: &Value) -> Activity {
    parse_activity(json.to_string().as_bytes()).unwrap()
}

#[test]
fn kroeg_embeds_the_actor_and_sends_one_tag_alone() {
    let create = activity(&json!({
        "id": "https://a.example/c", "type": ["Create", "x:Other"],
        "actor": { "id": "https://a.example/", "type": "Person", "endpoints": "https://a.example/#endpoints" },
        "to": PUBLIC,
        "object": { "id": "https://a.example/n", "type": "Note", "attributedTo": "https://a.example/",
            "tag": { "type": "Emoji", "name": ":smile:", "icon": { "type": "Image", "url": "https://a.example/s.png" } } },
    }));
    assert_eq!(create.actor, url("https://a.example/"));
    assert!(create.addressing.is_public());
    let Action::Create { objects } = &create.action else { panic!("{create:?}") };
    let emoji = Tag::Emoji { shortcode: "smile".to_owned(), icon: url("https://a.example/s.png") };
    assert_eq!(objects[0].post().unwrap().tags, [emoji]);
}

#[test]
fn peertube_names_a_person_and_a_channel_and_many_urls() {
    let video = post(json!({
        "type": "Video",
        "attributedTo": [
            { "type": "Group", "id": "https://a.example/channel" },
            { "type": "Person", "id": "https://a.example/account" },
        ],
        "url": [
            { "type": "Link", "mediaType": "application/x-mpegURL", "href": "https://a.example/v.m3u8" },
            { "type": "Link", "mediaType": "text/html", "href": "https://a.example/w/1" },
        ],
        "mediaType": "text/markdown", "content": "*hi*",
        "language": { "identifier": "en", "name": "English" },
        "icon": [
            { "type": "Image", "url": "https://a.example/small.jpg", "width": 280 },
            { "type": "Image", "url": "https://a.example/large.jpg", "width": 850 },
            { "type": "Image", "url": "https://a.example/tiny.jpg", "width": 100 },
        ],
    }));
    assert_eq!(video.author, url("https://a.example/account"));
    assert_eq!(video.url, Some(url("https://a.example/w/1")));
    assert_eq!(video.content.unwrap().format, Format::Markdown);
    assert_eq!(video.language.as_deref(), Some("en"));
    assert_eq!(video.image, Some(url("https://a.example/large.jpg")));
}

#[test]
fn addressing_may_be_one_many_null_or_short() {
    let addressing = |members| post(members).addressing;
    assert_eq!(addressing(json!({ "to": "as:Public" })).public, Some(Public::Listed));
    assert_eq!(addressing(json!({ "to": ["Public"], "cc": null })).public, Some(Public::Listed));
    let unlisted = addressing(json!({ "to": ["https://a.example/f"], "cc": [PUBLIC, "not a url", 7] }));
    assert_eq!(unlisted.public, Some(Public::Unlisted));
    assert!(unlisted.addressed_to().eq([&url("https://a.example/f")]));
    let group = addressing(json!({ "audience": { "id": "https://b.example/c/x", "type": "Group" } }));
    assert_eq!(group.audience, [url("https://b.example/c/x")]);
    assert!(!group.is_public() && group.names(&url("https://b.example/c/x")));
    assert_eq!(addressing(json!({})), Addressing::default());
}

#[test]
fn languages_come_from_the_map_or_from_the_member() {
    let language = |members| post(members).language;
    assert_eq!(
        language(json!({ "content": "a", "contentMap": { "cy": "b", "en": "a" } })).as_deref(),
        Some("en")
    );
    assert_eq!(language(json!({ "content": "a", "language": "cy" })).as_deref(), Some("cy"));
    assert_eq!(language(json!({ "content": "a", "language": [{ "identifier": "und" }] })), None);
    let under_the_plain_name = post(json!({ "content": { "cy": "helo" } }));
    assert_eq!(under_the_plain_name.content.map(|content| content.text).as_deref(), Some("helo"));
    assert_eq!(under_the_plain_name.language.as_deref(), Some("cy"));
    let spelled_out = post(json!({ "content": { "@language": "cy", "@value": "helo" } }));
    assert_eq!(spelled_out.content.map(|content| content.text).as_deref(), Some("helo"));
    let mapped = post(json!({ "contentMap": { "cy": "helo" }, "nameMap": { "cy": "teitl" } }));
    assert_eq!((mapped.content.unwrap().text.as_str(), mapped.name.as_deref()), ("helo", Some("teitl")));
}

#[test]
fn times_without_a_zone_a_time_or_sense() {
    let time = |text: &str| post(json!({ "published": text })).published.map(|time| time.to_string());
    for (given, read) in [
        ("2024-05-01T10:20:30Z", "2024-05-01T10:20:30Z"),
        ("2017-12-19T16:56:29.7576707+00:00", "2017-12-19T16:56:29.7576707Z"),
        ("2024-05-01T12:20:30+02:00", "2024-05-01T10:20:30Z"),
        ("2024-05-01T10:20:30.123", "2024-05-01T10:20:30.123Z"),
        ("2024-05-01 10:20:30", "2024-05-01T10:20:30Z"),
        ("2024-05-01", "2024-05-01T00:00:00Z"),
        ("Wed, 01 May 2024 10:20:30 GMT", "2024-05-01T10:20:30Z"),
    ] {
        assert_eq!(time(given).as_deref(), Some(read), "{given}");
    }
    assert_eq!(time("SCRUBBED_DATE"), None);
    assert_eq!(time("99999-01-01T00:00:00Z"), None);
}

#[test]
fn a_text_that_no_database_could_keep_is_none() {
    let hostile = post(json!({
        "content": "a\0b", "mediaType": "text/plain", "summary": "\0", "name": "c\0", "context": "https://a.example/t\0",
    }));
    assert_eq!((hostile.content, hostile.summary, hostile.name, hostile.context), (None, None, None, None));
    let spared = post(json!({ "content": "a\0", "contentMap": { "en": "b\0", "cy": "b" } }));
    assert_eq!(spared.content.unwrap().text, "b");
}

#[test]
fn sources_replies_and_threads_have_several_shapes() {
    assert_eq!(post(json!({ "source": "raw" })).source.unwrap().format, Format::Plain);
    let lemmy = post(
        json!({ "source": { "content": "*raw*", "mediaType": "text/markdown" }, "inReplyTo": ["https://a.example/n/0"] }),
    );
    assert_eq!(lemmy.source.unwrap().format, Format::Markdown);
    assert_eq!(lemmy.in_reply_to, Some(url("https://a.example/n/0")));
    assert_eq!(
        post(json!({ "inReplyTo": null, "context": { "id": "https://a.example/t" } })).context.as_deref(),
        Some("https://a.example/t")
    );
    assert_eq!(
        post(json!({ "conversation": "tag:a.example,1" })).context.as_deref(),
        Some("tag:a.example,1")
    );

    assert_eq!(
        post(json!({ "replies": "https://a.example/r" })).replies,
        Some(Reference::Id(url("https://a.example/r")))
    );
    let note =
        json!({ "id": "https://a.example/n/2", "type": "Note", "attributedTo": "https://a.example/u" });
    for replies in [
        json!([note]),
        json!({ "type": "Collection", "items": [note] }),
        json!({ "type": "Collection", "first": { "type": "CollectionPage", "items": note, "next": "https://a.example/r?2" } }),
    ] {
        let replies = post(json!({ "replies": replies })).replies.unwrap();
        let Some(Document::Collection(collection)) = replies.embedded() else { panic!("{replies:?}") };
        assert_eq!(collection.items_here().filter_map(Reference::id).count(), 1);
    }
}

#[test]
fn a_collection_says_where_it_goes_on() {
    let continues = |json: Value| match read(&json).unwrap() {
        Document::Collection(collection) => collection.continues_at().map(ToString::to_string),
        other => panic!("{other:?}"),
    };
    let next = Some("https://a.example/2".to_owned());
    assert_eq!(continues(json!({ "type": "orderedCollection", "first": "https://a.example/2" })), next);
    let page = json!({ "type": "OrderedCollectionPage", "orderedItems": [], "next": "https://a.example/2" });
    assert_eq!(continues(page.clone()), next);
    assert_eq!(continues(json!({ "type": "Collection", "first": page })), next);
    assert_eq!(continues(json!({ "type": "Collection", "items": [] })), None);
}

#[test]
fn attachments_may_be_one_link_or_picture() {
    let lemmy =
        post(json!({ "type": "Page", "attachment": { "type": "Link", "href": "https://b.example/" } }));
    assert_eq!(
        (lemmy.attachments[0].kind, lemmy.attachments[0].url.as_str()),
        (AttachmentKind::Link, "https://b.example/")
    );
    let owncast = post(
        json!({ "attachment": [{ "type": "Image", "url": { "type": "Link", "href": "https://b.example/i.png" }, "name": "alt" }] }),
    );
    assert_eq!(owncast.attachments[0].description.as_deref(), Some("alt"));
    let nodebb = json!({ "type": "Image", "url": "https://b.example/i.png", "width": "300" });
    assert_eq!(post(json!({ "attachment": nodebb })).attachments[0].width, Some(300));
    let many: Vec<_> =
        (0..500).map(|n| json!({ "type": "Image", "url": format!("https://b.example/{n}") })).collect();
    assert_eq!(post(json!({ "attachment": many })).attachments.len(), media::ATTACHMENTS_MAX);
}

#[test]
fn a_link_a_browser_would_run_is_no_link() {
    let note = post(
        json!({ "url": "javascript:alert(1)", "image": "data:image/png,x", "attachment": { "type": "Link", "href": "file:///x" } }),
    );
    assert_eq!((note.url, note.image, note.attachments.len()), (None, None, 0));
}

#[test]
fn an_actor_lists_keys_of_both_kinds() {
    let key = |id: &str| json!({ "id": id, "owner": "https://a.example/u", "publicKeyPem": "PEM" });
    let ed25519 = json!({ "id": "https://a.example/u#ed", "type": "Multikey", "controller": "https://a.example/u", "publicKeyMultibase": "z6Mk" });
    let foreign =
        json!({ "id": "https://a.example/u#x", "owner": "https://b.example/u", "publicKeyPem": "PEM" });
    let many =
        actor(json!({ "publicKey": [key("https://a.example/u#1"), foreign], "assertionMethod": [ed25519] }));
    assert_eq!(many.keys.len(), 3);
    assert!(many.key(&url("https://a.example/u#1")).is_some());
    assert_eq!(
        many.key(&url("https://a.example/u#ed")).unwrap().material,
        KeyMaterial::Multibase("z6Mk".to_owned())
    );
    assert_eq!(many.key(&url("https://a.example/u#x")), None, "claims another owner");
    assert_eq!(actor(json!({ "publicKey": key("https://a.example/u#1") })).keys.len(), 1);
}

#[test]
fn an_actor_with_pictures_flags_and_endpoints_of_every_kind() {
    let group = actor(json!({
        "type": "Group", "icon": "https://a.example/i.png", "image": { "type": "Image", "url": "https://a.example/j.png" },
        "manuallyApprovesFollowers": "true", "discoverable": false, "endpoints": { "sharedInbox": "https://a.example/inbox" },
        "attributedTo": "https://a.example/u/moderators", "attachment": { "type": "PropertyValue", "name": "n", "value": "v" },
    }));
    assert_eq!(group.icon, Some(url("https://a.example/i.png")));
    assert_eq!(group.image, Some(url("https://a.example/j.png")));
    assert!(group.manually_approves_followers);
    assert_eq!((group.discoverable, group.indexable), (Some(false), None));
    assert_eq!(group.shared_inbox, Some(url("https://a.example/inbox")));
    assert_eq!(group.moderators, Some(url("https://a.example/u/moderators")));
    assert_eq!(group.fields.len(), 1);
    assert_eq!(
        actor(
            json!({ "endpoints": {}, "icon": [], "type": "Person", "attributedTo": "https://a.example/m" })
        )
        .moderators,
        None
    );
}

#[test]
fn a_poll_and_a_vote() {
    let poll = post(json!({
        "type": "Question", "anyOf": [{ "type": "Note", "name": "yes", "replies": { "type": "Collection", "totalItems": 3 } }, { "name": "no" }],
        "endTime": "2024-05-01T00:00:00Z", "closed": true, "votersCount": 4,
    }))
    .poll
    .unwrap();
    assert!(poll.multiple && poll.closed);
    assert_eq!((poll.options[0].votes, poll.options[1].votes, poll.voters), (Some(3), None, Some(4)));
    assert!(post(json!({ "name": "yes", "inReplyTo": "https://b.example/q" })).is_vote());
    assert!(!post(json!({ "name": "yes", "content": "x", "inReplyTo": "https://b.example/q" })).is_vote());
}

#[test]
fn an_unknown_type_is_an_answer_and_a_known_one_without_substance_is_not() {
    let unknown = read(&json!({ "type": "Feed", "id": "https://a.example/f" })).unwrap();
    assert_eq!(
        unknown,
        Document::Unknown(Unknown { id: Some(url("https://a.example/f")), kind: "Feed".to_owned() })
    );
    let join =
        activity(&json!({ "type": "Join", "actor": "https://a.example/u", "object": "https://a.example/e" }));
    assert_eq!(join.action, Action::Unknown { kind: "Join".to_owned() });

    assert!(matches!(read(&json!([])), Err(Malformed::NotAnObject)));
    assert!(matches!(read(&json!({ "type": [] })), Err(Malformed::NoType)));
    assert!(matches!(
        read(&json!({ "type": "Note", "id": "https://a.example/n" })),
        Err(Malformed::Missing("attributedTo"))
    ));
    assert!(matches!(
        read(&json!({ "type": "Follow", "actor": "https://a.example/u" })),
        Err(Malformed::Missing("object"))
    ));
    assert!(
        matches!(parse_activity(br#"{"type":"Feed"}"#), Err(Malformed::NotAnActivity(kind)) if kind == "Feed")
    );
    assert!(matches!(parse(b"{"), Err(Malformed::NotJson(_))));
}

#[test]
fn what_is_embedded_and_unreadable_is_taken_by_its_id() {
    let accept = activity(&json!({
        "type": "Accept", "actor": "https://a.example/u",
        "object": { "id": "https://b.example/f/1", "type": "Follow" },
    }));
    assert_eq!(accept.action, Action::Accept { object: Reference::Id(url("https://b.example/f/1")) });
}

#[test]
fn announces_nested_in_announces_end() {
    let mut json =
        json!({ "id": "https://a.example/n", "type": "Note", "attributedTo": "https://a.example/u" });
    for n in 0..60 {
        json = json!({ "id": format!("https://a.example/{n}"), "type": "Announce", "actor": "https://a.example/u", "object": json });
    }
    let mut depth = 1;
    let mut at = activity(&json);
    while let Action::Announce { objects } = &at.action
        && let Some(inner) = objects[0].activity()
    {
        depth += 1;
        at = inner.clone();
    }
    assert_eq!(depth, NESTING_MAX);
}

#[test]
fn json_nested_deeper_than_we_read_is_refused() {
    let deep = format!(r#"{{"type":"Note","x":{}{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    assert!(matches!(parse(deep.as_bytes()), Err(Malformed::NotJson(_))));
}

proptest! {
    #[test]
    fn no_json_is_too_strange(json in strange_json()) {
        let _ = read(&json);
        let _ = parse_activity(json.to_string().as_bytes());
        let _ = discovery::webfinger(&json);
        let _ = discovery::nodeinfo_link(&json);
        let _ = discovery::software(&json);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}

/// Documents of known members and types in wrong places, which get further in than random ones.
fn strange_json() -> impl Strategy<Value = Value> {
    const NAMES: &str = "id type actor object target to cc audience attributedTo inReplyTo content contentMap name \
        summary source tag attachment icon image url href replies items orderedItems first next \
        publicKey assertionMethod owner publicKeyPem inbox endpoints published oneOf closed generator \
        implements language links software";
    const TEXTS: &str = "Note Create Announce Undo Follow Flag Block Person Group Question Collection Key Tombstone Link \
        Image Mention Hashtag as:Public 2024-13-01 x # https://a.example/1 https://[";
    let words = |text: &'static str| sample::select(text.split(' ').collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words(TEXTS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 120, 12, move |inner| {
        let named = (words(NAMES).prop_map(str::to_owned), inner.clone());
        prop_oneof![
            collection::vec(inner, 0..4).prop_map(Value::from),
            collection::vec(named, 0..12).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}
