//! What other software says in a way of its own, and what its people expect to see of it here.

use crate::scene::Scene;
use crate::stranger::{PUBLIC, Person};
use alongside_app::posts::{self, Writing};
use alongside_domain::draft::{Draft, Typed, TypedPoll};
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_federation::receive::Accepted;
use alongside_federation::signing::Manner;
use alongside_store::engine::Store;
use alongside_store::{jobs, polls, posts as stored};
use alongside_testkit::both_engines;
use serde_json::{Value, json};

both_engines! {
    async fn an_event_says_when_and_where_it_is(store: Store) {
        let scene = Scene::new(store).await;
        let event = |name: &str, more: Value| {
            let mut event = scene.kim.note(name, "<p>Bring a cup</p>");
            (event["type"], event["name"]) = ("Event".into(), "Tea together".into());
            event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            event
        };
        // As PieFed and Mobilizon write them.
        let online = event("1", json!({ "startTime": "2026-12-05T18:00:00+00:00", "endTime": "2026-12-05T19:30:00+00:00",
            "timezone": "Nowhere/At_All", "onlineLink": "https://room.example/tea" }));
        let online = scene.publishes("1/create", online).await.unwrap();
        let (when, rest) = online.content.split_once("</p>").unwrap();
        assert_eq!(when, "<p>2026-12-05 18:00 – 19:30 (UTC)");
        assert!(rest.contains("href=\"https://room.example/tea\"") && rest.contains("Bring a cup"), "{rest}");
        let hall = json!({ "type": "Place", "name": "Town <hall>", "address": { "type": "PostalAddress", "addressLocality": "Kenn" } });
        let late = event("2", json!({ "startTime": "2026-12-05T23:00:00Z", "endTime": "2026-12-06T01:00:00Z", "location": hall }));
        let late = scene.publishes("2/create", late).await.unwrap();
        let expected = "<p>2026-12-05 23:00 – 2026-12-06 01:00 (UTC)<br>Town &lt;hall&gt;, Kenn</p><p>Bring a cup</p>";
        assert!(late.content.starts_with(expected), "{}", late.content);
        let vague = scene.publishes("3/create", event("3", json!({}))).await.unwrap();
        assert!(vague.content.starts_with("<p>Bring a cup</p>"), "{}", vague.content);
    }

    async fn a_page_that_is_to_be_covered_says_what_is_below(store: Store) {
        let scene = Scene::new(store).await;
        let page = |name: &str, covered: bool| {
            let mut page = scene.kim.note(name, "<p>Hard words</p>");
            (page["type"], page["name"]) = ("Page".into(), "about illness".into());
            (page["summary"], page["sensitive"]) = ("about illness".into(), covered.into());
            page
        };
        // As this software writes it where its threads are pages.
        let covered = scene.publishes("1/create", page("1", true)).await.unwrap();
        assert_eq!((covered.content_note.as_str(), covered.title.as_deref()), ("about illness", None));
        // Mbin repeats the title there.
        let open = scene.publishes("2/create", page("2", false)).await.unwrap();
        assert_eq!((open.content_note.as_str(), open.title.as_deref()), ("", Some("about illness")));
    }

    async fn what_sorts_threads_of_the_lemmy_family_is_a_hashtag(store: Store) {
        let scene = Scene::new(store).await;
        let mut note = scene.kim.note("1", "<p>Tea helps</p>");
        let tag = json!({ "type": "lemmy:CommunityTag", "id": scene.home.at("/c/sleep/tag/1"), "display_name": "What helps" });
        note["tag"] = json!([tag]);
        let post = scene.publishes("1/create", note).await.unwrap();
        let tags = stored::tags(&mut scene.ours.kit.app.reader(), &[post.id]).await.unwrap();
        assert_eq!(tags.iter().map(|tag| tag.tag.as_str()).collect::<Vec<_>>(), ["whathelps"]);
    }

    async fn every_change_is_taken_though_all_have_one_address(store: Store) {
        let scene = Scene::new(store).await;
        let mut note = scene.kim.note("1", "<p>awake</p>");
        let post = scene.publishes("1/create", note.clone()).await.unwrap();
        for (minute, words) in [(31, "<p>still awake</p>"), (32, "<p>asleep</p>")] {
            scene.ours.kit.clock.advance_secs(60);
            note["content"] = words.into();
            note["updated"] = format!("2026-11-23T02:{minute}:00Z").into();
            let update = scene.kim.activity("1#Update", "Update", note.clone());
            scene.ours.act_on(&scene.kim, &update).await;
            assert_eq!(scene.ours.post(&post.uri).await.unwrap().content, words);
            let again = scene.ours.receive(&scene.kim, Manner::Cavage, &update).await.unwrap();
            assert_eq!(again, Accepted::Known);
        }
    }

    async fn a_post_is_for_those_that_its_publication_is_for(store: Store) {
        let scene = Scene::new(store).await;
        let mut silent = scene.kim.note("1", "<p>hello</p>");
        for list in ["to", "cc"] {
            silent.as_object_mut().unwrap().remove(list);
        }
        silent["audience"] = scene.group.id.as_str().into();
        let post = scene.publishes("1/create", silent.clone()).await.unwrap();
        assert_eq!(post.visibility, Visibility::Public);
        assert!(post.community.is_some());
        let mut narrow = silent;
        narrow["id"] = format!("{}/2", scene.kim.id).into();
        narrow["to"] = json!([format!("{}/followers", scene.kim.id)]);
        assert_eq!(scene.publishes("2/create", narrow).await.unwrap().visibility, Visibility::Followers, "it says it itself");
    }

    async fn what_is_shared_may_be_named_by_its_publication(store: Store) {
        let scene = Scene::new(store).await;
        let mut note = scene.kim.note("1", "<p>hello</p>");
        note["audience"] = scene.group.id.as_str().into();
        let create = scene.kim.activity("1/create", "Create", note.clone());
        scene.home.serve(&create);
        scene.ours.act_on(&scene.group, &scene.group.activity("a", "Announce", create["id"].clone())).await;
        assert!(scene.ours.is_there(&note["id"]).await);
        let mut forged = scene.kim.activity("2/create", "Create", scene.kim.note("2", "<p>hello</p>"));
        forged["object"]["attributedTo"] = "https://other.example/users/lee".into();
        scene.home.serve(&forged);
        scene.ours.act_on(&scene.group, &scene.group.activity("b", "Announce", forged["id"].clone())).await;
        assert!(!scene.ours.is_there(&forged["object"]["id"]).await);
    }

    async fn whoever_votes_against_a_post_likes_it_no_longer(store: Store) {
        let scene = Scene::new(store).await;
        let post = scene.ours.kit.post(scene.sam, "awake").await;
        scene.does("1", "Dislike", &post).await;
        assert_eq!(scene.reaction_to(&post).await, None, "and nothing is counted");
        scene.does("2", "Like", &post).await;
        assert_eq!(scene.reaction_to(&post).await, Some(Reaction::Strength));
        scene.does("3", "Dislike", &post).await;
        assert_eq!(scene.reaction_to(&post).await, None);
        scene.does("4", "Like", &post).await;
        let dislike = scene.kim.activity("5", "Dislike", post.uri.clone().into());
        scene.ours.act_on(&scene.group, &scene.group.activity("c", "Announce", dislike)).await;
        assert_eq!(scene.reaction_to(&post).await, None, "the community says so");
        let mut thumb = scene.kim.activity("6", "EmojiReact", post.uri.clone().into());
        thumb["content"] = "👎🏽".into();
        scene.ours.act_on(&scene.kim, &thumb).await;
        assert_eq!(scene.reaction_to(&post).await, None, "it is no way to say that one is there");
    }

    async fn how_a_poll_stands_is_no_edit_of_it(store: Store) {
        let scene = Scene::new(store).await;
        let question = |votes: u64| {
            let mut question = scene.kim.note("1", "<p>Tea?</p>");
            question["type"] = "Question".into();
            let choice = |name: &str| json!({ "type": "Note", "name": name, "replies": { "type": "Collection", "totalItems": votes } });
            question["oneOf"] = json!([choice("yes"), choice("no")]);
            question["votersCount"] = votes.into();
            question
        };
        let asked = scene.publishes("1/create", question(0)).await.unwrap();
        scene.ours.kit.clock.advance_secs(60);
        scene.ours.act_on(&scene.kim, &scene.kim.activity("1/stands", "Update", question(3))).await;
        let stands = scene.ours.post(&asked.uri).await.unwrap();
        assert_eq!(stands.edited_at, None, "nobody changed a word");
        let poll = polls::find(&mut scene.ours.kit.app.reader(), stands.poll.unwrap()).await.unwrap().unwrap();
        assert_eq!((poll.voters_count, poll.choices[0].votes_count), (3, 3));
        let mut changed = question(3);
        changed["content"] = "<p>Tea, or cocoa?</p>".into();
        scene.ours.act_on(&scene.kim, &scene.kim.activity("1/edit", "Update", changed)).await;
        assert!(scene.ours.post(&asked.uri).await.unwrap().edited_at.is_some());
    }

    async fn a_poll_that_says_when_it_will_be_closed_is_open(store: Store) {
        let scene = Scene::new(store).await;
        let now = scene.ours.now();
        for (name, closed, is_closed) in [
            ("1", json!(now.plus_secs(60).to_string()), false),
            ("2", json!(now.plus_secs(-60).to_string()), true),
            ("3", json!(true), true),
            ("4", json!(false), false),
        ] {
            let mut question = scene.kim.note(name, "<p>Tea?</p>");
            question["type"] = "Question".into();
            question["oneOf"] = json!([{ "type": "Note", "name": "yes" }, { "type": "Note", "name": "no" }]);
            question["closed"] = closed.clone();
            let asked = scene.publishes(&format!("{name}/create"), question).await.unwrap();
            let poll = polls::find(&mut scene.ours.kit.app.reader(), asked.poll.unwrap()).await.unwrap().unwrap();
            assert_eq!(poll.is_closed(now), is_closed, "{closed}");
        }
    }

    async fn a_hashtag_of_several_words_is_one_word_here(store: Store) {
        let scene = Scene::new(store).await;
        let mut note = scene.kim.note("1", "<p>hello</p>");
        note["tag"] = json!([{ "type": "Hashtag", "name": "#Deep sleep 4.0" }, { "type": "Hashtag", "name": "#!" }]);
        let post = scene.publishes("1/create", note).await.unwrap();
        let tags = stored::tags(&mut scene.ours.kit.app.reader(), &[post.id]).await.unwrap();
        assert_eq!(tags.iter().map(|tag| tag.tag.as_str()).collect::<Vec<_>>(), ["deepsleep40"]);
    }

    async fn people_on_piefed_vote_in_our_polls(store: Store) {
        let scene = Scene::new(store).await;
        let app = &scene.ours.kit.app;
        let ada = scene.ours.kit.member("ada").await;
        let poll = TypedPoll { options: vec!["tea".to_owned(), "cocoa".to_owned()], open_secs: 3_600, ..TypedPoll::default() };
        let typed = Typed { text: "?".to_owned(), visibility: Some(Visibility::Public), poll: Some(poll), ..Typed::default() };
        let writing = Writing { author: ada, application: None, idempotency_key: None };
        let post = posts::publish(app, &writing, &Draft::new(typed, 500).unwrap()).await.unwrap();
        for (name, choice) in [("1", "coffee"), ("2", "cocoa"), ("3", "cocoa")] {
            let mut vote = scene.kim.activity(name, "PollVote", post.uri.clone().into());
            vote["choice_text"] = choice.into();
            scene.ours.act_on(&scene.kim, &vote).await;
        }
        let poll = polls::find(&mut app.reader(), post.poll.unwrap()).await.unwrap().unwrap();
        let counts: Vec<i64> = poll.choices.iter().map(|choice| choice.votes_count).collect();
        assert_eq!((counts, poll.voters_count), (vec![0, 1], 1));
    }

    async fn a_title_that_is_the_first_line_too_is_said_once(store: Store) {
        let scene = Scene::new(store).await;
        for (name, content, shown) in [
            ("1", "<p>Tea &amp; cocoa?</p><p>choose</p>", "<p>choose</p>"),
            ("2", "<p>Tea &amp; cocoa? Choose</p>", "<p>Tea &amp; cocoa? Choose</p>"),
            ("3", "<blockquote><p>Tea &amp; cocoa?</p></blockquote>", "<blockquote><p>Tea &amp; cocoa?</p></blockquote>"),
        ] {
            let mut page = scene.kim.note(name, content);
            page["type"] = "Page".into();
            page["name"] = "Tea & cocoa?".into();
            let post = scene.publishes(&format!("{name}/create"), page).await.unwrap();
            assert_eq!((post.title.as_deref(), post.content.as_str()), (Some("Tea & cocoa?"), shown));
        }
    }

    async fn the_answers_that_piefed_lists_are_brought_in(store: Store) {
        let scene = Scene::new(store).await;
        let mut page = scene.kim.note("1", "<p>Awake?</p>");
        page["replies"] = scene.home.at("/post/1/replies").into();
        scene.home.serve(&page);
        let post = scene.publishes("1/create", page.clone()).await.unwrap();
        let mut comment = scene.kim.note("2", "<p>I am</p>");
        comment["inReplyTo"] = page["id"].clone();
        scene.home.serve(&comment);
        let list = json!({ "type": "OrderedCollection", "totalItems": 1, "orderedItems": [comment] });
        scene.home.serve_as("/post/1/replies", "application/activity+json", list.to_string());
        let app = &scene.ours.kit.app;
        let mut tx = app.store().begin().await.unwrap();
        jobs::push(&mut tx, app.next_id(), &Job::Replies { post: post.id }, "", app.now()).await.unwrap();
        tx.commit().await.unwrap();
        scene.ours.settle().await;
        assert!(scene.ours.is_there(&comment["id"]).await, "though the list has no id");
    }

    async fn letters_without_threads_go_on_where_the_two_were(store: Store) {
        let scene = Scene::new(store).await;
        let lee = scene.home.actor("lee", "Person");
        scene.ours.know(&lee).await;
        let letter = |by: &Person, name: &str| {
            let mut letter = by.note(name, "<p>are you awake?</p>");
            letter["type"] = "ChatMessage".into();
            letter["to"] = json!(["https://here.example/actors/sam"]);
            letter["cc"] = json!([]);
            letter
        };
        for (by, name) in [(&scene.kim, "1"), (&lee, "2"), (&scene.kim, "3")] {
            scene.ours.act_on(by, &by.activity(&format!("{name}/create"), "Create", letter(by, name))).await;
        }
        let mut edited = letter(&scene.kim, "3");
        edited["content"] = "<p>are you still awake?</p>".into();
        scene.ours.act_on(&scene.kim, &scene.kim.activity("3/update", "Update", edited)).await;
        let kept = async |by: &Person, name: &str| scene.ours.post(&format!("{}/{name}", by.id)).await.unwrap();
        let (first, apart, second) =
            (kept(&scene.kim, "1").await, kept(&lee, "2").await, kept(&scene.kim, "3").await);
        assert_eq!((first.visibility, first.reply_to, apart.reply_to), (Visibility::Direct, None, None));
        assert_eq!((second.root, second.reply_to), (first.id, Some(first.id)));
        assert!(second.content.contains("still"));
    }

    async fn a_vote_that_is_passed_on_is_no_post(store: Store) {
        let scene = Scene::new(store).await;
        let question = scene.publishes("1/create", scene.kim.note("1", "<p>Tea?</p>")).await.unwrap();
        let vote = json!({
            "id": format!("{}/2", scene.kim.id),
            "type": "Note",
            "name": "yes",
            "attributedTo": scene.kim.id,
            "inReplyTo": question.uri,
            "to": [PUBLIC],
            "cc": [],
        });
        let create = scene.kim.activity("2/create", "Create", vote.clone());
        scene.ours.act_on(&scene.group, &scene.group.activity("a", "Announce", create)).await;
        assert!(!scene.ours.is_there(&vote["id"]).await);
    }
}
