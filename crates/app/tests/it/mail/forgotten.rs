//! Letters to those who forgot their password.

use super::{deliver, new_password, robin, signs_in};
use crate::accounts::PASSWORD;
use alongside_app::accounts::SignInError;
use alongside_app::{confirmations, new_passwords, oauth, sessions};
use alongside_domain::sign_up::Registrations;
use alongside_store::engine::Store;
use alongside_store::jobs;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn whoever_forgot_their_password_chooses_another_and_every_way_in_ends(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        let (_, token, session) = robin(&node, &mailbox).await;
        for _ in 0..2 {
            new_passwords::ask(&node.app, "robin@mail.example").await.unwrap();
        }
        deliver(&node).await;
        let letters = mailbox.take();
        assert!(letters.iter().all(|letter| letter.path().starts_with("/new-password/")), "{letters:?}");
        let (first, second) = (letters[0].token(), letters[1].token());
        for wrong in ["wrong", "", token.as_str()] {
            let refused = new_passwords::choose(&node.app, wrong, &new_password()).await;
            assert!(matches!(refused, Err(new_passwords::Error::Closed)), "{wrong}");
        }
        assert!(!confirmations::is_open(&node.app, first).await.unwrap());
        new_passwords::choose(&node.app, first, &new_password()).await.unwrap();
        for used in [first, second] {
            let refused = new_passwords::choose(&node.app, used, &new_password()).await;
            assert!(matches!(refused, Err(new_passwords::Error::Closed)), "its turn is over");
        }
        assert!(matches!(signs_in(&node, "robin", PASSWORD).await, Err(SignInError::Wrong)));
        signs_in(&node, "robin", "another horse").await.unwrap();
        assert!(oauth::bearer(&node.app, &token).await.unwrap().is_none());
        assert!(sessions::find(&node.app, &session).await.unwrap().is_none());
        deliver(&node).await;
        assert_eq!(mailbox.only().path(), "/forgotten");
    }

    async fn a_link_for_a_new_password_works_for_an_hour(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        robin(&node, &mailbox).await;
        new_passwords::ask(&node.app, "robin@mail.example").await.unwrap();
        deliver(&node).await;
        let letter = mailbox.only();
        node.clock.advance_secs(3_599);
        assert!(new_passwords::is_open(&node.app, letter.token()).await.unwrap());
        node.clock.advance_secs(1);
        let late = new_passwords::choose(&node.app, letter.token(), &new_password()).await;
        assert!(matches!(late, Err(new_passwords::Error::Closed)));
    }

    async fn as_much_is_written_for_an_address_that_nobody_has(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Open);
        robin(&node, &mailbox).await;
        let waiting = async || jobs::backlog(&mut node.app.reader()).await.unwrap().jobs;
        for asked in ["robin@mail.example", "nobody@mail.example"] {
            let before = waiting().await;
            new_passwords::ask(&node.app, asked).await.unwrap();
            assert_eq!(waiting().await, before + 1, "{asked}");
        }
        new_passwords::ask(&node.app, "no address").await.unwrap();
        assert_eq!(deliver(&node).await, 2);
        assert_eq!(mailbox.only().to, "robin@mail.example");
    }
}
