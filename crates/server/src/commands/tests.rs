//! What the commands do, on both engines.

use super::*;
use crate::cli::account::{NewAccount, PasswordSource};
use crate::cli::community::{Description, NewCommunity};
use crate::cli::host::LimitedHost;
use crate::cli::key::KeyOwner;
use crate::cli::token::NewToken;
use alongside_app::{accounts, oauth};
use alongside_domain::account::{Email, Role};
use alongside_domain::actor::{Address, Handle};
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::id::CommunityId;
use alongside_domain::scope::Scopes;
use alongside_store::engine::Store;
use alongside_store::{actors, communities, hosts, members};

/// A node for trials on this store.
fn node(store: &Store) -> Federation {
    wiring::node(&Config::default(), store.clone(), 40).unwrap()
}

fn robin() -> NewAccount {
    NewAccount {
        handle: Handle::new("robin").unwrap(),
        email: Email::parse("robin@example.org").unwrap(),
        password: PasswordSource::StandardInput,
        role: Role::Moderator,
    }
}

fn sleep() -> NewCommunity {
    NewCommunity {
        name: Handle::new("sleep").unwrap(),
        title: "Sleep".to_owned(),
        audience: Audience::Members,
        join: JoinPolicy::Approval,
        safeguarding_contact: None,
    }
}

alongside_testkit::both_engines! {
    async fn an_account_can_sign_in_and_its_name_is_taken(store: Store) {
        let node = node(&store);
        let app = node.app();
        let says = account::create(app, robin(), "correct horse\n".as_bytes()).await.unwrap();
        assert_eq!(says, "@robin@127.0.0.1:8080 can sign in as robin@example.org.");
        assert!(accounts::sign_in(app, "robin@example.org", "correct horse").await.is_ok());
        let member = members::find_by_handle(&mut app.reader(), "robin").await.unwrap().unwrap();
        assert_eq!(member.role, Role::Moderator);
        let other = NewAccount { email: Email::parse("other@example.org").unwrap(), ..robin() };
        let refused = account::create(app, other, "correct horse".as_bytes()).await.unwrap_err();
        assert_eq!(refused.to_string(), "this name is taken on this node");
        let other = NewAccount { handle: Handle::new("other").unwrap(), ..robin() };
        let refused = account::create(app, other, "correct horse".as_bytes()).await.unwrap_err();
        assert_eq!(refused.to_string(), "there is an account with this address already");
    }

    async fn a_link_for_a_new_password_is_sent_where_there_is_mail(store: Store) {
        let trial = node(&store);
        account::create(trial.app(), robin(), "correct horse\n".as_bytes()).await.unwrap();
        let robin = Handle::new("robin").unwrap();
        let refused = account::send_link(trial.app(), &robin).await.unwrap_err();
        assert_eq!(refused.to_string(), "this node sends no mail: set `mail.server` first");
        let mut config = Config::default();
        config.mail.server = Some("smtp://127.0.0.1:1".parse().unwrap());
        config.mail.from = Some("no-reply@example.org".parse().unwrap());
        let node = wiring::node(&config, store.clone(), 40).unwrap();
        let says = account::send_link(node.app(), &robin).await.unwrap();
        assert!(says.contains("on its way") && !says.contains("example.org"), "{says}");
        let refused = account::send_link(node.app(), &Handle::new("nobody").unwrap()).await.unwrap_err();
        assert_eq!(refused.to_string(), "there is no member of that name here");
    }

    async fn a_token_speaks_for_its_member_within_its_scopes(store: Store) {
        let node = node(&store);
        let app = node.app();
        account::create(app, robin(), "correct horse".as_bytes()).await.unwrap();
        let wanted = |handle| NewToken { handle: Handle::new(handle).unwrap(), scopes: Scopes::parse("read follow").unwrap() };
        let token = token::create(app, wanted("robin")).await.unwrap();
        let bearer = oauth::bearer(app, &token).await.unwrap().unwrap();
        let member = members::find_by_handle(&mut app.reader(), "robin").await.unwrap().unwrap();
        assert_eq!(bearer.member_id, Some(member.id));
        assert!(bearer.scopes.grants("read:statuses") && !bearer.scopes.grants("write:statuses"));
        assert_ne!(token, token::create(app, wanted("robin")).await.unwrap());
        assert!(matches!(token::create(app, wanted("wren")).await, Err(token::Error::Nobody(_))));
    }

    async fn only_a_token_of_the_staff_is_good_for_what_staff_do(store: Store) {
        let node = node(&store);
        let app = node.app();
        let wren = NewAccount { handle: Handle::new("wren").unwrap(), email: Email::parse("w@example.org").unwrap(), role: Role::Member, ..robin() };
        for new in [robin(), wren] {
            account::create(app, new, "correct horse".as_bytes()).await.unwrap();
        }
        let wanted = |handle| NewToken { handle: Handle::new(handle).unwrap(), scopes: Scopes::parse("read admin:write:reports").unwrap() };
        let token = token::create(app, wanted("robin")).await.unwrap();
        let bearer = oauth::bearer(app, &token).await.unwrap().unwrap();
        assert!(bearer.scopes.grants("admin:write:reports") && !bearer.scopes.grants("admin:write:accounts"));
        assert!(matches!(token::create(app, wanted("wren")).await, Err(token::Error::NotStaff(_))));
    }

    async fn a_community_opens_under_a_free_name_with_somebody_to_reach(store: Store) {
        let node = node(&store);
        let (app, trial) = (node.app(), Config::default());
        let opened = community::create(app, &trial, sleep()).await.unwrap();
        assert_eq!(opened.says, "@sleep@127.0.0.1:8080 is open.");
        assert!(opened.warning.is_some(), "nobody can be reached, on this machine alone");
        let actor = actors::find_by_address(&mut app.reader(), "sleep", "").await.unwrap().unwrap();
        let kept = communities::find(&mut app.reader(), actor.id).await.unwrap().unwrap();
        assert_eq!((kept.audience, kept.join_policy), (Audience::Members, JoinPolicy::Approval));
        let refused = community::create(app, &trial, sleep()).await.unwrap_err();
        assert_eq!(refused.to_string(), "the name sleep is taken on this node");
        let named = NewCommunity { safeguarding_contact: Some(Email::parse("a@example.org").unwrap()), name: Handle::new("carers").unwrap(), ..sleep() };
        assert_eq!(community::create(app, &trial, named).await.unwrap().warning, None);
    }

    async fn a_community_says_what_it_is_for(store: Store) {
        let node = node(&store);
        let app = node.app();
        community::create(app, &Config::default(), sleep()).await.unwrap();
        let says = |name, rules: &[&str], about: Option<&str>| Description {
            community: Handle::new(name).unwrap(),
            title: None,
            about: about.map(str::to_owned),
            rules: rules.iter().map(ToString::to_string).collect(),
            staffed_hours: None,
        };
        let done = community::describe(app, says("sleep", &["Be kind"], Some("Nights"))).await.unwrap();
        assert_eq!(done, "@sleep says so now.");
        community::describe(app, says("sleep", &[], None)).await.unwrap();
        let actor = actors::find_by_address(&mut app.reader(), "sleep", "").await.unwrap().unwrap();
        assert_eq!((actor.name.as_str(), actor.note.as_str()), ("Sleep", "<p>Nights</p><p>Rules:<br>1. Be kind</p>"));
        assert_eq!(actor.fields[1].value, "A moderator lets you in");
        let nowhere = community::describe(app, says("grief", &[], None)).await.unwrap_err();
        assert_eq!(nowhere.to_string(), "this node has no community grief");
        let endless = community::describe(app, says("sleep", &["x"; 21], None)).await.unwrap_err();
        assert!(endless.to_string().contains("20 rules"), "{endless}");
    }

    async fn moderators_of_a_community_are_appointed_and_dismissed(store: Store) {
        let node = node(&store);
        let app = node.app();
        community::create(app, &Config::default(), sleep()).await.unwrap();
        account::create(app, robin(), "correct horse".as_bytes()).await.unwrap();
        let (name, who) = (Handle::new("sleep").unwrap(), Address::parse("@robin@127.0.0.1:8080").unwrap());
        assert_eq!(moderator::add(&node, &name, &who).await.unwrap(), "@robin looks after @sleep now.");
        assert_eq!(moderator::add(&node, &name, &who).await.unwrap(), "@robin looked after @sleep before.");
        let community = actors::find_by_address(&mut app.reader(), "sleep", "").await.unwrap().unwrap();
        let stewards = communities::stewards(&mut app.reader(), CommunityId::of(community.id)).await.unwrap();
        assert_eq!(stewards.len(), 1);
        let removed = moderator::remove(&node, &name, &who).await.unwrap();
        assert_eq!(removed, "@robin does not look after @sleep any more.");
        assert_eq!(moderator::remove(&node, &name, &who).await.unwrap(), "@robin did not look after @sleep.");
        let (nowhere, nobody) = (Handle::new("grief").unwrap(), Address::parse("wren").unwrap());
        assert!(matches!(moderator::add(&node, &nowhere, &who).await, Err(moderator::Error::NoCommunity(_))));
        assert!(matches!(moderator::add(&node, &name, &nobody).await, Err(moderator::Error::Nobody(..))));
        let itself = moderator::add(&node, &name, &Address::parse("sleep").unwrap()).await.unwrap_err();
        assert_eq!(itself.to_string(), "This is not a person");
    }

    async fn hosts_are_decided_about_and_shown(store: Store) {
        let node = node(&store);
        let app = node.app();
        assert_eq!(host::list(app, None).await.unwrap(), "No other node is known yet.");
        host::block(app, "spam.example").await.unwrap();
        host::allow(app, "trust.example").await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let software = Some("Soft\u{1b}[2Jware");
        hosts::remember_software(&mut tx, "trust.example", software, Some("1.2"), app.now()).await.unwrap();
        let later = app.now().plus_secs(60);
        hosts::failed(&mut tx, "trust.example", app.now(), later, "no answer").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            host::list(app, None).await.unwrap(),
            "HOST           POLICY  STATE        WAITING  LAG  NEXT TRY  SOFTWARE         LAST ERROR\n\
             spam.example   block   blocked      0        -    -         -                -\n\
             trust.example  allow   unreachable  0        -    -         Soft[2Jware 1.2  no answer",
        );
        assert!(host::list(app, Some("spam.example")).await.unwrap().ends_with('-'));
        assert!(matches!(host::list(app, Some("unknown.example")).await, Err(host::Error::Unknown(_))));
        assert!(host::block(app, "127.0.0.1:8080").await.is_err(), "a node does not block itself");
    }

    async fn limits_are_those_named_and_no_others(store: Store) {
        let node = node(&store);
        let app = node.app();
        let limited = |members| LimitedHost {
            domain: "trust.example".to_owned(), silence: true, no_media: false, no_reports: false, members,
        };
        let says = host::limit(app, &limited(true)).await.unwrap();
        assert_eq!(says, "trust.example has these limits: silence members. `members` counts once it is allowed.");
        host::allow(app, "trust.example").await.unwrap();
        assert!(host::list(app, None).await.unwrap().contains("allow silence members"));
        host::limit(app, &limited(false)).await.unwrap();
        assert!(host::list(app, None).await.unwrap().contains("allow silence "));
        host::block(app, "spam.example").await.unwrap();
        let mut tx = store.begin().await.unwrap();
        hosts::ensure(&mut tx, "a.spam.example").await.unwrap();
        tx.commit().await.unwrap();
        assert!(host::list(app, Some("a.spam.example")).await.unwrap().contains("block (inherited)"));
        host::open(app, "trust.example").await.unwrap();
        assert!(host::list(app, Some("trust.example")).await.unwrap().contains("open"));
    }

    async fn a_file_is_imported_whole_and_its_bad_lines_are_named(store: Store) {
        let node = node(&store);
        let (app, folder) = (node.app(), tempfile::tempdir().unwrap());
        let file = folder.path().join("blocked.csv");
        std::fs::write(&file, "#domain,#severity\nspam.example,suspend\nsp*m.example,suspend\n").unwrap();
        let planned = host_list::import(app, &file, host_list::kind(false), true).await.unwrap();
        assert_eq!(
            planned,
            "spam.example: would be blocked\nline 3 was left out: the name is hidden behind asterisks\n\
             1 of 1 lines would change something, and nothing was changed."
        );
        assert_eq!(host::list(app, None).await.unwrap(), "No other node is known yet.");
        let done = host_list::import(app, &file, host_list::kind(false), false).await.unwrap();
        assert!(done.starts_with("spam.example: blocked\n") && done.ends_with("1 of 1 lines changes something."), "{done}");
        let written = host_list::export(app, host_list::kind(false)).await.unwrap();
        assert!(written.ends_with("\nspam.example,suspend,false,false,,false"), "{written}");
        let none = folder.path().join("none.csv");
        assert!(host_list::import(app, &none, host_list::kind(false), true).await.unwrap_err().to_string().contains("none.csv"));
        assert_eq!(host_list::subscriptions(app).await.unwrap(), "No list is followed.");
        assert!(host_list::unsubscribe(app, "https://lists.example/1.csv").await.is_err());
    }

    async fn a_host_is_tried_again_at_once(store: Store) {
        let node = node(&store);
        let app = node.app();
        assert!(matches!(host::retry(&node, "slow.example").await, Err(host::Error::Unknown(_))));
        let mut tx = store.begin().await.unwrap();
        hosts::ensure(&mut tx, "slow.example").await.unwrap();
        hosts::failed(&mut tx, "slow.example", app.now(), app.now().plus_secs(3_600), "no answer").await.unwrap();
        tx.commit().await.unwrap();
        let says = host::retry(&node, "slow.example").await.unwrap();
        assert_eq!(says, "slow.example is tried again at once; nothing waits for it.");
        assert_eq!(host::drop_waiting(app, "slow.example").await.unwrap(), "Nothing waits for slow.example.");
        let host = hosts::find(&mut app.reader(), "slow.example").await.unwrap().unwrap();
        assert!(host.failures == 0 && host.open_at <= app.now());
    }
    async fn new_keys_are_for_those_who_live_here(store: Store) {
        let node = node(&store);
        let app = node.app();
        account::create(app, robin(), "correct horse".as_bytes()).await.unwrap();
        let of = |handle: &str| KeyOwner { handle: Some(Handle::new(handle).unwrap()), node: false };
        let robin = actors::find_by_address(&mut app.reader(), "robin", "").await.unwrap().unwrap();
        let before = node.keys_of(&robin).await.unwrap();
        let says = key::rotate(&node, &of("Robin")).await.unwrap();
        assert_eq!(
            says,
            "@robin@127.0.0.1:8080 signs with new keys. Followers elsewhere are told by the running node."
        );
        let kept = alongside_store::keys::own(&mut app.reader(), robin.id).await.unwrap();
        assert!(kept.len() == 2 && kept.iter().all(|key| key.public_key != before.rsa_public_pem));
        let refused = key::rotate(&node, &of("nobody")).await.unwrap_err();
        assert_eq!(refused.to_string(), "nobody on this node is called nobody");
        let staff = alongside_federation::keys::staff_actor(app).await.unwrap();
        let before = node.keys_of(&staff).await.unwrap();
        let says = key::rotate(&node, &KeyOwner { handle: None, node: true }).await.unwrap();
        assert_eq!(says, "The node signs with new keys.");
        let kept = alongside_store::keys::own(&mut app.reader(), staff.id).await.unwrap();
        assert!(kept.len() == 2 && kept.iter().all(|key| key.public_key != before.rsa_public_pem));
    }
}
