//! Leaving and moving between nodes in one process: a member who is deleted is gone wherever they were heard of, and
//! followers go along with one who moves, if both sides say so.

use alongside_app::accounts::{self, CreateError, NewAccount};
use alongside_app::departures;
use alongside_app::moving;
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::erasure::ReceiptState;
use alongside_store::engine::Store;
use alongside_store::{actors, erasures, follows};
use alongside_testkit::both_engines_many;
use serde_json::json;

use crate::peer::{Client, Peer, id, settle};

both_engines_many!(they_move_and_leave);

async fn they_move_and_leave(stores: [Store; 3]) {
    let [charity, trust, third] = Peer::three(stores).await;
    let peers = [&charity, &trust, &third];
    let (ada, ben) = (charity.member("ada").await, trust.member("ben").await);
    let old = follows_somebody(&ben, &format!("ada@{}", charity.host()), peers).await;
    let said = ada.post(&json!({ "status": "awake again" })).await;
    settle(&peers).await;
    assert_eq!(ben.in_home("awake again").await, 1);
    followers_go_along(&charity, &trust, &third, &ben).await;
    everything_of_theirs_goes(&charity, &trust, &ben, [&old, &id(&said)]).await;
}

async fn follows_somebody(member: &Client, address: &str, peers: [&Peer; 3]) -> String {
    let somebody = id(&member.find(address).await);
    member.act(&format!("/api/v1/accounts/{somebody}/follow")).await;
    settle(&peers).await;
    somebody
}

/// Ada moves to a third node. It is refused until her new account names the old one; then Ben, who followed the old
/// one, follows the new one, and nobody follows for those who did not.
async fn followers_go_along(charity: &Peer, trust: &Peer, third: &Peer, ben: &Client) {
    third.member("adele").await;
    let new = format!("adele@{}", third.host());
    let refused = charity.depart("ada", &new).await;
    assert!(matches!(refused, Err(moving::Error::NotNamed)), "{refused:?}");
    third.alias("adele", &format!("ada@{}", charity.host())).await;
    charity.depart("ada", &new).await.expect("both sides say so now");
    settle(&[charity, trust, third]).await;
    settle(&[charity, trust, third]).await;
    let adele = id(&ben.find(&new).await);
    let now = ben.get(&format!("/api/v1/accounts/relationships?id[]={adele}")).await;
    assert_eq!(now[0]["following"], true, "{now}");
    let again = charity.depart("ada", &new).await;
    assert!(matches!(again, Err(moving::Error::TooSoon)), "{again:?}");
}

/// Ada deletes herself. The trust's node is told and confirms it; her address says that she is gone; nobody gets her
/// name again; and her own follows are gone too.
async fn everything_of_theirs_goes(charity: &Peer, trust: &Peer, ben: &Client, [account, post]: [&str; 2]) {
    let app = &charity.kit.app;
    let seen = ben.posts_of(account).await;
    assert_eq!(seen.len(), 1);
    let wrong = departures::delete_own(app, "ada@example.org", "a wrong password", "ada").await;
    assert!(matches!(wrong, Err(departures::Error::Wrong)), "{wrong:?}");
    let password = "correct horse battery staple";
    let erasure = departures::delete_own(app, "ada@example.org", password, "ada").await.expect("it is hers");
    assert_eq!(charity.serves("/actors/ada").await, 410);
    assert_eq!(charity.serves(&format!("/posts/{post}")).await, 410);
    settle(&[charity, trust]).await;
    let receipts = erasures::receipts(&mut app.reader(), erasure, "", 9).await.expect("the store works");
    let told = receipts.iter().find(|receipt| receipt.host == trust.host()).expect("the trust had her posts");
    assert_eq!(told.state, ReceiptState::Arrived, "{told:?}");
    assert_eq!(ben.status_of("GET", &format!("/api/v1/statuses/{}", id(&seen[0]))).await, 404);
    assert_eq!(ben.in_home("awake again").await, 0);
    let gone = actors::find_by_address(&mut app.reader(), "ada", "").await.expect("the store works");
    let gone = gone.expect("her name stays taken");
    assert_eq!(follows::here(&mut app.reader(), gone.id, 9).await.expect("the store works").len(), 0);
    let new = |handle: &str| NewAccount {
        handle: Handle::new(handle).expect("a handle"),
        email: Email::parse("ada@example.org").expect("an address"),
        password: Password::new(password.to_owned()).expect("a password"),
        role: Role::Member,
    };
    assert!(matches!(accounts::create(app, &new("ada")).await, Err(CreateError::HandleTaken)));
    accounts::create(app, &new("somebody")).await.expect("the e-mail address can be used anew");
    assert!(matches!(departures::delete(app, "ada").await, Err(departures::Error::Nobody)));
}
