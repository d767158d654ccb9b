//! What every verb needs: the store, the time, fresh ids, chance, and the node's settings.

use alongside_domain::agreement::Terms;
use alongside_domain::clock::{Clock, Timestamp};
use alongside_domain::id::Ids;
use alongside_domain::place::Places;
use alongside_store::engine::{Reader, Store};
use aws_lc_rs::hmac;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The node, as its verbs see it. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Ids,
    chance: Arc<dyn Chance>,
    settings: Settings,
    media_key: OnceCell<hmac::Key>,
}

/// A source of randomness: the operating system's, or a seeded one in a test.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// What the operator has decided.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The node's public address, and every address below it.
    pub places: Places,
    /// The name of the node.
    pub title: String,
    /// Whom to write to.
    pub contact: Option<String>,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// On what terms it talks with other nodes.
    pub terms: Terms,
    /// Characters in a post.
    pub post_chars_max: usize,
    /// Bytes of an uploaded file.
    pub media_bytes_max: usize,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Ids,
        chance: Arc<dyn Chance>,
        settings: Settings,
    ) -> Self {
        Self { inner: Arc::new(Inner { store, clock, ids, chance, settings, media_key: OnceCell::new() }) }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// A session for reading.
    pub fn reader(&self) -> Reader {
        self.inner.store.reader()
    }

    /// The moment it is now.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The source of ids.
    pub fn ids(&self) -> &Ids {
        &self.inner.ids
    }

    /// The next id.
    pub fn next_id<Id: From<i64>>(&self) -> Id {
        self.inner.ids.next(self.now())
    }

    /// The node's settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The node's addresses.
    pub fn places(&self) -> &Places {
        &self.inner.settings.places
    }

    /// The key that signs the addresses of files not everybody may see, once it was read.
    pub(crate) fn media_key(&self) -> &OnceCell<hmac::Key> {
        &self.inner.media_key
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.inner.chance.fill(&mut bytes);
        bytes
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("App").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
