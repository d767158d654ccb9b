//! What mail keeps: links that work once, and accounts that wait for their address.

use alongside_domain::account::Email;
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{AccountId, AppId, MemberId, TokenId};
use alongside_domain::letter::LinkKind;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::scope::Scopes;
use alongside_domain::sign_up::Waits;
use alongside_store::engine::Tx;
use alongside_store::mail_links::{self, NewLink};
use alongside_store::oauth::{self, ClientApp, NewToken};
use alongside_store::page::Page;
use alongside_store::people::{self, Wanted};
use alongside_store::{accounts, members, sanctions, sessions};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn account(node: &Node, member: MemberId) -> AccountId {
    members::find(&mut node.app.reader(), member).await.unwrap().unwrap().account_id
}

async fn link(tx: &mut Tx, node: &Node, account: AccountId, token_hash: &str, kind: LinkKind) {
    let now = node.clock.now();
    let email = Email::parse(&accounts::find(tx, account).await.unwrap().unwrap().email).unwrap();
    let link =
        NewLink { token_hash, kind, account, email: &email, sent_at: now, expires_at: now.plus_secs(60) };
    mail_links::insert(tx, &link).await.unwrap();
}

/// Gives a member a token with this hash.
async fn token(tx: &mut Tx, node: &Node, member: MemberId, token_hash: &str) {
    let app = ClientApp {
        id: AppId::new(1),
        name: "A client".to_owned(),
        website: None,
        client_id: "client".to_owned(),
        secret_hash: String::new(),
        redirect_uris: Vec::new(),
        scopes: Scopes::umbrellas(),
        created_at: node.clock.now(),
    };
    oauth::insert_app(tx, &app).await.unwrap();
    let token = NewToken {
        id: TokenId::new(1),
        token_hash: token_hash.to_owned(),
        app_id: app.id,
        member_id: Some(member),
        scopes: app.scopes,
        created_at: node.clock.now(),
    };
    oauth::insert_token(tx, &token).await.unwrap();
}

both_engines! {
    async fn a_link_works_once_for_what_it_was_made_for_and_in_time(node: Node) {
        let sam = account(&node, node.member("sam").await).await;
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        for hash in ["one", "two", "three"] {
            link(&mut tx, &node, sam, hash, LinkKind::Confirm).await;
        }
        let late = now.plus_secs(60);
        assert_eq!(mail_links::find(&mut tx, "one", LinkKind::Confirm, now).await.unwrap(), Some(sam));
        assert_eq!(mail_links::find(&mut tx, "one", LinkKind::NewPassword, now).await.unwrap(), None);
        assert_eq!(mail_links::find(&mut tx, "one", LinkKind::Confirm, late).await.unwrap(), None);
        assert_eq!(mail_links::redeem(&mut tx, "one", LinkKind::NewPassword, now).await.unwrap(), None);
        assert_eq!(mail_links::redeem(&mut tx, "one", LinkKind::Confirm, late).await.unwrap(), None);
        assert_eq!(mail_links::redeem(&mut tx, "one", LinkKind::Confirm, now).await.unwrap(), Some(sam));
        assert_eq!(mail_links::redeem(&mut tx, "one", LinkKind::Confirm, now).await.unwrap(), None);
        let count = mail_links::count_since(&mut tx, sam, LinkKind::Confirm, now.plus_secs(-1)).await;
        assert_eq!(count.unwrap(), 2);
        assert_eq!(mail_links::count_since(&mut tx, sam, LinkKind::Confirm, now).await.unwrap(), 0);
        mail_links::remove(&mut tx, "two").await.unwrap();
        assert_eq!(mail_links::find(&mut tx, "two", LinkKind::Confirm, now).await.unwrap(), None);
        mail_links::withdraw(&mut tx, sam, LinkKind::NewPassword).await.unwrap();
        assert_eq!(mail_links::find(&mut tx, "three", LinkKind::Confirm, now).await.unwrap(), Some(sam));
        mail_links::withdraw(&mut tx, sam, LinkKind::Confirm).await.unwrap();
        assert_eq!(mail_links::find(&mut tx, "three", LinkKind::Confirm, now).await.unwrap(), None);
        link(&mut tx, &node, sam, "four", LinkKind::Confirm).await;
        assert_eq!(mail_links::sweep(&mut tx, now, late).await.unwrap(), 0);
        mail_links::end(&mut tx, sam, LinkKind::NewPassword, now).await.unwrap();
        assert_eq!(mail_links::find(&mut tx, "four", LinkKind::Confirm, now).await.unwrap(), Some(sam));
        mail_links::end(&mut tx, sam, LinkKind::Confirm, now).await.unwrap();
        assert_eq!(mail_links::find(&mut tx, "four", LinkKind::Confirm, now).await.unwrap(), None);
        let count = mail_links::count_since(&mut tx, sam, LinkKind::Confirm, now.plus_secs(-1)).await;
        assert_eq!(count.unwrap(), 1, "it was sent all the same");
        assert_eq!(mail_links::sweep(&mut tx, now, now).await.unwrap(), 0);
        assert_eq!(mail_links::sweep(&mut tx, now, late).await.unwrap(), 1);
    }

    async fn a_token_says_what_its_holder_waits_for(node: Node) {
        let member = node.member("sam").await;
        let sam = account(&node, member).await;
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        token(&mut tx, &node, member, "hash").await;
        assert_eq!(oauth::bearer(&mut tx, "hash").await.unwrap().unwrap().waits, None);
        people::wait(&mut tx, sam, None).await.unwrap();
        sanctions::set(&mut tx, member.actor(), SanctionKind::Suspend, Some(now)).await.unwrap();
        assert!(oauth::bearer(&mut tx, "hash").await.unwrap().is_none(), "no letter was ever sent");
        people::await_confirmation(&mut tx, sam, now.plus_secs(60)).await.unwrap();
        let waits = async |tx: &mut Tx| oauth::bearer(tx, "hash").await.unwrap().unwrap().waits;
        assert_eq!(waits(&mut tx).await, Some(Waits::Confirmation));
        assert!(oauth::still_good(&mut tx, &[TokenId::new(1)]).await.unwrap().is_empty(), "nothing is pushed to it");
        assert!(accounts::confirm(&mut tx, sam, now).await.unwrap());
        assert!(!accounts::confirm(&mut tx, sam, now).await.unwrap(), "once");
        assert_eq!(waits(&mut tx).await, Some(Waits::Approval));
        people::approve(&mut tx, sam, now).await.unwrap();
        sanctions::set(&mut tx, member.actor(), SanctionKind::Suspend, None).await.unwrap();
        assert_eq!(waits(&mut tx).await, None);
        let found = accounts::find(&mut tx, sam).await.unwrap().unwrap();
        assert_eq!((found.confirmed_at, found.confirm_by, found.approved_at), (Some(now), None, Some(now)));
    }

    async fn an_address_may_change_only_while_it_waits(node: Node) {
        let (sam, other) = (account(&node, node.member("sam").await).await, node.member("other").await);
        let (now, new) = (node.clock.now(), Email::parse("owl@mail.example").unwrap());
        let mut tx = node.store().begin().await.unwrap();
        assert!(!accounts::change_email(&mut tx, sam, &new).await.unwrap());
        people::await_confirmation(&mut tx, sam, now).await.unwrap();
        link(&mut tx, &node, sam, "one", LinkKind::Confirm).await;
        assert!(accounts::change_email(&mut tx, sam, &new).await.unwrap());
        link(&mut tx, &node, sam, "two", LinkKind::Confirm).await;
        for (hash, works_for) in [("one", None), ("two", Some(sam))] {
            assert_eq!(mail_links::find(&mut tx, hash, LinkKind::Confirm, now).await.unwrap(), works_for, "{hash}");
            assert_eq!(mail_links::redeem(&mut tx, hash, LinkKind::Confirm, now).await.unwrap(), works_for, "{hash}");
        }
        assert_eq!(accounts::find_by_email(&mut tx, &new).await.unwrap().unwrap().id, sam);
        people::hold_back(&mut tx, sam).await.unwrap();
        assert_eq!(accounts::find(&mut tx, sam).await.unwrap().unwrap().approved_at, None);
        tx.commit().await.unwrap();
        let mut tx = node.store().begin().await.unwrap();
        let taken = accounts::change_email(&mut tx, sam, &Email::parse("other@mail.example").unwrap()).await;
        assert!(taken.unwrap_err().is_unique("account", "email"));
        drop(tx);
        let mut tx = node.store().begin().await.unwrap();
        assert_eq!(people::persona(&mut tx, account(&node, other).await).await.unwrap(), Some(other.actor()));
    }

    async fn a_new_password_is_for_open_accounts_and_ends_every_way_in(node: Node) {
        let member = node.member("sam").await;
        let sam = account(&node, member).await;
        let (now, email) = (node.clock.now(), Email::parse("sam@mail.example").unwrap());
        let mut tx = node.store().begin().await.unwrap();
        token(&mut tx, &node, member, "hash").await;
        sessions::insert(&mut tx, "session", sam, "csrf", now.plus_secs(60)).await.unwrap();
        assert!(accounts::set_password(&mut tx, sam, "new hash", now).await.unwrap());
        accounts::lock_out(&mut tx, sam, now).await.unwrap();
        assert_eq!(accounts::credentials(&mut tx, &email).await.unwrap().unwrap().password_hash, "new hash");
        assert!(oauth::bearer(&mut tx, "hash").await.unwrap().is_none());
        assert!(sessions::find(&mut tx, "session", now).await.unwrap().is_none());
        people::await_confirmation(&mut tx, sam, now).await.unwrap();
        assert!(!accounts::set_password(&mut tx, sam, "x", now).await.unwrap(), "the address comes first");
        accounts::confirm(&mut tx, sam, now).await.unwrap();
        link(&mut tx, &node, sam, "one", LinkKind::NewPassword).await;
        accounts::close(&mut tx, sam, now).await.unwrap();
        assert!(!accounts::set_password(&mut tx, sam, "x", now).await.unwrap());
        assert!(mail_links::find(&mut tx, "one", LinkKind::NewPassword, now).await.unwrap().is_none());
    }

    async fn whoever_is_overdue_or_dismissed_is_forgotten(node: Node) {
        let (sam, owl) = (node.member("sam").await, node.member("owl").await);
        let (one, two) = (account(&node, sam).await, account(&node, owl).await);
        let root = node.member("root").await;
        let root = account(&node, root).await;
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        for id in [one, two] {
            people::wait(&mut tx, id, Some("please")).await.unwrap();
            people::await_confirmation(&mut tx, id, now).await.unwrap();
        }
        let pending = Wanted { status: "pending", ..Wanted::default() };
        assert!(people::page(&mut tx, &pending, &Page::newest(9)).await.unwrap().is_empty(), "they confirm first");
        assert!(people::overdue(&mut tx, now.plus_secs(-1), 9).await.unwrap().is_empty());
        assert_eq!(people::overdue(&mut tx, now, 9).await.unwrap().len(), 2);
        people::approve(&mut tx, one, now).await.unwrap();
        link(&mut tx, &node, one, "one", LinkKind::Confirm).await;
        assert_eq!(people::overdue(&mut tx, now, 9).await.unwrap(), [two], "a letter is still good");
        people::turn_away(&mut tx, sam.actor(), one).await.unwrap();
        assert!(accounts::find(&mut tx, one).await.unwrap().is_none(), "though it was approved");
        accounts::confirm(&mut tx, two, now).await.unwrap();
        assert_eq!(people::page(&mut tx, &pending, &Page::newest(9)).await.unwrap(), [owl.actor()]);
        people::dismiss(&mut tx, owl.actor(), two, now).await.unwrap();
        let dismissed = accounts::find(&mut tx, two).await.unwrap().unwrap();
        assert_eq!((dismissed.email.as_str(), dismissed.disabled_at), ("owl@mail.example", Some(now)));
        assert!(people::persona(&mut tx, two).await.unwrap().is_none());
        assert_eq!(people::sweep_dismissed(&mut tx, now).await.unwrap(), 0);
        assert_eq!(people::sweep_dismissed(&mut tx, now.plus_secs(1)).await.unwrap(), 1);
        people::forget_dismissed(&mut tx, root).await.unwrap();
        assert!(accounts::find(&mut tx, root).await.unwrap().is_some(), "whoever is in stays");
    }
}
