//! Whom this node asks, and whom not even when another sends it there.

use super::*;
use crate::testing::federation;
use alongside_domain::agreement::{Mode, Silence, Terms};
use alongside_store::engine::Store;
use alongside_testkit::node::Node;
use axum::Router;
use axum::response::Redirect;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/actor")).unwrap()
}

alongside_testkit::both_engines! {
async fn no_redirect_leads_out_of_the_agreement(store: Store) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let stranger = listen(Router::new().fallback(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            async { "found" }
        })).await;
        let friend = listen(Router::new().fallback(move || async move { Redirect::to(url(stranger).as_str()) })).await;
        let terms = Terms { mode: Mode::Agreement, signed_fetch: true };
        let node = Node::on_terms(store, "https://a.example", terms);
        let federation = federation(&node, vec![friend.to_string(), stranger.to_string()]);
        hosts::allow(&node.app, &friend.to_string()).await.unwrap();
        for address in [friend, stranger] {
            let refused = federation.read(&url(address)).await;
            assert!(
                matches!(refused, Err(ReadError::Fetch(FetchError::Refused(Refusal::Silent(Silence::NotAgreed))))),
                "{refused:?}"
            );
            let sent = federation.client().post(&url(stranger), http::HeaderMap::new(), bytes::Bytes::new()).await;
            assert!(matches!(sent, Err(FetchError::Refused(Refusal::Silent(_)))), "{sent:?}");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0, "the stranger was not even asked");
}
}
