//! Proofs (FEP-8b32): what an actor has proved is believed whoever passes it on, and nothing else is.

use crate::stranger::{Ours, Person, Stranger};
use alongside_domain::community::Audience;
use alongside_domain::id::CommunityId;
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_federation::proof::{AGE_SECS_MAX, Proof};
use alongside_store::engine::Store;
use alongside_store::jobs;
use alongside_testkit::both_engines;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A community elsewhere that somebody here follows, and somebody on a third server who writes in it.
struct Scene {
    ours: Ours,
    home: Stranger,
    _hall: Stranger,
    author: Person,
    group: Person,
    told: AtomicUsize,
}

impl Scene {
    async fn new(store: Store) -> Self {
        let (home, hall) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &hall]);
        let (author, group) = (home.actor("kim", "Person"), hall.actor("sleep", "Group"));
        ours.follower_of("sam", &[&group]).await;
        Self { ours, home, _hall: hall, author, group, told: AtomicUsize::new(0) }
    }

    /// The author's post in the community, and the activity that publishes it.
    fn written(&self, content: &str) -> (Value, Value) {
        let mut note = self.author.note("notes/1", content);
        note["audience"] = self.group.id.as_str().into();
        let create = self.author.activity("notes/1/create", "Create", note.clone());
        (note, create)
    }

    /// The community passes something on.
    async fn announces(&self, activity: &Value) {
        let name = format!("announce/{}", self.told.fetch_add(1, Ordering::Relaxed));
        self.ours.act_on(&self.group, &self.group.activity(&name, "Announce", activity.clone())).await;
    }
}

both_engines! {
    async fn what_is_proved_is_believed_and_its_origin_is_not_asked(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        let post = scene.ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(post.content, "<p>awake</p>");
        assert_eq!(post.community.map(CommunityId::actor), scene.ours.actor(&scene.group.id).await.map(|group| group.id));
        assert_eq!(scene.home.asked_for(), ["/users/kim"], "only who its author is");

        scene.ours.kit.clock.advance_secs(60);
        let mut changed = note.clone();
        changed["content"] = "<p>still awake</p>".into();
        changed["updated"] = scene.ours.now().to_string().into();
        let update = scene.author.activity("notes/1/update", "Update", changed);
        scene.announces(&scene.author.prove(update, scene.ours.now())).await;
        assert_eq!(scene.ours.post(note["id"].as_str().unwrap()).await.unwrap().content, "<p>still awake</p>");

        let delete = scene.author.activity("notes/1/delete", "Delete", note["id"].clone());
        scene.announces(&scene.author.prove(delete, scene.ours.now())).await;
        assert!(!scene.ours.is_there(&note["id"]).await);
        assert_eq!(scene.home.asked_for(), [""; 0], "nothing was asked again");
    }

    async fn a_wrong_proof_is_as_if_there_were_none(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        let now = scene.ours.now();
        let mut tampered = scene.author.prove(create.clone(), now);
        tampered["object"]["content"] = "<p>asleep</p>".into();
        let neighbour = scene.home.actor("mallory", "Person");
        let by_a_neighbour = neighbour.prove(create.clone(), now);
        let by_the_community = scene.group.prove(create.clone(), now);
        let old = scene.author.prove(create.clone(), now.plus_secs(-AGE_SECS_MAX));
        for activity in [&tampered, &by_a_neighbour, &by_the_community, &old] {
            scene.announces(activity).await;
            assert!(!scene.ours.is_there(&note["id"]).await, "{activity}");
        }
        let asked = scene.home.asked_for();
        assert_eq!(asked.iter().filter(|path| *path == "/users/kim/notes/1").count(), 4, "{asked:?}");
        // What its origin says counts, whatever the proof.
        scene.home.serve(&note);
        scene.announces(&tampered).await;
        assert_eq!(scene.ours.post(note["id"].as_str().unwrap()).await.unwrap().content, "<p>awake</p>");
    }

    async fn a_proof_speaks_for_its_own_actor_alone(store: Store) {
        let scene = Scene::new(store).await;
        let (note, _) = scene.written("<p>awake</p>");
        let mallory = scene.home.actor("mallory", "Person");
        // Hers is the activity, and the proof holds; but the post is not hers.
        let create = mallory.activity("create", "Create", note.clone());
        scene.announces(&mallory.prove(create, scene.ours.now())).await;
        assert!(!scene.ours.is_there(&note["id"]).await);
        let (note, create) = scene.written("<p>awake</p>");
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        let delete = mallory.activity("delete", "Delete", note["id"].clone());
        scene.home.serve(&note);
        scene.announces(&mallory.prove(delete, scene.ours.now())).await;
        let post = scene.ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(post.deleted_at.is_none(), "the community may take it out, but nobody deletes for another");
    }

    async fn what_was_said_to_a_few_is_not_taken_from_others(store: Store) {
        let scene = Scene::new(store).await;
        let (mut note, _) = scene.written("<p>psst</p>");
        note["to"] = json!([scene.group.id]);
        let create = scene.author.activity("create", "Create", note.clone());
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        assert!(!scene.ours.is_there(&note["id"]).await);
    }

    async fn what_was_deleted_does_not_come_back_by_an_old_proof(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        let create = scene.author.prove(create, scene.ours.now());
        scene.announces(&create).await;
        let delete = scene.author.activity("delete", "Delete", note["id"].clone());
        scene.announces(&scene.author.prove(delete, scene.ours.now())).await;
        scene.announces(&create).await;
        assert!(!scene.ours.is_there(&note["id"]).await);
    }

    async fn what_was_deleted_before_it_came_stays_away(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        let delete = scene.author.activity("delete", "Delete", note["id"].clone());
        scene.announces(&scene.author.prove(delete, scene.ours.now())).await;
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        assert!(!scene.ours.is_there(&note["id"]).await);
    }

    async fn a_deletion_is_confirmed_by_what_its_origin_keeps_of_it(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        // As PieFed has it: what was deleted is served on, and so is what was sent.
        scene.home.serve(&note);
        let delete = scene.author.activity("activities/delete/1", "Delete", note["id"].clone());
        scene.home.serve(&delete);
        scene.announces(&delete).await;
        let post = scene.ours.post(note["id"].as_str().unwrap()).await;
        assert!(post.is_none_or(|post| post.deleted_at.is_some()), "it is no removal");
    }

    async fn what_nobody_confirms_to_be_deleted_is_out_of_its_community(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        scene.home.serve(&note);
        let delete = scene.author.activity("activities/delete/1", "Delete", note["id"].clone());
        scene.announces(&delete).await;
        let post = scene.ours.post(note["id"].as_str().unwrap()).await.unwrap();
        assert!(post.removed_at.is_some() && post.deleted_at.is_none(), "{post:?}");
    }

    async fn reactions_are_proved_and_taken_back_by_proof(store: Store) {
        let scene = Scene::new(store).await;
        let (note, create) = scene.written("<p>awake</p>");
        scene.announces(&scene.author.prove(create, scene.ours.now())).await;
        let reader = scene.home.actor("lee", "Person");
        let like = reader.activity("likes/1", "Like", note["id"].clone());
        scene.announces(&like).await;
        let count = async || scene.ours.post(note["id"].as_str().unwrap()).await.unwrap().reactions_count;
        assert_eq!(count().await, 0, "without a proof its origin is asked, and has none");
        scene.announces(&reader.prove(like.clone(), scene.ours.now())).await;
        assert_eq!(count().await, 1);
        let undo = reader.activity("likes/1/undo", "Undo", like);
        scene.announces(&reader.prove(undo, scene.ours.now())).await;
        assert_eq!(count().await, 0);
    }
    async fn what_we_say_to_all_is_proved_and_what_we_say_to_a_few_is_not(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let follower = ours.know(&kim).await;
        let sam = ours.kit.member("sam").await.actor();
        let night = ours.kit.community("night", Audience::Everyone).await;
        ours.kit.follow(follower.id, sam).await;
        ours.kit.follow(follower.id, night.actor()).await;
        for visibility in [Visibility::Public, Visibility::Followers] {
            let post = ours.kit.post_with(sam, "hello", |post| {
                post.visibility = visibility;
                post.community = (visibility == Visibility::Public).then_some(night);
            }).await;
            let mut tx = ours.kit.store().begin().await.unwrap();
            let job = Job::Publish { post: post.id };
            jobs::push(&mut tx, ours.kit.app.next_id(), &job, "", ours.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        home.asked();
        ours.settle().await;
        let told: Vec<Value> = home
            .asked()
            .iter()
            .filter(|asked| asked.method == http::Method::POST)
            .map(|asked| serde_json::from_slice(&asked.body).unwrap())
            .collect();
        let sam = ours.actor("https://here.example/actors/sam").await.unwrap();
        let key = ours.federation.keys_of(&sam).await.unwrap().ed25519.public_key().clone();
        let is_proved = |activity: &Value| {
            Proof::of(activity.as_object().unwrap()).is_some_and(|proof| proof.is_by(&key) && proof.is_fresh(ours.now()))
        };
        let creates = || told.iter().filter(|activity| activity["type"] == "Create");
        let is_open = |activity: &&Value| activity.to_string().contains("#Public");
        assert_eq!(creates().filter(is_open).filter(|create| is_proved(create)).count(), 1, "{told:?}");
        assert_eq!(creates().filter(|create| !is_open(create) && create["proof"].is_null()).count(), 1);
        let announced = told.iter().find(|activity| activity["object"]["type"] == "Create").unwrap();
        assert!(is_proved(&announced["object"]), "word for word, so that it still holds");
    }
}
