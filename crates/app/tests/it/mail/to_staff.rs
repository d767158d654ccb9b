//! Letters to staff: that somebody waits, and that something was reported.

use super::{deliver, signs_up};
use alongside_app::reports::handling::{self, Step};
use alongside_app::reports::{self, NewReport};
use alongside_app::{confirmations, sign_ups};
use alongside_domain::account::Role;
use alongside_domain::report::ReportCategory;
use alongside_domain::sign_up::Registrations;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn staff_are_written_to_once_about_those_who_wait_and_not_about_whom_they_let_in(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Approval);
        let staff = node.member_as("root", Role::Admin).await;
        node.of_one_account(staff, node.member("night_shift").await).await;
        node.member("sam").await;
        let confirmed = async |name: &str| {
            let member = signs_up(&node, name).await;
            deliver(&node).await;
            confirmations::confirm(&node.app, mailbox.only().token()).await.unwrap();
            member
        };
        let (robin, ada) = (confirmed("robin").await, confirmed("ada").await);
        deliver(&node).await;
        assert_eq!(mailbox.take(), [], "others may follow");
        node.clock.advance_secs(300);
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("root@mail.example", "Somebody asks to be let in"));
        assert!(!letter.text.contains("robin") && !letter.text.contains("sleep"), "{}", letter.text);
        let bo = confirmed("bo").await;
        for waiting in [robin, ada, bo] {
            sign_ups::approve(&node.app, staff, waiting.actor()).await.unwrap();
        }
        node.clock.advance_secs(300);
        deliver(&node).await;
        assert!(mailbox.take().iter().all(|letter| letter.to != "root@mail.example"), "nobody waits any more");
    }

    async fn staff_are_written_to_about_a_report_that_nobody_has_dealt_with(store: Store) {
        let (node, mailbox) = Node::with_mail(store, Registrations::Closed);
        let staff = node.member_as("root", Role::Moderator).await;
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let reported = async || {
            let new = NewReport {
                target: ada.actor(),
                posts: Vec::new(),
                category: ReportCategory::Other,
                comment: "I am worried".to_owned(),
                rules: Vec::new(),
                uri: None,
                forward: false,
            };
            let report = reports::create(&node.app, sam.actor(), new).await.unwrap();
            node.clock.advance_secs(300);
            report.id
        };
        let first = reported().await;
        deliver(&node).await;
        let letter = mailbox.only();
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("root@mail.example", "Something was reported"));
        assert!(!letter.text.contains("worried") && !letter.text.contains("ada"), "{}", letter.text);
        handling::handle(&node.app, staff, first, Step::Resolve).await.unwrap();
        let second = reported().await;
        handling::handle(&node.app, staff, second, Step::Resolve).await.unwrap();
        deliver(&node).await;
        assert_eq!(mailbox.take(), []);
    }
}
