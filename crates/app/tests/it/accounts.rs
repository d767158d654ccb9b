//! Making accounts, signing in and out, and the first administrator's link.

use alongside_app::accounts::{self, CreateError, Created, NewAccount, SignInError};
use alongside_app::invitations::{self, RedeemError};
use alongside_app::sessions;
use alongside_domain::account::{CONSENT_VERSION, Email, Password, Role};
use alongside_domain::actor::{ActorKind, Handle};
use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::limits::{INVITATION_SECS_MAX, SESSION_SECS_MAX};
use alongside_store::{accounts as stored, actors, audit, keys, members};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) fn new(handle: &str) -> NewAccount {
    NewAccount {
        handle: Handle::new(handle).unwrap(),
        email: Email::parse(&format!("{handle}@mail.example")).unwrap(),
        password: Password::new(PASSWORD.to_owned()).unwrap(),
        role: Role::Member,
    }
}

pub(crate) async fn sam(node: &Node) -> Created {
    accounts::create(&node.app, &new("Sam")).await.unwrap()
}

both_engines! {
    async fn an_account_has_a_public_persona_that_tells_only_the_day(node: Node) {
        let created = sam(&node).await;
        let reader = &mut node.app.reader();
        let actor = actors::find(reader, created.member.actor()).await.unwrap().unwrap();
        assert_eq!((actor.kind, actor.handle.as_str(), actor.host.as_str()), (ActorKind::Person, "Sam", ""));
        assert_eq!(actor.uri, "http://127.0.0.1:7100/actors/Sam");
        assert_eq!(actor.inbox, "http://127.0.0.1:7100/actors/Sam/inbox");
        assert!(!actor.discoverable, "nobody is found before they wish to be");
        let midnight = node.clock.now().midnight();
        assert_eq!(actor.created_at, midnight);
        let millis_into_the_day = (actor.id.get() >> 16) - midnight.as_millis();
        assert!((0..86_400_000).contains(&millis_into_the_day) && millis_into_the_day != 7_200_000);
        let member = members::find(reader, created.member).await.unwrap().unwrap();
        assert_eq!((member.account_id, member.role), (created.account, Role::Member));
        assert!(keys::of_actor(reader, actor.id).await.unwrap().is_empty(), "keys are made where they are used");
        assert!(audit::first_broken(reader).await.unwrap().is_none());
    }

    async fn a_name_is_given_once_to_people_and_communities_alike(node: Node) {
        sam(&node).await;
        node.community("sleep", Audience::Everyone).await;
        for (handle, email) in [("sam", "a@mail.example"), ("SLEEP", "b@mail.example")] {
            let other = NewAccount { email: Email::parse(email).unwrap(), ..new(handle) };
            let refused = accounts::create(&node.app, &other).await.unwrap_err();
            assert!(matches!(refused, CreateError::HandleTaken), "{handle}: {refused:?}");
        }
        let same_address = NewAccount { email: Email::parse("Sam@mail.example").unwrap(), ..new("other") };
        let refused = accounts::create(&node.app, &same_address).await.unwrap_err();
        assert!(matches!(refused, CreateError::EmailTaken));
        assert!(actors::find_by_address(&mut node.app.reader(), "other", "").await.unwrap().is_none(), "nothing half made");
    }

    async fn only_the_right_password_lets_in(node: Node) {
        let created = sam(&node).await;
        assert_eq!(accounts::sign_in(&node.app, " SAM@mail.example ", PASSWORD).await.unwrap().account, created.account);
        for (email, password) in
            [("sam@mail.example", "wrong horse"), ("nobody@mail.example", PASSWORD), ("sam", PASSWORD), ("", "")]
        {
            let refused = accounts::sign_in(&node.app, email, password).await.unwrap_err();
            assert!(matches!(refused, SignInError::Wrong), "{email}");
        }
        let mut tx = node.store().begin().await.unwrap();
        stored::close(&mut tx, created.account, node.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let closed = accounts::sign_in(&node.app, "sam@mail.example", PASSWORD).await.unwrap_err();
        assert!(matches!(closed, SignInError::Wrong));
    }

    async fn consent_names_its_wording(node: Node) {
        let account = sam(&node).await.account;
        accounts::consent(&node.app, account).await.unwrap();
        let found = stored::find(&mut node.app.reader(), account).await.unwrap().unwrap();
        assert_eq!((found.consent_version, found.consented_at), (Some(CONSENT_VERSION), Some(node.clock.now())));
    }

    async fn a_session_is_known_by_its_token_until_it_ends(node: Node) {
        let account = sam(&node).await.account;
        let proven = accounts::sign_in(&node.app, "sam@mail.example", PASSWORD).await.unwrap();
        let start = async |before: Option<&str>| sessions::start(&node.app, &proven, before).await.unwrap();
        let (one, two) = (start(None).await.unwrap(), start(None).await.unwrap());
        assert_ne!(one.token, two.token);
        let found = sessions::find(&node.app, &one.token).await.unwrap().unwrap();
        assert_eq!(found.account_id, account);
        assert!(sessions::find(&node.app, "guess").await.unwrap().is_none());
        let again = start(Some(&one.token)).await.unwrap();
        assert!(sessions::find(&node.app, &one.token).await.unwrap().is_none(), "signing in again ends it");
        sessions::end(&node.app, &again.token).await.unwrap();
        assert!(sessions::find(&node.app, &again.token).await.unwrap().is_none());
        assert!(sessions::find(&node.app, &one.token).await.unwrap().is_none());
        node.clock.advance_secs(SESSION_SECS_MAX);
        assert!(sessions::find(&node.app, &two.token).await.unwrap().is_none());
    }

    async fn nobody_is_signed_in_with_a_password_that_was_changed_meanwhile(node: Node) {
        let account = sam(&node).await.account;
        let proven = accounts::sign_in(&node.app, "sam@mail.example", PASSWORD).await.unwrap();
        let mut tx = node.store().begin().await.unwrap();
        assert!(stored::set_password(&mut tx, account, "another", node.clock.now()).await.unwrap());
        stored::lock_out(&mut tx, account, node.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(sessions::start(&node.app, &proven, None).await.unwrap().is_none());
        assert!(!format!("{proven:?}").contains("argon2"));
    }

    async fn the_first_administrator_comes_in_by_the_newest_link(node: Node) {
        let first = invitations::for_first_admin(&node.app).await.unwrap().unwrap();
        let token = invitations::for_first_admin(&node.app).await.unwrap().unwrap();
        assert!(!invitations::is_open(&node.app, &first).await.unwrap());
        let redeem = async |token: &str, handle: &str| {
            let NewAccount { handle, email, password, .. } = new(handle);
            invitations::redeem(&node.app, token, handle, email, password).await
        };
        node.member("taken").await;
        let taken = redeem(&token, "taken").await.unwrap_err();
        assert!(matches!(taken, RedeemError::Create(_)));
        assert!(invitations::is_open(&node.app, &token).await.unwrap(), "a mistake does not use the link up");
        let created = redeem(&token, "ada").await.unwrap();
        let member = members::find(&mut node.app.reader(), created.member).await.unwrap().unwrap();
        assert_eq!(member.role, Role::Admin);
        assert!(matches!(redeem(&token, "bo").await.unwrap_err(), RedeemError::Closed));
        assert_eq!(invitations::for_first_admin(&node.app).await.unwrap(), None);
    }

    async fn a_link_runs_out(node: Node) {
        let token = invitations::for_first_admin(&node.app).await.unwrap().unwrap();
        node.clock.advance_secs(INVITATION_SECS_MAX);
        let NewAccount { handle, email, password, .. } = new("ada");
        let refused = invitations::redeem(&node.app, &token, handle, email, password).await.unwrap_err();
        assert!(matches!(refused, RedeemError::Closed));
    }
}
