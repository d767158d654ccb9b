//! What other software was once fooled with, tried on us. Each test is named for the advisory, and
//! `docs/advisories.md` says where those are that lie closer to the rule.

use crate::stranger::{Ours, PUBLIC, Person, Stranger};
use alongside_app::communities::{self, NewCommunity};
use alongside_domain::actor::Handle;
use alongside_domain::agreement::Policy;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::id::InboxId;
use alongside_domain::limits;
use alongside_domain::post::Visibility;
use alongside_federation::allowance::FETCHES_MAX;
use alongside_federation::fetch::error::FetchError;
use alongside_federation::fetch::guard::Refusal;
use alongside_federation::node::ReadError;
use alongside_federation::receive::{self, Accepted, Arriving, Refused, act};
use alongside_federation::resolve;
use alongside_federation::signing::Manner;
use alongside_store::engine::Store;
use alongside_store::inbox::Arrival;
use alongside_store::{actors, follows, hosts};
use alongside_testkit::both_engines;
use alongside_testkit::foreign::ACTIVITY_JSON;
use http::Method;
use serde_json::{Value, json};
use url::Url;

/// Somebody here who is followed by nobody and follows Kim, who lives there.
async fn scene(store: Store) -> (Ours, Stranger, Person) {
    let home = Stranger::new().await;
    let ours = Ours::new(store, &[&home]);
    let kim = home.actor("kim", "Person");
    ours.follower_of("sam", &[&kim]).await;
    home.asked();
    (ours, home, kim)
}

async fn is_refused(ours: &Ours, by: &Person, activity: &Value) -> Refused {
    ours.receive(by, Manner::Cavage, activity).await.expect_err("it is not what it claims to be")
}

both_engines! {
    async fn cve_2023_42451_a_blocked_host_is_blocked_however_it_is_spelled(store: Store) {
        let ours = Ours::new(store, &[]);
        let mut tx = ours.kit.store().begin().await.unwrap();
        hosts::set_policy(&mut tx, "xn--bse-sna.example", Policy::Block).await.unwrap();
        tx.commit().await.unwrap();
        for spelled in ["xn--bse-sna.example", "XN--BSE-SNA.Example", "böse.example", "BÖSE.EXAMPLE", "bö\u{200b}se.example"] {
            let url = Url::parse(&format!("https://{spelled}/users/x")).unwrap();
            assert!(matches!(ours.federation.read(&url).await, Err(ReadError::Fetch(FetchError::Refused(Refusal::Silent(_))))), "{spelled}");
        }
        let dotted = Url::parse("https://xn--bse-sna.example./users/x").unwrap();
        let refused = ours.federation.read(&dotted).await.unwrap_err();
        assert!(matches!(refused, ReadError::Fetch(FetchError::Refused(_))), "{refused:?}");
    }

    async fn cve_2024_37903_nobody_widens_the_audience_of_another(store: Store) {
        let (ours, _home, kim) = scene(store).await;
        let mut note = kim.note("1", "<p>to those who follow Sam</p>");
        note["to"] = json!(["https://here.example/actors/sam/followers"]);
        note["cc"] = json!(["https://here.example/actors/sam"]);
        note["tag"] = json!([{ "type": "Mention", "href": "https://here.example/actors/sam" }]);
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.visibility, Visibility::Direct, "it is for whom its author names, and for nobody's followers");
    }

    async fn cve_2022_24307_linked_data_signatures_count_for_nothing(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let teller = home.actor("teller", "Person");
        let mut create = kim.activity("1/create", "Create", kim.note("1", "<p>hello</p>"));
        create["signature"] = json!({
            "type": "RsaSignature2017", "creator": kim.keys.rsa_uri, "created": "2026-01-01T00:00:00Z", "signatureValue": "x",
        });
        assert!(matches!(is_refused(&ours, &teller, &create).await, Refused::NotTheActor));
    }

    async fn cve_2023_49079_host_and_body_are_what_was_signed(store: Store) {
        let (ours, _home, kim) = scene(store).await;
        let activity = kim.activity("1/create", "Create", kim.note("1", "<p>hello</p>"));
        let elsewhere = Url::parse("https://other.example/inbox").unwrap();
        let refused = ours.receive_at("/inbox", &elsewhere, &kim, Manner::Cavage, &activity).await.unwrap_err();
        assert!(matches!(refused, Refused::Signature(_)), "{refused}");
        let here = Url::parse("https://here.example/inbox").unwrap();
        let signed = activity.to_string();
        for manner in Manner::ALL {
            let now = ours.federation.unix_now();
            let headers = manner.sign(&Method::POST, &here, signed.as_bytes(), &kim.keys, now);
            let body = signed.replace("hello", "hullo");
            let uri = "/inbox".parse().unwrap();
            let arriving = Arriving { method: &Method::POST, uri: &uri, headers: &headers, body: body.as_bytes() };
            let refused = receive::accept(&ours.federation, &arriving).await.unwrap_err();
            assert!(matches!(refused, Refused::Signature(_)), "{manner}: {refused}");
        }
    }

    async fn cve_2024_52591_id_author_and_actor_share_an_origin(store: Store) {
        let (ours, _home, kim) = scene(store).await;
        let create = |note: Value| {
            let name = format!("{}/create", note["id"].as_str().unwrap().len());
            kim.activity(&name, "Create", note)
        };
        let mut elsewhere = kim.note("1", "<p>hello</p>");
        elsewhere["id"] = "https://other.example/notes/1".into();
        let mut of_another = kim.note("22", "<p>hello</p>");
        of_another["attributedTo"] = "https://other.example/users/lee".into();
        for note in [&elsewhere, &of_another] {
            ours.act_on(&kim, &create(note.clone())).await;
            assert!(!ours.is_there(&note["id"]).await, "{note}");
        }
        let mut abroad = kim.activity("3", "Create", kim.note("333", "<p>hello</p>"));
        abroad["id"] = "https://other.example/activities/3".into();
        assert!(matches!(is_refused(&ours, &kim, &abroad).await, Refused::Origin));
        // A page on another host would be shown as if it were the author's.
        let mut linking = kim.note("4444", "<p>hello</p>");
        linking["url"] = "https://other.example/@kim/4444".into();
        ours.act_on(&kim, &create(linking.clone())).await;
        assert_eq!(ours.post(linking["id"].as_str().unwrap()).await.unwrap().url, linking["id"]);
    }

    async fn cve_2026_73090_only_the_owner_changes_or_deletes(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let note = kim.note("1", "<p>hello</p>");
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        let neighbour = home.actor("mallory", "Person");
        let mut changed = note.clone();
        changed["content"] = "<p>changed</p>".into();
        changed["updated"] = ours.now().plus_secs(1).to_string().into();
        ours.act_on(&neighbour, &neighbour.activity("u", "Update", changed.clone())).await;
        changed["attributedTo"] = neighbour.id.as_str().into();
        ours.act_on(&neighbour, &neighbour.activity("u2", "Update", changed)).await;
        ours.act_on(&neighbour, &neighbour.activity("d", "Delete", note["id"].clone())).await;
        ours.act_on(&neighbour, &neighbour.activity("d2", "Delete", kim.id.as_str().into())).await;
        let undo = kim.activity("1/create", "Create", note.clone());
        ours.act_on(&neighbour, &neighbour.activity("x", "Undo", undo)).await;
        let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(post.is_present() && post.content == "<p>hello</p>", "the same host is not the same person");
        assert!(ours.actor(&kim.id).await.unwrap().is_present());
    }

    async fn owncast_5121_a_key_id_is_checked_before_it_is_asked(store: Store) {
        let canary = Stranger::new().await;
        let ours = Ours::new(store, &[]);
        let mallory = canary.actor("mallory", "Person");
        let follow = mallory.activity("1", "Follow", "https://here.example/actors/sam".into());
        assert!(matches!(is_refused(&ours, &mallory, &follow).await, Refused::UnusableKey(_)));
        for private in ["https://localhost/key", "https://169.254.169.254/key", "https://[::1]/key", "file:///etc/passwd", "did:key:z6Mk"] {
            let mut of_inside = Person::new(&canary.at("/users/mallory"), "Person");
            of_inside.keys.rsa_uri = private.to_owned();
            let refused = is_refused(&ours, &of_inside, &follow).await;
            assert!(matches!(refused, Refused::UnusableKey(_) | Refused::Key(_)), "{private}: {refused}");
        }
        assert!(canary.asked().is_empty());
    }

    async fn cve_2025_54888_the_signer_is_who_acts(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let mallory = home.actor("mallory", "Person");
        let as_kim = kim.activity("1/create", "Create", kim.note("1", "<p>hello</p>"));
        for manner in Manner::ALL {
            let refused = ours.receive(&mallory, *manner, &as_kim).await.unwrap_err();
            assert!(matches!(refused, Refused::NotTheActor), "{manner}: {refused}");
        }
    }

    async fn cve_2026_96625_whose_a_key_is_its_owner_says(store: Store) {
        let (home, evil) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &evil]);
        let kim = home.actor("kim", "Person");
        // A key that stands alone, on another host, and says whose it is.
        let mut forged = Person::new(&kim.id, "Person");
        forged.keys.rsa_uri = evil.at("/key");
        evil.serve(&json!({
            "id": evil.at("/key"), "type": "Key", "owner": kim.id, "publicKeyPem": forged.keys.rsa_public_pem,
        }));
        let follow = kim.activity("1", "Follow", "https://here.example/actors/sam".into());
        let refused = is_refused(&ours, &forged, &follow).await;
        assert!(matches!(refused, Refused::UnusableKey(_)), "{refused}");
        // An actor that lists the key of another under its own name.
        let mut thief = Person::new(&evil.at("/users/thief"), "Person").document();
        thief["publicKey"]["id"] = kim.keys.rsa_uri.as_str().into();
        thief["publicKey"]["publicKeyPem"] = forged.keys.rsa_public_pem.as_str().into();
        evil.serve(&thief);
        resolve::actor(&ours.federation, &Url::parse(thief["id"].as_str().unwrap()).unwrap()).await.unwrap();
        assert_eq!(ours.receive(&kim, Manner::Cavage, &follow).await.unwrap(), Accepted::Kept, "hers is still hers");
    }

    async fn ghsa_r388_57j3_5fgp_an_embedded_document_is_only_a_hint(store: Store) {
        let (home, evil) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &evil]);
        let (kim, mallory) = (home.actor("kim", "Person"), evil.actor("mallory", "Person"));
        ours.follower_of("sam", &[&mallory]).await;
        let note = kim.note("1", "<p>hello</p>");
        home.serve(&note);
        let mut forged = note.clone();
        forged["content"] = "<p>forged</p>".into();
        ours.act_on(&mallory, &mallory.activity("a", "Announce", forged)).await;
        assert_eq!(ours.post(note["id"].as_str().unwrap()).await.unwrap().content, "<p>hello</p>");
        let mut invented = kim.note("2", "<p>forged</p>");
        invented["published"] = ours.now().to_string().into();
        ours.act_on(&mallory, &mallory.activity("b", "Announce", invented.clone())).await;
        assert!(!ours.is_there(&invented["id"]).await, "its origin does not know it");
    }

    async fn cve_2025_30741_a_follow_counts_once_we_have_accepted_it(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let new = NewCommunity {
            handle: Handle::new("night").unwrap(),
            title: "Night".to_owned(),
            summary: String::new(),
            audience: Audience::Everyone,
            join_policy: JoinPolicy::Approval,
            safeguarding_contact: Some("help@mail.example".to_owned()),
        };
        communities::create(&ours.kit.app, &new).await.unwrap();
        let night = ours.actor("https://here.example/actors/night").await.unwrap();
        let follow = kim.activity("f", "Follow", night.uri.as_str().into());
        ours.act_on(&kim, &follow).await;
        ours.act_on(&kim, &kim.activity("a", "Accept", follow["id"].clone())).await;
        ours.act_on(&kim, &kim.activity("a2", "Accept", follow)).await;
        let kim = ours.actor(&kim.id).await.unwrap();
        let kept = follows::between(&mut ours.kit.app.reader(), kim.id, night.id).await.unwrap();
        assert!(kept.is_some_and(|follow| !follow.accepted), "whoever asks does not answer");
        assert!(follows::inboxes(&mut ours.kit.app.reader(), night.id).await.unwrap().is_empty());
        assert!(home.asked().iter().all(|asked| asked.method != Method::POST), "it is not told that it may");
    }

    async fn cve_2026_23961_who_is_gone_is_gone_on_every_path(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let lee = home.actor("lee", "Person");
        ours.follower_of("ada", &[&lee]).await;
        let note = kim.note("1", "<p>hello</p>");
        home.serve(&note);
        let gone = ours.actor(&kim.id).await.unwrap();
        let mut tx = ours.kit.store().begin().await.unwrap();
        actors::delete(&mut tx, gone.id, ours.now()).await.unwrap();
        tx.commit().await.unwrap();
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        ours.act_on(&lee, &lee.activity("b", "Announce", note["id"].clone())).await;
        let mut reply = lee.note("2", "<p>as Kim says</p>");
        reply["inReplyTo"] = note["id"].clone();
        ours.act_on(&lee, &lee.activity("2/create", "Create", reply.clone())).await;
        assert!(ours.is_there(&reply["id"]).await);
        assert!(!ours.is_there(&note["id"]).await, "by no way");
    }

    async fn cve_2026_23962_one_post_names_and_tags_only_so_much(store: Store) {
        let (ours, _home, kim) = scene(store).await;
        let mut note = kim.note("1", &"<p>x</p>".repeat(50_000));
        let tag = |n: usize| json!({ "type": "Hashtag", "name": format!("#t{n}") });
        note["tag"] = (0..10_000).map(tag).collect();
        note["attachment"] = (0..1_000)
            .map(|n| json!({ "type": "Image", "url": format!("https://other.example/{n}.png") }))
            .collect();
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(post.content.len() <= limits::POST_HTML_BYTES_MAX);
        let mut reader = ours.kit.app.reader();
        let tags = alongside_store::posts::tags(&mut reader, &[post.id]).await.unwrap();
        assert!(tags.len() <= limits::TAGS_MAX, "{}", tags.len());
        let media = alongside_store::media::of_posts(&mut reader, &[post.id]).await.unwrap();
        assert!(media.len() <= limits::MEDIA_MAX * 4);
    }

    async fn fep_fe34_an_announce_does_not_make_things_true(store: Store) {
        let (ours, home, kim) = scene(store).await;
        let lee = home.actor("lee", "Person");
        let note = lee.note("1", "<p>served by nobody</p>");
        ours.act_on(&kim, &kim.activity("a", "Announce", note["id"].clone())).await;
        assert!(!ours.is_there(&note["id"]).await);
        // What is served as something else is no document.
        home.serve_as("/users/lee/1", "application/json", note.to_string());
        ours.act_on(&kim, &kim.activity("b", "Announce", note["id"].clone())).await;
        assert!(!ours.is_there(&note["id"]).await);
        home.serve_as("/users/lee/1", ACTIVITY_JSON, note.to_string());
        ours.act_on(&kim, &kim.activity("c", "Announce", note["id"].clone())).await;
        assert!(ours.is_there(&note["id"]).await);
    }

    async fn webfinger_is_believed_where_both_sides_agree(store: Store) {
        let (home, other) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &other]);
        for (name, agrees) in [("kim", false), ("lee", true)] {
            let person = home.actor(name, "Person");
            let link = json!({ "rel": "self", "type": ACTIVITY_JSON, "href": person.id });
            let answer = json!({ "subject": format!("acct:{name}@{}", other.address), "links": [link] });
            let path = |host: &str| {
                format!("/.well-known/webfinger?resource=acct%3A{name}%40{}", host.replace(':', "%3A"))
            };
            home.serve_as(&path(&home.address), "application/jrd+json", answer.to_string());
            if agrees {
                other.serve_as(&path(&other.address), "application/jrd+json", answer.to_string());
            }
            let host = if agrees { &other.address } else { &home.address };
            assert_eq!(ours.know(&person).await.host, *host, "{name}");
        }
    }

    async fn a_hostile_thread_makes_us_read_only_so_much(store: Store) {
        let (ours, home, kim) = scene(store).await;
        // Announced at once: posts whose every author is another, each answering yet another post.
        let mut objects = Vec::new();
        for number in 0..50 {
            for step in 0..8 {
                let author = home.at(&format!("/users/m{number}-{step}"));
                let mut document = kim.document();
                document["id"] = author.as_str().into();
                document["preferredUsername"] = format!("m{number}-{step}").into();
                document["inbox"] = format!("{author}/inbox").into();
                document["publicKey"] = Value::Null;
                document["assertionMethod"] = Value::Null;
                home.serve(&document);
                home.serve(&json!({
                    "id": format!("{author}/note"), "type": "Note", "attributedTo": author, "to": [PUBLIC],
                    "content": "<p>x</p>", "inReplyTo": home.at(&format!("/users/m{number}-{}/note", step + 1)),
                }));
            }
            objects.push(Value::from(home.at(&format!("/users/m{number}-0/note"))));
        }
        let arrival = Arrival {
            id: InboxId::new(1),
            uri: format!("{}/a", kim.id),
            actor_uri: kim.id.clone(),
            body: kim.activity("a", "Announce", objects.into()).to_string(),
            received_at: ours.now(),
        };
        let outcome = act::on(&ours.federation.for_one_arrival(), &arrival).await;
        let asked = home.asked().len();
        assert!(asked <= FETCHES_MAX, "{asked}");
        assert!(asked > FETCHES_MAX / 2, "it would have gone on: {asked} {outcome:?}");
        // What comes next has an allowance of its own.
        let note = kim.note("1", "<p>hello</p>");
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        assert!(ours.is_there(&note["id"]).await);
    }
}
