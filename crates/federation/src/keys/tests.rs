//! Keys are made once, kept, and forgotten when their owner lists others.

use super::*;
use alongside_store::engine::Store;
use alongside_store::jobs::Whose;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn sam(node: &Node) -> Actor {
    let member = node.member("sam").await;
    actors::find(&mut node.app.reader(), member.actor()).await.unwrap().unwrap()
}

both_engines! {
    async fn keys_are_made_once_and_everybody_uses_those(store: Store) {
        let node = Node::from(store);
        let sam = sam(&node).await;
        let (one, other) = (KeyRing::default(), KeyRing::default());
        let made = one.of(&node.app, &sam).await.unwrap();
        assert_eq!(made.rsa_uri, format!("{}#main-key", sam.uri));
        assert_eq!(made.ed25519_uri, format!("{}#ed25519-key", sam.uri));
        assert!(made.rsa_public_pem.starts_with("-----BEGIN PUBLIC KEY-----"));
        assert!(made.ed25519_public_multibase.starts_with("z6Mk"));
        assert!(Arc::ptr_eq(&made, &one.of(&node.app, &sam).await.unwrap()));
        let read = other.of(&node.app, &sam).await.unwrap();
        assert_eq!(read.rsa_public_pem, made.rsa_public_pem);
        assert_eq!(read.ed25519_public_multibase, made.ed25519_public_multibase);
    }

    async fn whoever_comes_second_uses_the_keys_of_the_first(store: Store) {
        let node = Node::from(store);
        let sam = sam(&node).await;
        let (one, other) = tokio::join!(make(&node.app, &sam), make(&node.app, &sam));
        let public = |keys: Vec<Key>| keys.into_iter().map(|key| key.public_key).collect::<Vec<_>>();
        assert_eq!(public(one.unwrap()), public(other.unwrap()));
    }

    async fn new_keys_are_used_by_everybody_soon_and_followers_are_told(store: Store) {
        let node = Node::from(store);
        let sam = sam(&node).await;
        let (serving, command) = (KeyRing::default(), KeyRing::default());
        let old = serving.of(&node.app, &sam).await.unwrap();
        rotate(&node.app, &sam).await.unwrap();
        let new = command.of(&node.app, &sam).await.unwrap();
        assert_eq!((&new.rsa_uri, &new.ed25519_uri), (&old.rsa_uri, &old.ed25519_uri));
        assert_ne!(new.rsa_public_pem, old.rsa_public_pem);
        assert_ne!(new.ed25519_public_multibase, old.ed25519_public_multibase);
        assert!(!jobs::is_any_due(&mut node.app.reader(), Whose::Anybodys, node.app.now()).await.unwrap(), "not before all use them");
        node.clock.advance_secs(OWN_SECS_MAX);
        let now = serving.of(&node.app, &sam).await.unwrap();
        assert_eq!(now.rsa_public_pem, new.rsa_public_pem);
        node.clock.advance_secs(OWN_SECS_MAX);
        assert!(jobs::is_any_due(&mut node.app.reader(), Whose::Anybodys, node.app.now()).await.unwrap());
        assert!(Arc::ptr_eq(&now, &serving.of(&node.app, &sam).await.unwrap()), "parsed once");
        let kept = keys::of_actor(&mut node.app.reader(), sam.id).await.unwrap();
        assert_eq!(kept.len(), 2, "the old ones are nowhere");
    }

    async fn the_node_is_one_actor(store: Store) {
        let node = Node::from(store);
        let (first, second) = tokio::join!(node_actor(&node.app), node_actor(&node.app));
        let first = first.unwrap();
        assert_eq!(second.unwrap(), first, "whoever comes second finds that of the first");
        assert_eq!(first.uri, "http://127.0.0.1:7100/");
        assert_eq!(first.inbox, "http://127.0.0.1:7100/inbox");
        assert_eq!(node_actor(&node.app).await.unwrap(), first);
        let staff = staff_actor(&node.app).await.unwrap();
        assert_eq!(staff.uri, "http://127.0.0.1:7100/actors/staff");
        assert_eq!(staff_actor(&node.app).await.unwrap(), staff);
        for name in [NODE_HANDLE, STAFF_HANDLE] {
            assert!(alongside_domain::actor::Handle::new(name).is_err(), "no member can have the name {name}");
        }
    }

    async fn a_key_of_another_is_believed_until_it_is_replaced(store: Store) {
        let node = Node::from(store);
        let kim = node.stranger("kim", "b.example").await;
        let ring = KeyRing::default();
        let uri = "https://b.example/users/kim#main-key";
        assert!(ring.public(&node.app, uri).await.unwrap().is_none());
        let (first, second) = (list(&node, kim, uri).await, PrivateKey::generate_ed25519().unwrap());
        let known = ring.public(&node.app, uri).await.unwrap().unwrap();
        assert_eq!((&known.key, known.owner.as_str()), (&first, "https://b.example/users/kim"));

        list_this(&node, kim, uri, second.public_key()).await;
        assert_eq!(ring.public(&node.app, uri).await.unwrap().unwrap().key, first, "kept in memory");
        ring.forget([uri]);
        assert_eq!(&ring.public(&node.app, uri).await.unwrap().unwrap().key, second.public_key());

        list(&node, kim, uri).await;
        node.clock.advance_secs(PUBLIC_SECS_MAX);
        let read_again = ring.public(&node.app, uri).await.unwrap().unwrap();
        assert_ne!(&read_again.key, second.public_key(), "another process may have replaced it");
    }

    async fn for_whoever_is_gone_no_keys_are_made(store: Store) {
        let node = Node::from(store);
        let present = sam(&node).await;
        let mut tx = node.store().begin().await.unwrap();
        actors::delete(&mut tx, present.id, node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let gone = actors::find(&mut node.app.reader(), present.id).await.unwrap().unwrap();
        let ring = KeyRing::default();
        assert!(matches!(ring.of(&node.app, &gone).await, Err(KeyError::Gone)));
        assert!(keys::own(&mut node.app.reader(), gone.id).await.unwrap().is_empty());
        // Those that there were still sign that they are gone.
        make(&node.app, &present).await.unwrap();
        assert!(ring.of(&node.app, &gone).await.is_ok());
    }

    async fn nobody_here_has_the_keys_of_a_stranger(store: Store) {
        let node = Node::from(store);
        let kim = node.stranger("kim", "b.example").await;
        let kim = actors::find(&mut node.app.reader(), kim).await.unwrap().unwrap();
        let refused = KeyRing::default().of(&node.app, &kim).await.unwrap_err();
        assert!(matches!(refused, KeyError::Elsewhere(_)));
    }
}

async fn list(node: &Node, owner: ActorId, uri: &str) -> PublicKey {
    let key = PrivateKey::generate_ed25519().unwrap();
    list_this(node, owner, uri, key.public_key()).await;
    key.public_key().clone()
}

async fn list_this(node: &Node, owner: ActorId, uri: &str, key: &PublicKey) {
    let row = Key {
        uri: uri.to_owned(),
        actor_id: owner,
        algorithm: ED25519.to_owned(),
        public_key: key.to_pem(),
        private_key: None,
        fetched_at: node.app.now(),
        renewed: false,
    };
    let mut tx = node.store().begin().await.unwrap();
    keys::replace(&mut tx, owner, &[row]).await.unwrap();
    tx.commit().await.unwrap();
}
