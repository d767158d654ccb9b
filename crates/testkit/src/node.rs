//! A node in this process: its verbs, on a store that a test was given.

use crate::clock::{ManualClock, SeededChance};
use alongside_app::context::{App, Keeping, Settings};
use alongside_app::files::Files;
use alongside_app::films::Tools;
use alongside_domain::agreement::Terms;
use alongside_domain::id::Ids;
use alongside_domain::limits::POST_CHARS_MAX;
use alongside_domain::place::Places;
use alongside_store::engine::Store;
use std::path::{Path, PathBuf};
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
        Self::keeping(store, address, terms, |_| ())
    }

    /// A node on this store that keeps its files in another way.
    pub fn keeping(store: Store, address: &str, terms: Terms, change: impl FnOnce(&mut Keeping)) -> Self {
        let clock = ManualClock::at_two_in_the_morning();
        let folder = tempfile::tempdir().expect("a folder for the node");
        let mut media = keeping(folder.path());
        change(&mut media);
        let settings = Settings {
            places: Places::new(&Url::parse(address).expect("the node's address is a URL")),
            title: "A node for a test".to_owned(),
            contact: None,
            terms,
            data_dir: folder.path().to_owned(),
            post_chars_max: POST_CHARS_MAX,
            media_bytes_max: 16 * 1024 * 1024,
            sign_ups: true,
            media,
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

/// Files in this folder; films where this machine has the programs for them.
pub fn keeping(folder: &Path) -> Keeping {
    Keeping {
        files: Files::Folder(folder.join("media")),
        films: Tools::find(["/usr/bin", "/usr/local/bin"].map(PathBuf::from)),
        film_bytes_max: 16 * 1024 * 1024,
        copies: None,
    }
}

impl From<Store> for Node {
    fn from(store: Store) -> Self {
        Self::at(store, "http://127.0.0.1:7100")
    }
}
