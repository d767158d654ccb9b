//! Signatures as hosts take and send them: Ed25519 where both sides have such keys, learned, remembered and
//! unlearned; keys that change.

use crate::stranger::{Ours, Person, Stranger};
use alongside_domain::job::Job;
use alongside_federation::keys;
use alongside_federation::receive::{Accepted, Refused};
use alongside_federation::signing::Manner;
use alongside_store::engine::Store;
use alongside_store::{hosts, jobs};
use alongside_testkit::both_engines;
use alongside_testkit::foreign::Asked;
use http::StatusCode;
use serde_json::Value;
use url::Url;

fn manner_of(asked: &Asked) -> Manner {
    match asked.headers.get("signature-input").map(|input| input.to_str().unwrap()) {
        None => Manner::Cavage,
        Some(input) if input.contains("#ed25519-key") => Manner::Ed25519,
        Some(_) => Manner::Rfc9421,
    }
}

/// What was tried at the door of a server, in order.
fn tried(stranger: &Stranger) -> Vec<Manner> {
    let asked = stranger.asked();
    asked.iter().filter(|asked| asked.method == http::Method::POST).map(manner_of).collect()
}

fn only_cavage(asked: &Asked) -> StatusCode {
    if manner_of(asked) == Manner::Cavage { StatusCode::ACCEPTED } else { StatusCode::UNAUTHORIZED }
}

fn only_rfc9421(asked: &Asked) -> StatusCode {
    if manner_of(asked) == Manner::Cavage { StatusCode::BAD_REQUEST } else { StatusCode::ACCEPTED }
}

fn anything(_: &Asked) -> StatusCode {
    StatusCode::ACCEPTED
}

async fn remembered(ours: &Ours, stranger: &Stranger) -> Option<String> {
    hosts::find(&mut ours.kit.app.reader(), &stranger.address).await.unwrap().unwrap().signature
}

/// Somebody here with a follower there writes a post, and it is delivered.
async fn writes(ours: &Ours, author: alongside_domain::id::ActorId) {
    let post = ours.kit.post(author, "hello").await;
    let mut tx = ours.kit.store().begin().await.unwrap();
    let job = Job::Publish { post: post.id };
    jobs::push(&mut tx, ours.kit.app.next_id(), &job, "", ours.now()).await.unwrap();
    tx.commit().await.unwrap();
    ours.settle().await;
}

async fn followed_by(ours: &Ours, person: &Person) -> alongside_domain::id::ActorId {
    let member = ours.kit.member("sam").await.actor();
    let follower = ours.know(person).await;
    ours.kit.follow(follower.id, member).await;
    member
}

fn follow(person: &Person, name: &str) -> Value {
    person.activity(name, "Follow", "https://here.example/actors/sam".into())
}

both_engines! {
    async fn a_signature_with_ed25519_is_taken_by_the_key_its_owner_lists(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        assert_eq!(ours.receive(&kim, Manner::Ed25519, &follow(&kim, "1")).await.unwrap(), Accepted::Kept);
        assert_eq!(ours.receive(&kim, Manner::Rfc9421, &follow(&kim, "2")).await.unwrap(), Accepted::Kept);
        assert_eq!(ours.receive(&kim, Manner::Cavage, &follow(&kim, "3")).await.unwrap(), Accepted::Kept);
        assert_eq!(home.asked_for(), ["/users/kim"], "both keys were read at once");
        // A key of that name that the owner does not list.
        let impostor = Person::new(&kim.id, "Person");
        let refused = ours.receive(&impostor, Manner::Ed25519, &follow(&kim, "4")).await.unwrap_err();
        assert!(matches!(refused, Refused::Signature(_)), "{refused}");
    }

    async fn a_key_that_claims_another_owner_is_not_theirs(store: Store) {
        let (home, evil) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &evil]);
        let kim = home.actor("kim", "Person");
        let mallory = Person::new(&evil.at("/users/mallory"), "Person");
        let mut document = mallory.document();
        document["assertionMethod"][0]["controller"] = kim.id.as_str().into();
        evil.serve(&document);
        let refused = ours.receive(&mallory, Manner::Ed25519, &follow(&kim, "1")).await.unwrap_err();
        assert!(matches!(refused, Refused::UnusableKey(_)), "{refused}");
    }

    async fn what_software_declares_is_tried_first_and_unlearned(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = Person::new(&home.at("/users/kim"), "Person");
        home.serve(&kim.declaring());
        let sam = followed_by(&ours, &kim).await;
        assert_eq!(remembered(&ours, &home).await.as_deref(), Some("ed25519"));
        home.judge(anything);
        writes(&ours, sam).await;
        assert_eq!(tried(&home), [Manner::Ed25519]);
        home.judge(only_cavage);
        writes(&ours, sam).await;
        assert_eq!(tried(&home), [Manner::Ed25519, Manner::Cavage]);
        writes(&ours, sam).await;
        assert_eq!(tried(&home), [Manner::Cavage], "what stopped working is unlearned");
        // Reading the actor again does not bring the claim back: what was seen counts.
        ours.kit.clock.advance_secs(2 * 86_400);
        ours.know(&kim).await;
        assert_eq!(remembered(&ours, &home).await.as_deref(), Some("cavage"));
    }

    async fn where_nothing_is_declared_both_families_are_tried_and_one_is_remembered(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let sam = followed_by(&ours, &kim).await;
        assert_eq!(remembered(&ours, &home).await, None);
        home.judge(only_rfc9421);
        writes(&ours, sam).await;
        writes(&ours, sam).await;
        assert_eq!(tried(&home), [Manner::Cavage, Manner::Rfc9421, Manner::Rfc9421]);
    }

    async fn a_query_may_be_signed_or_not(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let bare = Url::parse("https://here.example/inbox").unwrap();
        let whole = Url::parse("https://here.example/inbox?x=1").unwrap();
        let other = Url::parse("https://here.example/inbox?x=2").unwrap();
        for (name, signed) in [("1", &bare), ("2", &whole)] {
            let activity = follow(&kim, name);
            let taken = ours.receive_at("/inbox?x=1", signed, &kim, Manner::Cavage, &activity).await;
            assert_eq!(taken.unwrap(), Accepted::Kept, "{signed}");
        }
        let refused = ours.receive_at("/inbox?x=1", &other, &kim, Manner::Cavage, &follow(&kim, "3")).await;
        assert!(matches!(refused, Err(Refused::Signature(_))));
    }

    async fn their_keys_may_change_under_the_same_address_or_another(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        ours.receive(&kim, Manner::Cavage, &follow(&kim, "1")).await.unwrap();
        let renewed = home.actor("kim", "Person");
        ours.receive(&renewed, Manner::Cavage, &follow(&kim, "2")).await.unwrap();
        let refused = ours.receive(&kim, Manner::Cavage, &follow(&kim, "3")).await.unwrap_err();
        assert!(matches!(refused, Refused::Signature(_)), "the old key is nobody's any more: {refused}");
        let mut readdressed = Person::new(&kim.id, "Person");
        readdressed.keys.rsa_uri = format!("{}#key-2", kim.id);
        home.serve(&readdressed.document());
        ours.receive(&readdressed, Manner::Cavage, &follow(&kim, "4")).await.unwrap();
        let refused = ours.receive(&renewed, Manner::Cavage, &follow(&kim, "5")).await.unwrap_err();
        assert!(matches!(refused, Refused::UnusableKey(_) | Refused::Signature(_)), "{refused}");
    }

    async fn looks_at_a_key_that_does_not_fit_are_few(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        ours.receive(&kim, Manner::Cavage, &follow(&kim, "0")).await.unwrap();
        home.asked();
        let impostor = Person::new(&kim.id, "Person");
        for number in 1..20 {
            let activity = follow(&kim, &number.to_string());
            ours.receive(&impostor, Manner::Cavage, &activity).await.unwrap_err();
        }
        assert_eq!(home.asked_for().len(), 2);
    }

    async fn followers_are_told_of_our_new_keys_and_deliveries_are_signed_with_them(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = Person::new(&home.at("/users/kim"), "Person");
        home.serve(&kim.declaring());
        let sam = followed_by(&ours, &kim).await;
        writes(&ours, sam).await;
        home.asked();
        let actor = ours.actor("https://here.example/actors/sam").await.unwrap();
        let old = ours.federation.keys_of(&actor).await.unwrap();
        keys::rotate(&ours.kit.app, &actor).await.unwrap();
        ours.kit.clock.advance_secs(10);
        ours.settle().await;
        let new = ours.federation.keys_of(&actor).await.unwrap();
        let told = home.asked();
        let update: Value = serde_json::from_slice(&told[0].body).unwrap();
        assert_eq!((&update["type"], &update["object"]["id"]), (&"Update".into(), &Value::from(actor.uri)));
        assert_eq!(update["object"]["publicKey"]["publicKeyPem"], new.rsa_public_pem);
        assert!(!update.to_string().contains(&old.ed25519_public_multibase), "the old key is in no document");
        let signed = |keys: &keys::ActorKeys| {
            let request = &told[0];
            let target = http_signatures::request::Target::new(&home.at(&request.path).parse().unwrap()).unwrap();
            let request = http_signatures::request::Request {
                method: &request.method, target: &target, headers: &request.headers, body: &request.body,
            };
            let signature = http_signatures::verify::Signature::parse(request.headers).unwrap();
            let policy = http_signatures::policy::Policy::default();
            let checked = signature.check(&request, &policy, ours.federation.unix_now()).unwrap();
            checked.verify(keys.ed25519.public_key()).is_ok()
        };
        assert!(signed(&new) && !signed(&old));
    }
    async fn a_deleted_name_is_nobody_elses(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        ours.follower_of("sam", &[&kim]).await;
        let note = kim.note("1", "<p>hello</p>");
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        assert!(ours.is_there(&note["id"]).await);
        ours.act_on(&kim, &kim.activity("delete", "Delete", kim.id.as_str().into())).await;
        let other = home.actor("kim", "Person");
        let refused = ours.receive(&other, Manner::Cavage, &follow(&other, "2")).await.unwrap_err();
        assert!(matches!(refused, Refused::Key(_)), "{refused}");
        assert!(!ours.actor(&kim.id).await.unwrap().is_present());
    }

    async fn whoever_is_of_an_unknown_kind_is_left_to_themselves(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let feed = home.actor("feed", "Feed");
        let add = feed.activity("1", "Announce", Value::from(home.at("/c/somewhere")));
        assert_eq!(ours.receive(&feed, Manner::Cavage, &add).await.unwrap(), Accepted::Nothing);
        assert!(ours.actor(&feed.id).await.is_none());
    }
}
