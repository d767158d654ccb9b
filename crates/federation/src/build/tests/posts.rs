//! Posts, polls and what is left of deleted ones, as others read them.

use super::{World, read};
use crate::build::parts::REPLIES_PAGE_MAX;
use crate::build::{Audience, post, standing_alone};
use crate::documents::Document;
use crate::documents::addressing::PUBLIC;
use crate::documents::post::Post as ReadPost;
use crate::documents::tag::Tag;
use crate::sanitise;
use alongside_app::emojis;
use alongside_app::media::{Ticket, show};
use alongside_domain::clock::Timestamp;
use alongside_domain::compose::named;
use alongside_domain::id::{CommunityId, MediaId, PollId};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_domain::poll::{Choice, Poll};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::{hosts, media, polls, posts};
use alongside_testkit::both_engines;
use serde_json::{Value, json};
use url::Url;

fn as_post(document: &Value) -> ReadPost {
    match read(document) {
        Document::Post(post) => *post,
        other => panic!("{}", other.kind()),
    }
}

fn picture(world: &World) -> Media {
    Media {
        id: MediaId::new(4),
        owner: world.sam.id,
        post: None,
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        file: Some("a.png".to_owned()),
        preview: None,
        cover: None,
        remote_url: None,
        description: Some("the moon".to_owned()),
        focus_x: 0.5,
        focus_y: -0.5,
        blurhash: None,
        width: 40,
        height: 30,
        playing: None,
        state: MediaState::Ready,
        created_at: world.node.app.now(),
    }
}

both_engines! {
    async fn a_thread_names_its_community_everywhere(store: Store) {
        let world = World::new(store).await;
        let text = "Who else is #awake at two?";
        let written = world.node.post_naming(world.sam.id, text, &[world.kim.id, world.sleep.id], |post| {
            post.community = Some(world.community());
            post.title = Some("Awake & <tired>".to_owned());
            post.content_note = "insomnia".to_owned();
            post.sensitive = true;
            post.language = Some("en".to_owned());
            post.edited_at = Some(post.published_at.plus_secs(60));
        }).await;
        let (id, uri) = (written.id, written.uri.clone());
        let document = standing_alone(post::post(world.places(), &world.parts(written).await));
        let content = format!("<h2>Awake &amp; &lt;tired&gt;</h2><p>{text}</p>");
        assert_eq!(document, json!({
            "@context": [
                "https://www.w3.org/ns/activitystreams",
                {
                    "toot": "http://joinmastodon.org/ns#",
                    "sensitive": "as:sensitive",
                    "Hashtag": "as:Hashtag",
                    "Emoji": "toot:Emoji",
                    "votersCount": "toot:votersCount",
                    "blurhash": "toot:blurhash",
                    "focalPoint": { "@container": "@list", "@id": "toot:focalPoint" },
                    "gts": "https://gotosocial.org/ns#",
                    "interactionPolicy": { "@id": "gts:interactionPolicy", "@type": "@id" },
                    "canQuote": { "@id": "gts:canQuote", "@type": "@id" },
                    "automaticApproval": { "@id": "gts:automaticApproval", "@type": "@id" },
                    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
                },
            ],
            "id": uri,
            "type": "Note",
            "url": uri,
            "attributedTo": "https://a.example/actors/sam",
            "to": [PUBLIC, "https://a.example/actors/sleep"],
            "cc": ["https://a.example/actors/sam/followers", "https://b.example/users/kim"],
            "audience": "https://a.example/actors/sleep",
            "target": {
                "type": "Collection",
                "id": "https://a.example/actors/sleep/wall",
                "attributedTo": "https://a.example/actors/sleep",
            },
            "context": format!("https://a.example/posts/{id}/context"),
            "summary": "insomnia",
            "sensitive": true,
            "content": content,
            "contentMap": { "en": content },
            "mediaType": "text/html",
            "source": { "content": text, "mediaType": "text/plain" },
            "published": "2026-11-23T02:00:00.000Z",
            "updated": "2026-11-23T02:01:00.000Z",
            "attachment": [],
            "tag": [
                { "type": "Mention", "href": "https://a.example/actors/sleep", "name": "@sleep@a.example" },
                { "type": "Mention", "href": "https://b.example/users/kim", "name": "@kim@b.example" },
                { "type": "Hashtag", "href": "https://a.example/tags/awake", "name": "#awake" },
            ],
            "replies": {
                "id": format!("https://a.example/posts/{id}/replies"),
                "type": "Collection",
                "first": {
                    "type": "CollectionPage",
                    "partOf": format!("https://a.example/posts/{id}/replies"),
                    "items": [],
                },
            },
            "interactionPolicy": { "canQuote": { "automaticApproval": ["https://a.example/actors/sam"] } },
        }));
        let post = as_post(&document);
        assert_eq!(post.mentions().count(), 2);
        assert_eq!(post.language.as_deref(), Some("en"));
    }

    /// Lemmy looks for those it tells that they are named in the text alone.
    async fn whoever_lives_elsewhere_is_named_with_their_host(store: Store) {
        let world = World::new(store).await;
        let text = [&world.kim, &world.sam].map(|who| named(&who.url, &who.handle)).join(" ");
        let ids = [world.kim.id, world.sam.id];
        let written = world.node.post_naming(world.sam.id, "hi", &ids, |post| post.content.clone_from(&text)).await;
        let document = post::post(world.places(), &world.parts(written).await);
        assert_eq!(document["content"], text.replace(">kim<", ">kim@b.example<"));
        assert!(text.contains(">kim<"), "{text}");
    }

    async fn what_is_for_some_never_names_the_public(store: Store) {
        let world = World::new(store).await;
        let (followers, kim) = ("https://a.example/actors/sam/followers", "https://b.example/users/kim");
        let members = "https://a.example/actors/sleep/followers";
        for (visibility, to, cc) in [
            (Visibility::Public, vec![PUBLIC, "https://a.example/actors/sleep"], vec![followers, kim]),
            (Visibility::Unlisted, vec![followers, "https://a.example/actors/sleep"], vec![PUBLIC, kim]),
            (Visibility::Followers, vec![followers], vec![kim]),
            (Visibility::Direct, vec![kim], vec![]),
            (Visibility::Members, vec!["https://a.example/actors/sleep", members], vec![kim]),
        ] {
            let written = world.node.post_naming(world.sam.id, "hello", &[world.kim.id], |post| {
                post.visibility = visibility;
                post.community = Some(world.community());
            }).await;
            let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
            let expected = Audience { to: owned(to), cc: owned(cc) };
            assert_eq!(post::audience(&world.parts(written).await), expected, "{visibility}");
        }
    }

    async fn a_poll_is_a_question(store: Store) {
        let world = World::new(store).await;
        let poll_id = PollId::new(9);
        let written = world.node.post_with(world.sam.id, "?", |post| post.poll = Some(poll_id)).await;
        let poll = Poll {
            id: poll_id,
            post: written.id,
            multiple: false,
            hide_totals: true,
            closes_at: Some(world.node.app.now().plus_secs(60)),
            ended_at: None,
            voters_count: 3,
            choices: [("tea", 2), ("cocoa", 1)].map(|(title, votes_count)| Choice { title: title.to_owned(), votes_count }).to_vec(),
        };
        let mut tx = world.node.store().begin().await.unwrap();
        polls::insert(&mut tx, &poll).await.unwrap();
        tx.commit().await.unwrap();

        let open = post::post(world.places(), &world.parts(written.clone()).await);
        assert_eq!(open["type"], "Question");
        assert_eq!(open["oneOf"], json!([{ "type": "Note", "name": "tea" }, { "type": "Note", "name": "cocoa" }]));
        assert_eq!(open["endTime"], "2026-11-23T02:01:00.000Z");
        assert_eq!(open.get("votersCount"), None, "hidden until the end");
        assert_eq!(as_post(&open).poll.unwrap().options.len(), 2);

        world.node.clock.advance_secs(60);
        let closed = post::post(world.places(), &world.parts(written).await);
        assert_eq!(closed["votersCount"], 3);
        assert_eq!(as_post(&closed).poll.unwrap().options[0].votes, Some(2));
    }

    async fn a_thread_for_software_that_wants_pages_is_one_and_has_a_name(store: Store) {
        let world = World::new(store).await;
        let remote = world.node.stranger("calm", "lemmy.example").await;
        let mut tx = world.node.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, "lemmy.example", Some("lemmy"), None, world.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let thread = world.node.post_with(world.sam.id, "Breathing", |post| {
            post.community = Some(CommunityId::of(remote));
            post.title = Some("How?".to_owned());
        }).await;
        let document = post::post(world.places(), &world.parts(thread.clone()).await);
        assert_eq!((&document["type"], &document["name"], &document["content"]),
            (&json!("Page"), &json!("How?"), &json!("<p>Breathing</p>")));
        for (text, name) in [
            ("@calm How do you breathe?", "How do you breathe?"),
            ("@Calm: How?", "How?"),
            ("@calm\n\nHow?", "How?"),
            ("How? @calm", "How?"),
            ("How, @calm@lemmy.example\n\nat all?", "How,"),
            ("Who of @calm knows how?", "Who of @calm knows how?"),
            ("@calmer How?", "@calmer How?"),
            ("@calm", "@calm"),
        ] {
            let untitled = world.node.post_with(world.sam.id, "", |post| {
                post.community = Some(CommunityId::of(remote));
                post.content = sanitise::paragraphs(text);
            }).await;
            assert_eq!(post::post(world.places(), &world.parts(untitled).await)["name"], name, "{text}");
        }
        let noted = world.node.post_with(world.sam.id, "hard words", |post| {
            post.community = Some(CommunityId::of(remote));
            post.content_note = "about illness".to_owned();
        }).await;
        assert_eq!(post::post(world.places(), &world.parts(noted).await)["name"], "about illness");
        let reply = world.node.post_with(world.sam.id, "Slowly", |post| {
            post.community = Some(CommunityId::of(remote));
            post.reply_to_uri = Some(thread.uri);
        }).await;
        let document = post::post(world.places(), &world.parts(reply).await);
        assert_eq!((&document["type"], document.get("name")), (&json!("Note"), None));
    }

    async fn a_letter_is_a_chat_message_where_its_reader_gets_no_other(store: Store) {
        let world = World::new(store).await;
        let remote = world.node.stranger("lee", "lemmy.example").await;
        let mut tx = world.node.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, "lemmy.example", Some("lemmy"), None, world.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        for (visibility, named, kind) in [
            (Visibility::Direct, vec![remote], "ChatMessage"),
            (Visibility::Direct, vec![world.kim.id], "Note"),
            (Visibility::Direct, vec![remote, world.kim.id], "Note"),
            (Visibility::Public, vec![remote], "Note"),
        ] {
            let letter = world.node.post_naming(world.sam.id, "hello", &named, |post| post.visibility = visibility).await;
            let document = post::post(world.places(), &world.parts(letter).await);
            assert_eq!(document["type"], kind, "{visibility}");
            assert_eq!(as_post(&document).addressing.is_public(), visibility == Visibility::Public);
        }
    }

    async fn films_and_sounds_are_documents_of_their_media_type(store: Store) {
        let world = World::new(store).await;
        for (kind, mime) in [(MediaKind::Video, "video/mp4"), (MediaKind::Gifv, "video/mp4"), (MediaKind::Audio, "audio/mpeg")] {
            let written = world.node.post(world.sam.id, "look").await;
            let (id, mime): (MediaId, String) = (world.node.app.next_id(), mime.to_owned());
            let file = Some(format!("{id}-film"));
            let film = Media { id, post: Some(written.id), kind, mime: mime.clone(), file, ..picture(&world) };
            let mut tx = world.node.store().begin().await.unwrap();
            media::insert_upload(&mut tx, &film).await.unwrap();
            tx.commit().await.unwrap();
            let document = post::post(world.places(), &world.parts(written).await);
            let attached = &document["attachment"][0];
            assert_eq!((&attached["type"], &attached["mediaType"]), (&json!("Document"), &json!(mime)), "{kind}");
        }
    }

    async fn pictures_come_with_their_description(store: Store) {
        let world = World::new(store).await;
        let written = world.node.post(world.sam.id, "look").await;
        let picture = Media { post: Some(written.id), ..picture(&world) };
        let mut tx = world.node.store().begin().await.unwrap();
        media::insert_upload(&mut tx, &picture).await.unwrap();
        tx.commit().await.unwrap();
        let document = post::post(world.places(), &world.parts(written).await);
        assert_eq!(document["attachment"], json!([{
            "type": "Image",
            "url": "https://a.example/media/a.png",
            "mediaType": "image/png",
            "name": "the moon",
            "width": 40,
            "height": 30,
            "focalPoint": [0.5, -0.5],
        }]));
        assert_eq!(as_post(&document).attachments[0].description.as_deref(), Some("the moon"));
    }

    async fn a_film_or_a_sound_comes_with_the_picture_that_was_chosen_for_it(store: Store) {
        let world = World::new(store).await;
        for (kind, cover, is_told) in [
            (MediaKind::Audio, Some((40, 30)), true),
            (MediaKind::Video, Some((40, 30)), true),
            (MediaKind::Video, None, false),
            (MediaKind::Image, Some((40, 30)), false),
        ] {
            let written = world.node.post(world.sam.id, "look").await;
            let (id, preview) = (world.node.app.next_id(), Some("a-small.png".to_owned()));
            let file = Media { id, kind, cover, preview, post: Some(written.id), ..picture(&world) };
            let mut tx = world.node.store().begin().await.unwrap();
            media::insert_upload(&mut tx, &file).await.unwrap();
            tx.commit().await.unwrap();
            let document = post::post(world.places(), &world.parts(written).await);
            let icon = json!({ "type": "Image", "mediaType": "image/png", "url": "https://a.example/media/a-small.png" });
            assert_eq!(document["attachment"][0].get("icon"), is_told.then_some(&icon), "{kind} {cover:?}");
        }
    }

    async fn a_picture_that_is_not_for_everybody_has_a_signed_address(store: Store) {
        let world = World::new(store).await;
        for visibility in [Visibility::Members, Visibility::Followers, Visibility::Direct] {
            let written = world.node.post_with(world.sam.id, "look", |post| post.visibility = visibility).await;
            let id: MediaId = world.node.app.next_id();
            let name = format!("{id}-a.png");
            let picture = Media { id, post: Some(written.id), file: Some(name.clone()), ..picture(&world) };
            let mut tx = world.node.store().begin().await.unwrap();
            media::insert_upload(&mut tx, &picture).await.unwrap();
            tx.commit().await.unwrap();
            let document = post::post(world.places(), &world.parts(written).await);
            let url = Url::parse(document["attachment"][0]["url"].as_str().unwrap()).unwrap();
            let said = |key: &str| url.query_pairs().find(|(name, _)| name == key).unwrap().1.into_owned();
            let ticket = Ticket { until: said("until").parse().unwrap(), signature: said("signature") };
            let seen = async |ticket| show(&world.node.app, &name, ticket).await.unwrap().is_some();
            assert!(!seen(None).await && seen(Some(&ticket)).await, "{visibility}");
            let days = (ticket.until - world.node.app.now().as_secs()) / 86_400;
            assert!((30..=60).contains(&days), "it runs out in {days} days");
        }
    }

    async fn a_word_of_ours_goes_with_its_picture(store: Store) {
        let world = World::new(store).await;
        let png = include_bytes!("../../../../web/static/avatar.png").to_vec();
        emojis::add(&world.node.app, "lamp", png, None).await.unwrap();
        let written = world.node.post(world.sam.id, "a :lamp: by the bed, :nothing: else").await;
        let document = post::post(world.places(), &world.parts(written).await);
        let tag = &document["tag"][0];
        assert_eq!((document["tag"].as_array().unwrap().len(), &tag["type"], &tag["name"]), (1, &json!("Emoji"), &json!(":lamp:")));
        assert_eq!(tag["icon"]["mediaType"], "image/png");
        let emoji = as_post(&document).tags.into_iter().next().unwrap();
        let Tag::Emoji { shortcode, icon } = emoji else { panic!("{emoji:?}") };
        assert_eq!((shortcode.as_str(), icon.as_str()), ("lamp", tag["icon"]["url"].as_str().unwrap()));
    }

    async fn answers_that_all_may_read_are_named_page_by_page(store: Store) {
        let world = World::new(store).await;
        let thread = world.node.post_with(world.sam.id, "hello", |_| {}).await;
        let mut last = thread.id;
        for number in 0..=REPLIES_PAGE_MAX {
            let reply = world.node.post_with(world.sam.id, "hi", |post| {
                post.reply_to = Some(thread.id);
                post.reply_to_uri = Some(thread.uri.clone());
            }).await;
            if number == REPLIES_PAGE_MAX - 1 {
                last = reply.id;
            }
        }
        world.node.post_with(world.sam.id, "only for you", |post| {
            post.reply_to = Some(thread.id);
            post.visibility = Visibility::Direct;
        }).await;
        let mut tx = world.node.store().begin().await.unwrap();
        posts::count_reply(&mut tx, thread.id, 3).await.unwrap();
        tx.commit().await.unwrap();
        let thread = posts::find(&mut world.node.app.reader(), thread.id).await.unwrap().unwrap();
        let id = thread.id;
        let document = post::post(world.places(), &world.parts(thread.clone()).await);
        let first = &document["replies"]["first"];
        assert_eq!(first["items"].as_array().map(Vec::len), usize::try_from(REPLIES_PAGE_MAX).ok());
        assert_eq!(first["next"], format!("https://a.example/posts/{id}/replies?after={last}"));
        let rest = crate::build::parts::replies(&mut world.node.app.reader(), &thread, last.get()).await.unwrap();
        assert_eq!((rest.uris.len(), rest.continues_after), (1, None));
    }
}

#[test]
fn what_is_gone_leaves_its_place() {
    let tombstone = post::tombstone("https://a.example/posts/7", Timestamp::from_secs(0));
    assert_eq!(tombstone["deleted"], "1970-01-01T00:00:00.000Z");
    assert!(matches!(read(&tombstone), Document::Tombstone(_)));
}
