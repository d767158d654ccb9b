//! Accounts, members, sessions, invitations, settings and the audit trail.

use alongside_domain::account::{Email, Role};
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{AccountId, ActorId, AuditId, MemberId};
use alongside_domain::post::Visibility;
use alongside_store::members::Defaults;
use alongside_store::session::Session as _;
use alongside_store::{accounts, actors, audit, invitations, members, sessions, settings};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn an_address_has_one_account(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let email = Email::parse("sam@mail.example").unwrap();
        let mut tx = store.begin().await.unwrap();
        accounts::insert(&mut tx, AccountId::new(1), &email, "hash", Role::Admin, now).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.begin().await.unwrap();
        let again = accounts::insert(&mut tx, AccountId::new(2), &email, "hash", Role::Member, now).await;
        assert!(again.unwrap_err().is_unique("account", "email"));
        drop(tx);

        let reader = &mut store.reader();
        let found = accounts::credentials(reader, &email).await.unwrap().unwrap();
        assert_eq!((found.id, found.password_hash.as_str(), found.disabled_at), (AccountId::new(1), "hash", None));
        assert!(accounts::any(reader, Role::Admin).await.unwrap());
        assert!(!accounts::any(reader, Role::Moderator).await.unwrap());
    }

    async fn an_account_remembers_consent_and_can_be_closed(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let member = node.member("sam").await;
        let account = members::find(&mut store.reader(), member).await.unwrap().unwrap().account_id;
        let mut tx = store.begin().await.unwrap();
        accounts::consent(&mut tx, account, 3, now).await.unwrap();
        tx.commit().await.unwrap();
        let found = accounts::find(&mut store.reader(), account).await.unwrap().unwrap();
        assert_eq!((found.consent_version, found.consented_at, found.confirmed_at), (Some(3), Some(now), Some(now)));
        let email = Email::parse("sam@mail.example").unwrap();
        let credentials = accounts::credentials(&mut store.reader(), &email).await.unwrap().unwrap();
        assert!(credentials.disabled_at.is_none());

        assert!(members::find_by_handle(&mut store.reader(), "SAM").await.unwrap().is_some());
        let mut tx = store.begin().await.unwrap();
        accounts::close(&mut tx, account, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(accounts::find(&mut store.reader(), account).await.unwrap().unwrap().disabled_at, Some(now));
        assert!(members::find_by_handle(&mut store.reader(), "sam").await.unwrap().is_none());
    }

    async fn a_member_keeps_its_choices(node: Node) {
        let store = node.store();
        let member = node.member("sam").await;
        let defaults =
            Defaults { visibility: Visibility::Unlisted, sensitive: true, language: Some("cy".to_owned()) };
        let mut tx = store.begin().await.unwrap();
        members::set_defaults(&mut tx, member, &defaults).await.unwrap();
        members::set_notifications_read(&mut tx, member, 77).await.unwrap();
        tx.commit().await.unwrap();
        let found = members::find(&mut store.reader(), member).await.unwrap().unwrap();
        assert_eq!(found.default_visibility, Visibility::Unlisted);
        assert!(found.default_sensitive);
        assert_eq!((found.default_language.as_deref(), found.notifications_read_id), (Some("cy"), 77));
        let default = members::default_visibility(&mut store.reader(), member.actor()).await.unwrap();
        assert_eq!(default, Some(Visibility::Unlisted));
    }

    async fn personas_and_staff_are_found(node: Node) {
        let store = node.store();
        let member = node.member("sam").await;
        let moderator = node.member_as("mo", Role::Moderator).await;
        let stranger = node.stranger("ada", "b.example").await;
        let account = members::find(&mut store.reader(), member).await.unwrap().unwrap().account_id;
        let personas = members::of_account(&mut store.reader(), account).await.unwrap();
        assert_eq!(personas.iter().map(|persona| persona.id).collect::<Vec<MemberId>>(), [member]);
        let staff = members::staff(&mut store.reader()).await.unwrap();
        assert_eq!(staff.iter().map(|member| member.id).collect::<Vec<MemberId>>(), [moderator]);
        assert!(members::exists(&mut store.reader(), member.actor()).await.unwrap());
        assert!(!members::exists(&mut store.reader(), stranger).await.unwrap());
        let mut tx = store.begin().await.unwrap();
        actors::delete(&mut tx, member.actor(), node.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!members::exists(&mut store.reader(), member.actor()).await.unwrap());
        assert!(members::of_account(&mut store.reader(), account).await.unwrap().is_empty());
        assert_eq!(members::find(&mut store.reader(), MemberId::of(ActorId::new(404))).await.unwrap().map(|it| it.id), None);
    }

    async fn a_session_ends(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let member = node.member_as("sam", Role::Admin).await;
        let account = members::find(&mut store.reader(), member).await.unwrap().unwrap().account_id;
        let mut tx = store.begin().await.unwrap();
        for (token, secs) in [("short", 10), ("long", 100), ("other", 100)] {
            sessions::insert(&mut tx, token, account, "csrf", now.plus_secs(secs)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = sessions::find(&mut store.reader(), "short", now).await.unwrap().unwrap();
        assert_eq!((found.account_id, found.role, found.csrf.as_str()), (account, Role::Admin, "csrf"));
        let later = now.plus_secs(10);
        assert!(sessions::find(&mut store.reader(), "short", later).await.unwrap().is_none());

        let mut tx = store.begin().await.unwrap();
        assert_eq!(sessions::sweep(&mut tx, later).await.unwrap(), 1);
        sessions::remove(&mut tx, "long").await.unwrap();
        tx.commit().await.unwrap();
        assert!(sessions::find(&mut store.reader(), "long", now).await.unwrap().is_none());
        assert!(sessions::find(&mut store.reader(), "other", now).await.unwrap().is_some());
    }

    async fn a_link_works_once_and_not_for_ever(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let mut tx = store.begin().await.unwrap();
        invitations::insert(&mut tx, "first", Role::Admin, now.plus_secs(10)).await.unwrap();
        invitations::withdraw(&mut tx, Role::Admin).await.unwrap();
        invitations::insert(&mut tx, "second", Role::Admin, now.plus_secs(10)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(invitations::find(&mut store.reader(), "first", now).await.unwrap().is_none());
        assert!(invitations::find(&mut store.reader(), "second", now).await.unwrap().is_some());
        assert!(invitations::find(&mut store.reader(), "second", now.plus_secs(10)).await.unwrap().is_none());

        let mut tx = store.begin().await.unwrap();
        assert!(invitations::redeem(&mut tx, "second", now.plus_secs(10)).await.unwrap().is_none());
        assert_eq!(invitations::redeem(&mut tx, "second", now).await.unwrap().unwrap().role, Role::Admin);
        assert!(invitations::redeem(&mut tx, "second", now).await.unwrap().is_none());
    }

    async fn the_first_value_under_a_name_stays(node: Node) {
        let store = node.store();
        assert_eq!(settings::find(&mut store.reader(), "key").await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(settings::put_first(&mut tx, "key", "one").await.unwrap(), "one");
        assert_eq!(settings::put_first(&mut tx, "key", "two").await.unwrap(), "one");
        tx.commit().await.unwrap();
        assert_eq!(settings::find(&mut store.reader(), "key").await.unwrap().as_deref(), Some("one"));
    }

    async fn the_audit_trail_shows_a_changed_line(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        for verb in ["one", "two", "three"] {
            let mut tx = store.begin().await.unwrap();
            let by = Some(AccountId::new(9));
            audit::append(&mut tx, node.app.ids(), now, by, verb, "subject", "detail").await.unwrap();
            tx.commit().await.unwrap();
        }
        let lines = audit::after(&mut store.reader(), AuditId::new(-1), 10).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.verb.as_str()).collect::<Vec<&str>>(), ["one", "two", "three"]);
        assert_eq!((&lines[1].previous, &lines[2].previous), (&lines[0].hash, &lines[1].hash));
        assert!(audit::first_broken(&mut store.reader()).await.unwrap().is_none());

        let mut tx = store.begin().await.unwrap();
        tx.query("update audit set detail = 'nothing happened' where verb = $1").bind("two").execute().await.unwrap();
        tx.commit().await.unwrap();
        let broken = audit::first_broken(&mut store.reader()).await.unwrap().unwrap();
        assert_eq!(broken.verb, "two");
    }

    async fn two_who_append_at_once_make_one_trail(node: Node) {
        let store = node.store();
        let mut all = Vec::new();
        for _ in 0..6 {
            let app = node.app.clone();
            all.push(tokio::spawn(async move {
                let mut tx = app.store().begin().await.unwrap();
                audit::append(&mut tx, app.ids(), app.now(), None, "at once", "", "").await.unwrap();
                tx.commit().await.unwrap();
            }));
        }
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(audit::after(&mut store.reader(), AuditId::new(-1), 10).await.unwrap().len(), 6);
        assert!(audit::first_broken(&mut store.reader()).await.unwrap().is_none());
    }
}
