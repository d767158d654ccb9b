//! A node in this process: its verbs, on a store that a test was given.

use crate::clock::{ManualClock, SeededChance};
use alongside_app::context::{App, Settings};
use alongside_domain::agreement::Terms;
use alongside_domain::id::Ids;
use alongside_domain::limits::POST_CHARS_MAX;
use alongside_domain::place::Places;
use alongside_store::engine::Store;
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

/// A node at `http://127.0.0.1:7100` with a clock that the test moves. Its folder goes when it goes.
#[derive(Debug)]
pub struct Node {
    /// Its verbs.
    pub app: App,
    /// Its clock.
    pub clock: ManualClock,
    folder: TempDir,
}

/// The verbs of a node on this store, for a test that needs neither its clock nor its files.
pub fn app(store: Store) -> App {
    Node::from(store).app
}

impl Node {
    /// A node on this store, at another address.
    pub fn at(store: Store, address: &str) -> Self {
        Self::on_terms(store, address, Terms::default())
    }

    /// A node on this store, at another address, that does not talk with everybody.
    pub fn on_terms(store: Store, address: &str, terms: Terms) -> Self {
        let clock = ManualClock::at_two_in_the_morning();
        let folder = tempfile::tempdir().expect("a folder for the node");
        let settings = Settings {
            places: Places::new(&Url::parse(address).expect("the node's address is a URL")),
            title: "A node for a test".to_owned(),
            contact: None,
            terms,
            data_dir: folder.path().to_owned(),
            post_chars_max: POST_CHARS_MAX,
            media_bytes_max: 16 * 1024 * 1024,
        };
        let app =
            App::new(store, Arc::new(clock.clone()), Ids::new(0), Arc::new(SeededChance::new(7)), settings);
        Self { app, clock, folder }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        self.app.store()
    }

    /// Where its files lie.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl From<Store> for Node {
    fn from(store: Store) -> Self {
        Self::at(store, "http://127.0.0.1:7100")
    }
}
