//! Client applications, codes and tokens.

use alongside_domain::account::Role;
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{AppId, MemberId, TokenId};
use alongside_domain::scope::Scopes;
use alongside_store::oauth::{self, ClientApp, Code, NewToken};
use alongside_store::{accounts, members};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const CLIENT: AppId = AppId::new(1);

fn scopes() -> Scopes {
    Scopes::parse("read write:statuses").unwrap()
}

async fn with_client(node: &Node) -> ClientApp {
    let client = ClientApp {
        id: CLIENT,
        name: "A client".to_owned(),
        website: None,
        client_id: "client".to_owned(),
        secret_hash: "hash".to_owned(),
        redirect_uris: vec!["https://client.example/cb".to_owned(), "urn:ietf:wg:oauth:2.0:oob".to_owned()],
        scopes: scopes(),
        created_at: node.clock.now(),
    };
    let mut tx = node.store().begin().await.unwrap();
    assert!(oauth::insert_app(&mut tx, &client).await.unwrap());
    assert!(!oauth::insert_app(&mut tx, &ClientApp { id: AppId::new(2), ..client.clone() }).await.unwrap());
    tx.commit().await.unwrap();
    client
}

async fn with_token(node: &Node, id: i64, hash: &str, member: Option<MemberId>) {
    let token = NewToken {
        id: TokenId::new(id),
        token_hash: hash.to_owned(),
        app_id: CLIENT,
        member_id: member,
        scopes: scopes(),
        created_at: node.clock.now(),
    };
    let mut tx = node.store().begin().await.unwrap();
    oauth::insert_token(&mut tx, &token).await.unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    async fn an_application_reads_back_as_it_was_written(node: Node) {
        let client = with_client(&node).await;
        let found = oauth::find_app(&mut node.store().reader(), "client").await.unwrap().unwrap();
        assert_eq!((found.id, found.redirect_uris, found.scopes), (client.id, client.redirect_uris, client.scopes));
        let found = oauth::find_app_by_id(&mut node.store().reader(), client.id).await.unwrap().unwrap();
        assert_eq!(found.client_id, "client");
        assert!(oauth::find_app(&mut node.store().reader(), "other").await.unwrap().is_none());
    }

    async fn a_code_is_used_once(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        with_client(&node).await;
        let member = node.member("sam").await;
        let code = Code {
            app_id: CLIENT,
            member_id: member,
            scopes: scopes(),
            redirect_uri: "https://client.example/cb".to_owned(),
            challenge: Some("challenge".to_owned()),
            expires_at: now.plus_secs(600),
            used_by: None,
        };
        let mut tx = store.begin().await.unwrap();
        oauth::insert_code(&mut tx, "code", &code).await.unwrap();
        assert!(oauth::use_code(&mut tx, "code", TokenId::new(5)).await.unwrap());
        assert!(!oauth::use_code(&mut tx, "code", TokenId::new(6)).await.unwrap());
        tx.commit().await.unwrap();
        let found = oauth::find_code(&mut store.reader(), "code").await.unwrap().unwrap();
        assert_eq!((found.used_by, found.member_id, found.scopes), (Some(TokenId::new(5)), member, scopes()));
        assert_eq!((found.challenge, found.expires_at), (code.challenge, code.expires_at));

        let mut tx = store.begin().await.unwrap();
        assert_eq!(oauth::sweep_codes(&mut tx, now.plus_secs(600)).await.unwrap(), 0);
        assert_eq!(oauth::sweep_codes(&mut tx, now.plus_secs(601)).await.unwrap(), 1);
    }

    async fn a_token_speaks_for_a_member_until_it_is_revoked(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        with_client(&node).await;
        let member = node.member_as("mo", Role::Moderator).await;
        with_token(&node, 1, "one", Some(member)).await;
        with_token(&node, 2, "two", Some(member)).await;
        let bearer = oauth::bearer(&mut store.reader(), "one").await.unwrap().unwrap();
        assert_eq!((bearer.member_id, bearer.role, bearer.app_name.as_str()), (Some(member), Some(Role::Moderator), "A client"));
        assert!(bearer.scopes.grants("write:statuses") && !bearer.scopes.grants("write:media"));

        let mut tx = store.begin().await.unwrap();
        assert!(!oauth::revoke(&mut tx, "one", AppId::new(99), now).await.unwrap());
        assert!(oauth::revoke(&mut tx, "one", CLIENT, now).await.unwrap());
        tx.commit().await.unwrap();
        assert!(oauth::bearer(&mut store.reader(), "one").await.unwrap().is_none());
        assert!(oauth::bearer(&mut store.reader(), "two").await.unwrap().is_some());
    }

    async fn a_closed_account_has_no_tokens(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        with_client(&node).await;
        let member = node.member("sam").await;
        with_token(&node, 1, "member's", Some(member)).await;
        with_token(&node, 2, "client's", None).await;
        let account = members::find(&mut store.reader(), member).await.unwrap().unwrap().account_id;
        let mut tx = store.begin().await.unwrap();
        accounts::close(&mut tx, account, now).await.unwrap();
        tx.commit().await.unwrap();
        assert!(oauth::bearer(&mut store.reader(), "member's").await.unwrap().is_none());
        let alone = oauth::bearer(&mut store.reader(), "client's").await.unwrap().unwrap();
        assert_eq!((alone.member_id, alone.role), (None, None));
    }
}
