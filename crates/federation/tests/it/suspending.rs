//! Somebody whom their own server suspends for a time: hidden here as well, and shown again when it says so.

use crate::stranger::{Ours, Person, Stranger};
use alongside_app::reading;
use alongside_domain::id::ActorId;
use alongside_domain::sanction::{Sanction, SanctionKind};
use alongside_store::engine::Store;
use alongside_store::sanctions;
use alongside_testkit::both_engines;
use serde_json::Value;

/// Somebody here who follows Kim, who lives there and has written something.
async fn scene(store: Store) -> (Ours, Stranger, Person, ActorId, Value) {
    let home = Stranger::new().await;
    let ours = Ours::new(store, &[&home]);
    let kim = home.actor("kim", "Person");
    let sam = ours.follower_of("sam", &[&kim]).await;
    let note = kim.note("1", "<p>hello</p>");
    ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
    (ours, home, kim, sam, note)
}

/// Kim's server says how it is, and tells us that it has changed.
async fn say(ours: &Ours, home: &Stranger, kim: &Person, name: &str, is_suspended: bool) {
    let mut document = kim.document();
    if is_suspended {
        document["suspended"] = true.into();
    }
    home.serve(&document);
    ours.act_on(kim, &kim.activity(name, "Update", document)).await;
}

async fn is_seen(ours: &Ours, by: ActorId, uri: &Value) -> bool {
    let Some(post) = ours.post(uri.as_str().unwrap()).await else { return false };
    let seen = reading::post(&mut ours.kit.app.reader(), Some(by), post.id, ours.now()).await.unwrap();
    seen.is_some()
}

both_engines! {
    async fn whoever_their_own_server_suspends_is_hidden_until_it_shows_them_again(store: Store) {
        let (ours, home, kim, sam, note) = Box::pin(scene(store)).await;
        assert!(is_seen(&ours, sam, &note["id"]).await);
        say(&ours, &home, &kim, "suspend", true).await;
        let known = ours.actor(&kim.id).await.unwrap();
        assert!(!known.is_present() && known.name == "kim", "what is known of them is kept: {known:?}");
        assert!(!is_seen(&ours, sam, &note["id"]).await);
        let second = kim.note("2", "<p>hello again</p>");
        ours.act_on(&kim, &kim.activity("2/create", "Create", second.clone())).await;
        assert!(!ours.is_there(&second["id"]).await, "nothing new is taken meanwhile");
        say(&ours, &home, &kim, "unsuspend", false).await;
        assert!(ours.actor(&kim.id).await.unwrap().is_present());
        assert!(is_seen(&ours, sam, &note["id"]).await);
    }

    async fn whoever_is_suspended_may_still_delete_what_is_theirs(store: Store) {
        let (ours, home, kim, sam, note) = Box::pin(scene(store)).await;
        let others = ours.kit.post(sam, "mine").await;
        say(&ours, &home, &kim, "suspend", true).await;
        for (name, object) in [("1/delete", note["id"].clone()), ("2/delete", others.uri.clone().into())] {
            ours.act_on(&kim, &kim.activity(name, "Delete", object)).await;
        }
        assert!(!ours.is_there(&note["id"]).await);
        assert!(ours.is_there(&others.uri.into()).await);
        ours.act_on(&kim, &kim.activity("delete", "Delete", kim.id.clone().into())).await;
        assert!(ours.actor(&kim.id).await.unwrap().deleted_at.is_some(), "and go");
    }

    async fn the_staff_here_and_their_own_server_suspend_each_for_themselves(store: Store) {
        let (ours, home, kim, _sam, _note) = Box::pin(scene(store)).await;
        let now = ours.now();
        let target = ours.actor(&kim.id).await.unwrap().id;
        say(&ours, &home, &kim, "suspend", true).await;
        let mut tx = ours.kit.store().begin().await.unwrap();
        assert!(!sanctions::set(&mut tx, target, SanctionKind::Suspend, None).await.unwrap(), "only their server ends it");
        let sanction = Sanction {
            id: ours.kit.app.next_id(),
            target,
            kind: SanctionKind::Suspend,
            by: target,
            report: None,
            message: String::new(),
            at: now,
            until: Some(now.plus_secs(3_600)),
            ended_at: None,
        };
        sanctions::insert(&mut tx, &sanction).await.unwrap();
        sanctions::set(&mut tx, target, SanctionKind::Suspend, Some(now)).await.unwrap();
        tx.commit().await.unwrap();
        say(&ours, &home, &kim, "unsuspend", false).await;
        assert!(!ours.actor(&kim.id).await.unwrap().is_present(), "the staff here have suspended them too");
        let mut tx = ours.kit.store().begin().await.unwrap();
        sanctions::end(&mut tx, target, SanctionKind::Suspend, now).await.unwrap();
        assert!(sanctions::set(&mut tx, target, SanctionKind::Suspend, None).await.unwrap());
        tx.commit().await.unwrap();
        assert!(ours.actor(&kim.id).await.unwrap().is_present());
    }

    async fn a_community_that_is_deleted_is_hidden_until_it_is_brought_back(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (group, kim) = (home.actor("sleep", "Group"), home.actor("kim", "Person"));
        ours.follower_of("sam", &[&group]).await;
        let is_there = async || ours.actor(&group.id).await.unwrap().is_present();
        let delete = kim.activity("delete", "Delete", group.id.clone().into());
        ours.act_on(&kim, &delete).await;
        assert!(is_there().await, "Kim alone says nothing about it");
        ours.act_on(&group, &group.activity("1", "Announce", delete.clone())).await;
        assert!(!is_there().await);
        let undo = kim.activity("undo", "Undo", delete);
        ours.act_on(&group, &group.activity("2", "Announce", undo)).await;
        assert!(is_there().await);
    }

    async fn of_somebody_never_heard_of_who_is_suspended_nothing_is_kept(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = Person::new(&home.at("/users/kim"), "Person");
        let mut document = kim.document();
        document["suspended"] = true.into();
        home.serve(&document);
        let address = url::Url::parse(&kim.id).unwrap();
        assert!(alongside_federation::resolve::actor(&ours.federation, &address).await.is_err());
        assert!(ours.actor(&kim.id).await.is_none());
    }
}
