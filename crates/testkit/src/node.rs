//! A node in this process: its verbs, on a store that a test was given.

use crate::clock::{ManualClock, SeededChance};
use crate::mailbox::Mailbox;
use alongside_app::context::{App, Keeping, Settings};
use alongside_app::files::Files;
use alongside_app::films::Tools;
use alongside_domain::agreement::Terms;
use alongside_domain::id::Ids;
use alongside_domain::limits::POST_CHARS_MAX;
use alongside_domain::place::Places;
use alongside_domain::sign_up::Registrations;
use alongside_store::engine::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

/// Where a node is, unless a test says otherwise.
const ADDRESS: &str = "http://127.0.0.1:7100";

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
        Self::deciding(store, address, |settings| {
            settings.terms = terms;
            change(&mut settings.media);
        })
    }

    /// A node on this store that sends mail, which the test takes out of the box.
    pub fn with_mail(store: Store, registrations: Registrations) -> (Self, Mailbox) {
        let mailbox = Mailbox::default();
        let carrier = mailbox.clone();
        let node = Self::deciding(store, ADDRESS, |settings| {
            settings.registrations = registrations;
            settings.mail = Some(Arc::new(carrier));
        });
        (node, mailbox)
    }

    /// A node on this store whose operator has decided otherwise.
    pub fn deciding(store: Store, address: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = ManualClock::at_two_in_the_morning();
        let folder = tempfile::tempdir().expect("a folder for the node");
        let mut settings = Settings {
            places: Places::new(&Url::parse(address).expect("the node's address is a URL")),
            title: "A node for a test".to_owned(),
            contact: None,
            terms: Terms::default(),
            data_dir: folder.path().to_owned(),
            post_chars_max: POST_CHARS_MAX,
            media_bytes_max: 16 * 1024 * 1024,
            registrations: Registrations::Approval,
            min_age: None,
            mail: None,
            media: keeping(folder.path()),
        };
        change(&mut settings);
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
        Self::at(store, ADDRESS)
    }
}
