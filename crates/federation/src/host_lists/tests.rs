//! Lists as a server gives them, or does not.

use super::*;
use crate::testing::federation;
use alongside_domain::agreement::{Mode, Policy, Terms};
use alongside_store::engine::Store;
use alongside_store::{host_lists as kept, hosts};
use alongside_testkit::node::Node;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What the server says next, and what it was asked.
#[derive(Debug, Clone, Default)]
struct Server(Arc<Mutex<Said>>);

#[derive(Debug, Default)]
struct Said {
    text: String,
    mark: &'static str,
    is_broken: bool,
    asked: usize,
    sent: usize,
}

async fn answer(State(Server(said)): State<Server>, headers: HeaderMap) -> Response {
    let mut said = said.lock().unwrap();
    said.asked += 1;
    if said.is_broken {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == said.mark) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    said.sent += 1;
    ([(ETAG, said.mark)], said.text.clone()).into_response()
}

impl Server {
    fn says(&self, text: &str, mark: &'static str) {
        let mut said = self.0.lock().unwrap();
        (said.text, said.mark, said.is_broken) = (text.to_owned(), mark, false);
    }

    fn asked_and_sent(&self) -> (usize, usize) {
        let said = self.0.lock().unwrap();
        (said.asked, said.sent)
    }
}

async fn follow(node: &Federation, url: &Url) {
    let read = read(node, url, &Known::default()).await.unwrap().unwrap();
    let list = HostList {
        url: url.to_string(),
        etag: read.known.etag,
        modified: read.known.modified,
        added_at: node.app().now(),
        asked_at: None,
        last_error: None,
    };
    host_lists::follow(node.app(), &list, &read.list.lines).await.unwrap();
}

async fn policy(node: &Federation, host: &str) -> Policy {
    hosts::standing(&mut node.app().reader(), host).await.unwrap().policy
}

alongside_testkit::both_engines! {
async fn a_list_is_read_once_a_day_and_only_if_it_has_changed(store: Store) {
        let server = Server::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        // The server of a list need not be in the agreement.
        let terms = Terms { mode: Mode::Agreement, signed_fetch: true };
        let kit = Node::on_terms(store, "https://a.example", terms);
        let node = federation(&kit, vec![address.to_string()]);
        let url = Url::parse(&format!("http://{address}/blocked.csv")).unwrap();

        server.says("spam.example\nnot a host\n", "\"1\"");
        follow(&node, &url).await;
        assert_eq!(policy(&node, "spam.example").await, Policy::Block);
        refresh(&node).await.unwrap();
        assert_eq!(server.asked_and_sent(), (1, 1), "it is not asked before the day is over");

        kit.clock.advance_secs(86_400);
        refresh(&node).await.unwrap();
        assert_eq!(server.asked_and_sent(), (2, 1), "nothing has changed, so nothing is sent");
        assert_eq!(policy(&node, "spam.example").await, Policy::Block);

        server.says("late.example\n", "\"2\"");
        kit.clock.advance_secs(86_400);
        refresh(&node).await.unwrap();
        assert_eq!((policy(&node, "spam.example").await, policy(&node, "late.example").await), (Policy::Open, Policy::Block));

        for (text, is_broken) in [("", true), ("", false), ("<html>not found</html>", false)] {
            server.says(text, "\"3\"");
            server.0.lock().unwrap().is_broken = is_broken;
            kit.clock.advance_secs(86_400);
            refresh(&node).await.unwrap();
            assert_eq!(policy(&node, "late.example").await, Policy::Block, "what is no list undoes nothing: {text}");
            let list = kept::find(&mut node.app().reader(), url.as_str()).await.unwrap().unwrap();
            assert!(list.last_error.is_some(), "the operator sees it");
        }
}
}
