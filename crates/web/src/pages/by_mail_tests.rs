//! What people do on our pages with the letters they get: they sign up, confirm, and choose a new password.

use crate::mastodon::testing::{Answer, Door};
use alongside_app::accounts;
use alongside_domain::sign_up::Registrations;
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use alongside_testkit::mailbox::Mailbox;
use alongside_testkit::node::Node;
use http::{Method, StatusCode};
use std::sync::Arc;

fn door(store: Store, registrations: Registrations) -> (Door, Mailbox) {
    let (node, mailbox) = Node::with_mail(store, registrations);
    (Door::of(node, Vec::new()), mailbox)
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.bytes).into_owned()
}

/// Opens a page and sends its form, filled in so.
async fn fill(door: &Door, path: &str, typed: &[(&str, &str)]) -> Answer {
    let page = door.get(path, "").await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", text(&page));
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let shown = text(&page);
    let (_, rest) = shown.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split('"').next().unwrap();
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", csrf)
        .extend_pairs(typed)
        .finish();
    let kind = "application/x-www-form-urlencoded";
    door.ask(Method::POST, path, "", kind, &[("cookie", &cookie)], form.into()).await
}

const ROBIN: [(&str, &str); 4] = [
    ("handle", "robin"),
    ("email", "robin@new.example"),
    ("password", "correct horse"),
    ("agreement", "true"),
];

/// Signs up, and gives the path of the link in the letter.
async fn signs_up(door: &Door, mailbox: &Mailbox) -> String {
    let answer = fill(door, "/sign-up", &ROBIN).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", text(&answer));
    assert!(text(&answer).contains("Look into your mailbox"));
    worker::drain(&door.federation).await.unwrap();
    mailbox.only().path().to_owned()
}

async fn signs_in(door: &Door, password: &str) -> bool {
    accounts::sign_in(&door.node.app, "robin@new.example", password).await.is_ok()
}

both_engines! {
    async fn somebody_signs_up_and_confirms_and_no_program_does_it_for_them(store: Store) {
        let (door, mailbox) = door(store, Registrations::Open);
        assert!(text(&door.get("/", "").await).contains("href=\"/sign-up\""));
        let link = signs_up(&door, &mailbox).await;
        for _ in 0..2 {
            assert_eq!(door.get(&link, "").await.status, StatusCode::OK);
        }
        assert!(!signs_in(&door, "correct horse").await, "opening a link says nothing");
        let forged = door.send(Method::POST, &link, "", "application/json", r#"{"csrf":"x"}"#.into()).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        let answer = fill(&door, &link, &[]).await;
        assert!(text(&answer).contains("You are in"), "{}", text(&answer));
        assert!(signs_in(&door, "correct horse").await);
        let again = door.get(&link, "").await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        assert!(text(&again).contains("used already"), "{}", text(&again));
        assert_eq!(door.get("/confirm/wrong", "").await.status, StatusCode::FORBIDDEN);
    }

    async fn what_does_not_fit_is_said_and_what_was_typed_stays(store: Store) {
        let (door, mailbox) = door(store, Registrations::Approval);
        door.node.member("sam").await;
        for (name, wrong, says) in [
            ("handle", "a b", ""),
            ("handle", "sam", "This name is taken on this node."),
            ("email", "x", "That is not an e-mail address."),
            ("password", "short", "A password has 8 to 256 characters."),
            ("agreement", "false", "Please agree to the terms."),
        ] {
            let typed = ROBIN.map(|(field, text)| if field == name { (field, wrong) } else { (field, text) });
            let answer = fill(&door, "/sign-up", &[&typed[..], &[("reason", "I lie awake")]].concat()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            let page = text(&answer);
            assert!(page.contains(says) && page.contains("I lie awake"), "{name}: {page}");
            assert!(!page.contains("correct horse"), "no password is shown");
        }
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(mailbox.take(), []);
    }

    async fn newcomers_that_staff_let_in_are_told_so_when_they_confirm(store: Store) {
        let (door, mailbox) = door(store, Registrations::Approval);
        let link = signs_up(&door, &mailbox).await;
        let answer = fill(&door, &link, &[]).await;
        assert!(text(&answer).contains("let you in"), "{}", text(&answer));
        assert!(!signs_in(&door, "correct horse").await);
    }

    async fn whoever_forgot_their_password_gets_a_link_and_nobody_learns_who_is_here(store: Store) {
        let (door, mailbox) = door(store, Registrations::Open);
        let link = signs_up(&door, &mailbox).await;
        fill(&door, &link, &[]).await;
        let known = fill(&door, "/forgotten", &[("email", "robin@new.example")]).await;
        let unknown = fill(&door, "/forgotten", &[("email", "nobody@new.example")]).await;
        assert_eq!((known.status, text(&known)), (unknown.status, text(&unknown)));
        worker::drain(&door.federation).await.unwrap();
        let link = mailbox.only().path().to_owned();
        let short = fill(&door, &link, &[("password", "short")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let changed = fill(&door, &link, &[("password", "another horse")]).await;
        assert!(text(&changed).contains("Your password is changed"), "{}", text(&changed));
        assert!(signs_in(&door, "another horse").await && !signs_in(&door, "correct horse").await);
        assert_eq!(door.get(&link, "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(door.get("/new-password/wrong", "").await.status, StatusCode::FORBIDDEN);
    }

    async fn asking_for_links_is_counted_like_signing_in(store: Store) {
        let (door, _mailbox) = door(store, Registrations::Open);
        let mut last = StatusCode::OK;
        for _ in 0..11 {
            last = fill(&door, "/forgotten", &[("email", "nobody@new.example")]).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(fill(&door, "/sign-up", &ROBIN).await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn the_pages_are_there_where_they_lead_somewhere(store: Store) {
        let mailbox = Mailbox::default();
        let node = Node::deciding(store, "http://127.0.0.1:7100", |settings| {
            settings.registrations = Registrations::Closed;
            settings.mail = Some(Arc::new(mailbox.clone()));
        });
        let door = Door::of(node, Vec::new());
        assert_eq!(door.get("/sign-up", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/forgotten", "").await.status, StatusCode::OK);
        assert!(!text(&door.get("/", "").await).contains("/sign-up"));
    }

    async fn without_mail_there_are_none(store: Store) {
        let door = Door::new(store);
        for path in ["/sign-up", "/forgotten"] {
            assert_eq!(door.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert!(!text(&door.get("/", "").await).contains("/sign-up"));
    }
}
