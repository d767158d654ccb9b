//! Letters, and what the links in them do: addresses are confirmed, and passwords chosen anew.

mod forgotten;
mod to_staff;

use crate::accounts::PASSWORD;
use alongside_app::accounts::{self, SignInError};
use alongside_app::confirmations::{self, Confirmed};
use alongside_app::letters::{self, NotCarried};
use alongside_app::sign_ups::{self, SignUp};
use alongside_app::{barriers, new_passwords, oauth, sessions};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::barrier::Severity;
use alongside_domain::id::MemberId;
use alongside_domain::job::Job;
use alongside_domain::limits::{LETTERS_PER_HOUR_MAX, TURNED_AWAY_SECS_MAX, UNCONFIRMED_SECS_MAX};
use alongside_domain::scope::Scopes;
use alongside_domain::sign_up::{AgeError, Registrations};
use alongside_store::engine::Store;
use alongside_store::jobs::{self, Whose};
use alongside_store::{accounts as stored, members};
use alongside_testkit::both_engines;
use alongside_testkit::mailbox::Mailbox;
use alongside_testkit::node::Node;
use std::net::IpAddr;
use std::sync::Arc;

const DAY_SECS: i64 = 86_400;
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
/// Where the staff sit.
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@mail.example")).unwrap()
}

fn newcomer(name: &str) -> SignUp {
    SignUp {
        handle: Handle::new(name).unwrap(),
        email: email(name),
        password: Password::new(PASSWORD.to_owned()).unwrap(),
        reason: Some("I cannot sleep".to_owned()),
        born: None,
        address: HERE,
    }
}

async fn signs_up(node: &Node, name: &str) -> MemberId {
    sign_ups::apply(&node.app, newcomer(name)).await.unwrap().member
}

async fn signs_in(node: &Node, name: &str, password: &str) -> Result<(), SignInError> {
    accounts::sign_in(&node.app, email(name).as_str(), password).await.map(|_| ())
}

/// Does the jobs that are due, as a worker would but for trying again; how many letters there were to send.
async fn deliver(node: &Node) -> usize {
    let app = &node.app;
    let mut letters = 0;
    loop {
        let mut tx = app.store().begin().await.unwrap();
        let lease = app.now().plus_secs(60);
        let due = jobs::claim(&mut tx, 1, Whose::Anybodys, app.now(), lease, 99).await.unwrap();
        jobs::finish(&mut tx, &due.iter().map(|claimed| claimed.id).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        if due.is_empty() {
            return letters;
        }
        for claimed in due {
            assert!(!claimed.body.contains('@') && !claimed.body.contains("://"), "{}", claimed.body);
            if let Job::Letter { account, letter } = claimed.job().unwrap() {
                letters += 1;
                letters::send(app, account, letter).await.unwrap();
            }
        }
    }
}

/// Somebody who is in, with a token and a session.
async fn robin(node: &Node, mailbox: &Mailbox) -> (MemberId, String, String) {
    let member = signs_up(node, "robin").await;
    deliver(node).await;
    confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
    let proven = accounts::sign_in(&node.app, "robin@mail.example", PASSWORD).await.unwrap();
    let token = oauth::issue(&node.app, "robin", Scopes::parse("read").unwrap()).await.unwrap().unwrap();
    let session = sessions::start(&node.app, &proven, None).await.unwrap().unwrap().token;
    (member, token, session)
}

fn new_password() -> Password {
    Password::new("another horse".to_owned()).unwrap()
}

both_engines! {
    async fn an_open_node_lets_in_whoever_confirms_their_address_once(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        signs_up(&node, "robin").await;
        assert!(members::find_by_handle(&mut node.app.reader(), "robin").await.unwrap().is_none(), "unseen");
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Unconfirmed)));
        assert!(matches!(signs_in(&node, "robin", "wrong").await, Err(SignInError::Wrong)));
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("robin@mail.example", "Confirm your e-mail address"));
        assert!(letter.path().starts_with("/confirm/") && !letter.text.contains("sleep"), "{}", letter.text);
        let token = letter.token();
        assert!(confirmations::is_open(&node.app, token).await.unwrap());
        assert!(!new_passwords::is_open(&node.app, token).await.unwrap(), "it does nothing else");
        let wrong = confirmations::confirm(&node.app, "wrong").await;
        assert!(matches!(wrong, Err(confirmations::Error::Closed)));
        assert_eq!(confirmations::confirm(&node.app, token).await.unwrap(), Confirmed::LetIn);
        let again = confirmations::confirm(&node.app, token).await;
        assert!(matches!(again, Err(confirmations::Error::Closed)));
        signs_in(&node, "robin", PASSWORD).await.unwrap();
        assert!(members::find_by_handle(&mut node.app.reader(), "robin").await.unwrap().is_some());
        deliver(&node).await;
        assert_eq!(mailbox.take(), [], "nothing more has to be said");
    }

    async fn a_link_that_confirms_works_for_three_days_and_another_is_to_be_had(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        signs_up(&node, "robin").await;
        deliver(&node).await;
        let first = mailbox.only();
        node.clock.advance_secs(3 * DAY_SECS);
        let late = confirmations::confirm(&node.app, first.token()).await;
        assert!(matches!(late, Err(confirmations::Error::Closed)));
        new_passwords::ask(&node.app, "Robin@mail.example").await.unwrap();
        deliver(&node).await;
        let second = mailbox.only();
        assert_eq!(second.subject, "Confirm your e-mail address", "the password can wait");
        assert_ne!(first.token(), second.token());
        confirmations::confirm(&node.app, second.token()).await.unwrap();
    }

    async fn where_staff_let_people_in_the_address_comes_first(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Approval);
        let staff = node.member_as("root", Role::Admin).await;
        let robin = signs_up(&node, "robin").await;
        deliver(&node).await;
        let confirmed = confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
        assert_eq!(confirmed, Confirmed::Waits);
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Waiting)));
        sign_ups::approve(&node.app, staff, robin.actor()).await.unwrap();
        signs_in(&node, "robin", PASSWORD).await.unwrap();
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!((letter.subject.as_str(), letter.path()), ("You can sign in now", "/"));
    }

    async fn whoever_was_let_in_before_their_address_was_confirmed_is_in_when_it_is(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Approval);
        let staff = node.member_as("root", Role::Admin).await;
        let robin = signs_up(&node, "robin").await;
        sign_ups::approve(&node.app, staff, robin.actor()).await.unwrap();
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Unconfirmed)));
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!(confirmations::confirm(&node.app, letter.token()).await.unwrap(), Confirmed::LetIn);
        signs_in(&node, "robin", PASSWORD).await.unwrap();
    }

    async fn whoever_is_turned_away_is_told_and_forgotten_and_may_ask_again_at_once(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Approval);
        let staff = node.member_as("root", Role::Admin).await;
        let turned_away = async || {
            let robin = signs_up(&node, "robin").await;
            let account = members::find(&mut node.app.reader(), robin).await.unwrap().unwrap().account_id;
            deliver(&node).await;
            confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
            sign_ups::reject(&node.app, staff, robin.actor()).await.unwrap();
            account
        };
        turned_away().await;
        let account = turned_away().await;
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Wrong)));
        deliver(&node).await;
        let letters = mailbox.take();
        assert_eq!(letters.len(), 1, "the first account was gone before its letter: {letters:?}");
        assert_eq!((letters[0].to.as_str(), letters[0].path()), ("robin@mail.example", "/urgent-help"));
        assert!(stored::find(&mut node.app.reader(), account).await.unwrap().is_none());
        turned_away().await;
        mailbox.refuse(Some(NotCarried::Never("no".to_owned())));
        node.clock.advance_secs(TURNED_AWAY_SECS_MAX + 1);
        assert_eq!(sign_ups::sweep(&node.app).await.unwrap(), 1, "though the letter never arrived");
    }

    async fn an_address_nobody_confirmed_was_never_theirs_to_write_to(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Approval);
        let staff = node.member_as("root", Role::Admin).await;
        let robin = signs_up(&node, "robin").await;
        deliver(&node).await;
        mailbox.take();
        sign_ups::reject(&node.app, staff, robin.actor()).await.unwrap();
        deliver(&node).await;
        assert_eq!(mailbox.take(), []);
        assert!(stored::find_by_email(&mut node.app.reader(), &email("robin")).await.unwrap().is_none());
    }

    async fn an_account_that_nobody_confirms_is_forgotten_with_its_name(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        signs_up(&node, "robin").await;
        deliver(&node).await;
        node.clock.advance_secs(UNCONFIRMED_SECS_MAX - 1);
        assert_eq!(sign_ups::sweep(&node.app).await.unwrap(), 0);
        node.clock.advance_secs(1);
        assert_eq!(sign_ups::sweep(&node.app).await.unwrap(), 1);
        assert!(confirmations::confirm(&node.app, mailbox.only().token()).await.is_err());
        signs_up(&node, "robin").await;
    }

    async fn whoever_comes_from_a_watched_network_waits_for_staff_though_the_node_is_open(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let staff = node.member_as("root", Role::Admin).await;
        let wish = |severity| barriers::Wish {
            network: Some("192.0.2.0/24".to_owned()),
            severity: Some(severity),
            ..barriers::Wish::default()
        };
        let kept = barriers::block_network(&node.app, staff, ELSEWHERE, wish(Severity::Waits)).await.unwrap();
        signs_up(&node, "robin").await;
        deliver(&node).await;
        let confirmed = confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
        assert_eq!(confirmed, Confirmed::Waits);
        barriers::change_network(&node.app, staff, ELSEWHERE, kept.id, wish(Severity::NoSignUp)).await.unwrap();
        let barred = sign_ups::apply(&node.app, newcomer("owl")).await;
        assert!(matches!(barred, Err(sign_ups::Error::Barred)));
    }

    async fn a_mistyped_address_is_changed_and_its_links_end(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let staff = node.member_as("root", Role::Admin).await;
        let robin = signs_up(&node, "robin").await;
        deliver(&node).await;
        let first = mailbox.only();
        let resend = async |address: Option<&Email>| {
            confirmations::resend(&node.app, robin, address, HERE).await
        };
        assert!(matches!(resend(Some(&email("root"))).await, Err(confirmations::Error::Taken)));
        resend(None).await.unwrap();
        deliver(&node).await;
        assert_eq!(mailbox.only().to, "robin@mail.example");
        resend(Some(&email("wren"))).await.unwrap();
        assert!(!confirmations::is_open(&node.app, first.token()).await.unwrap(), "it went to somebody else");
        deliver(&node).await;
        let second = mailbox.only();
        assert_eq!(second.to, "wren@mail.example");
        barriers::block_host(&node.app, staff, "watched.example", true).await.unwrap();
        barriers::block_host(&node.app, staff, "barred.example", false).await.unwrap();
        let at = |host: &str| Email::parse(&format!("robin@{host}")).unwrap();
        assert!(matches!(resend(Some(&at("barred.example"))).await, Err(confirmations::Error::Barred)));
        resend(Some(&at("watched.example"))).await.unwrap();
        deliver(&node).await;
        let confirmed = confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
        assert_eq!(confirmed, Confirmed::Waits, "staff look at whoever has such an address");
        assert!(matches!(resend(None).await, Err(confirmations::Error::NotWaiting)));
    }

    async fn a_letter_that_was_on_its_way_confirms_no_other_address(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let robin = signs_up(&node, "robin").await;
        let account = members::find(&mut node.app.reader(), robin).await.unwrap().unwrap().account_id;
        deliver(&node).await;
        let letter = mailbox.only();
        // As when the link of the letter is written just after those to the address before were ended.
        let mut tx = node.store().begin().await.unwrap();
        assert!(stored::change_email(&mut tx, account, &email("wren")).await.unwrap());
        tx.commit().await.unwrap();
        assert!(!confirmations::is_open(&node.app, letter.token()).await.unwrap());
        let closed = confirmations::confirm(&node.app, letter.token()).await;
        assert!(matches!(closed, Err(confirmations::Error::Closed)));
        confirmations::resend(&node.app, robin, None, HERE).await.unwrap();
        deliver(&node).await;
        confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
    }

    async fn nobody_s_mailbox_is_filled_by_others(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        robin(&node, &mailbox).await;
        for _ in 0..LETTERS_PER_HOUR_MAX + 3 {
            new_passwords::ask(&node.app, "robin@mail.example").await.unwrap();
            deliver(&node).await;
        }
        assert_eq!(i64::try_from(mailbox.take().len()).unwrap(), LETTERS_PER_HOUR_MAX);
        node.clock.advance_secs(3_601);
        new_passwords::ask(&node.app, "robin@mail.example").await.unwrap();
        deliver(&node).await;
        mailbox.only();
    }

    async fn changing_the_address_again_and_again_fills_no_mailbox(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let robin = signs_up(&node, "robin").await;
        for name in ["wren", "robin"].into_iter().cycle().take(9) {
            deliver(&node).await;
            confirmations::resend(&node.app, robin, Some(&email(name)), HERE).await.unwrap();
        }
        assert_eq!(i64::try_from(mailbox.take().len()).unwrap(), LETTERS_PER_HOUR_MAX);
        node.clock.advance_secs(3_601);
        deliver(&node).await;
        confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
    }

    async fn a_letter_that_was_not_sent_leaves_no_link_and_is_tried_again(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let robin = signs_up(&node, "robin").await;
        let account = members::find(&mut node.app.reader(), robin).await.unwrap().unwrap().account_id;
        mailbox.refuse(Some(NotCarried::Later("busy".to_owned())));
        for _ in 0..=LETTERS_PER_HOUR_MAX {
            let refused = letters::send(&node.app, account, alongside_domain::letter::Letter::Confirm).await;
            let says = refused.unwrap_err().to_string();
            assert_eq!(says, "a letter was not sent: busy", "neither an address nor a word of it");
        }
        mailbox.refuse(None);
        // A job may run twice: both links are good.
        for _ in 0..2 {
            letters::send(&node.app, account, alongside_domain::letter::Letter::Confirm).await.unwrap();
        }
        let letters = mailbox.take();
        assert!(confirmations::is_open(&node.app, letters[0].token()).await.unwrap());
        confirmations::confirm(&node.app, letters[1].token()).await.unwrap();
        assert!(!confirmations::is_open(&node.app, letters[0].token()).await.unwrap());
    }

    async fn a_node_without_mail_sends_and_queues_nothing(store: Store) {
        let node = Node::from(store);
        signs_up(&node, "robin").await;
        new_passwords::ask(&node.app, "robin@mail.example").await.unwrap();
        assert!(matches!(new_passwords::send_link(&node.app, "robin").await, Err(new_passwords::Error::NoMail)));
        assert_eq!(jobs::backlog(&mut node.app.reader()).await.unwrap().jobs, 0);
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Waiting)));
        assert_eq!(sign_ups::sweep(&node.app).await.unwrap(), 0);
    }

    async fn whoever_runs_the_node_sends_a_link(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Closed);
        node.member("sam").await;
        assert!(matches!(new_passwords::send_link(&node.app, "nobody").await, Err(new_passwords::Error::Nobody)));
        new_passwords::send_link(&node.app, "sam").await.unwrap();
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!(letter.to, "sam@mail.example");
        new_passwords::choose(&node.app, letter.token(), &new_password()).await.unwrap();
        signs_in(&node, "sam", "another horse").await.unwrap();
    }

    async fn whoever_is_too_young_does_not_come_in_and_no_day_is_kept(store: Store) {
        let mailbox = Mailbox::default();
        let node = Node::deciding(store, "http://127.0.0.1:7100", |settings| {
            settings.registrations = Registrations::Open;
            settings.min_age = Some(16);
            settings.mail = Some(Arc::new(mailbox.clone()));
        });
        let born = |day: Option<&str>| SignUp { born: day.map(str::to_owned), ..newcomer("robin") };
        for (day, wrong) in [
            (None, AgeError::Missing),
            (Some("yesterday"), AgeError::NoDay),
            (Some("2010-11-24"), AgeError::TooYoung),
        ] {
            let refused = sign_ups::apply(&node.app, born(day)).await;
            assert!(matches!(refused, Err(sign_ups::Error::Age(age)) if age == wrong), "{day:?}");
        }
        sign_ups::apply(&node.app, born(Some("2010-11-23"))).await.unwrap();
    }
}
