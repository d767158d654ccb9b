//! What every verb needs: the store, the time, fresh ids, chance, and the node's settings.

use crate::copies::Keep;
use crate::files::Files;
use crate::films::Tools;
use crate::letters::Carrier;
use crate::media::signatures;
use crate::pushing::NodeKey;
use alongside_domain::agreement::Terms;
use alongside_domain::clock::{Clock, Timestamp};
use alongside_domain::id::Ids;
use alongside_domain::place::Places;
use alongside_domain::sign_up::Registrations;
use alongside_store::engine::{Reader, Store};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::OnceCell;

/// The node, as its verbs see it. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Arc<Store>,
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    ids: Ids,
    chance: Arc<dyn Chance>,
    settings: Settings,
    media_key: Arc<OnceCell<hmac::Key>>,
    node_key: OnceCell<Arc<NodeKey>>,
    shelf: OnceLock<Box<dyn Any + Send + Sync>>,
}

/// A source of randomness: the operating system's, or a seeded one in a test.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// An RSA key that nobody else has. To make one takes a good part of a second, which is more than most tests have to
    /// do besides, so these are given some that were made for others.
    fn rsa_key(&self) -> Result<Vec<u8>, Unspecified> {
        new_rsa_key()
    }
}

/// Makes an RSA key of 2048 bits, as PKCS#8.
pub fn new_rsa_key() -> Result<Vec<u8>, Unspecified> {
    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let key: Pkcs8V1Der<'_> = pair.as_der()?;
    Ok(key.as_ref().to_vec())
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
    /// The folder of what the node keeps.
    pub data_dir: PathBuf,
    /// On what terms it talks with other nodes.
    pub terms: Terms,
    /// Characters in a post.
    pub post_chars_max: usize,
    /// Bytes of an uploaded picture.
    pub media_bytes_max: usize,
    /// Who may open an account for themselves.
    pub registrations: Registrations,
    /// How old newcomers have to be, in years.
    pub min_age: Option<u8>,
    /// Who carries letters to the mail server; none if the node sends no mail.
    pub mail: Option<Arc<dyn Carrier>>,
    /// What is kept of files, and where.
    pub media: Keeping,
}

/// What the operator has decided about files.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// Where they are kept.
    pub files: Files,
    /// The programs that encode films and sounds, where they are installed.
    pub films: Option<Tools>,
    /// Bytes of an uploaded film or sound.
    pub film_bytes_max: usize,
    /// How copies of what lies elsewhere are kept; none if members are sent there instead.
    pub copies: Option<Keep>,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Ids,
        chance: Arc<dyn Chance>,
        mut settings: Settings,
    ) -> Self {
        let media_key = Arc::new(OnceCell::new());
        if settings.media.copies.is_some() {
            settings.places = signatures::giving_copies(settings.places, Arc::clone(&media_key));
        }
        let (node_key, shelf) = (OnceCell::new(), OnceLock::new());
        let inner = Inner { clock, ids, chance, settings, media_key, node_key, shelf };
        Self { store: Arc::new(store), inner: Arc::new(inner) }
    }

    /// The same node, for work that is done again if a power cut takes it back: see [`Store::asynchronous`].
    #[must_use]
    pub fn asynchronous(&self) -> Self {
        Self { store: Arc::new(self.store.asynchronous()), inner: Arc::clone(&self.inner) }
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// A session for reading.
    pub fn reader(&self) -> Reader {
        self.store.reader()
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

    /// Whether the node sends mail.
    pub fn sends_mail(&self) -> bool {
        self.inner.settings.mail.is_some()
    }

    /// The node's addresses.
    pub fn places(&self) -> &Places {
        &self.inner.settings.places
    }

    /// Where files are kept.
    pub fn files(&self) -> &Files {
        &self.inner.settings.media.files
    }

    /// The key that signs the addresses of files not everybody may see, once it was read.
    pub(crate) fn media_key(&self) -> &OnceCell<hmac::Key> {
        &self.inner.media_key
    }

    /// The key by which push services know this node, once it was read.
    pub(crate) fn node_key(&self) -> &OnceCell<Arc<NodeKey>> {
        &self.inner.node_key
    }

    /// What the door in front keeps here of what it makes: there is one door, so there is one such thing.
    pub fn shelf<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> &T {
        let shelf = self.inner.shelf.get_or_init(|| Box::new(make()));
        shelf.downcast_ref().expect("there is one door, with one kind of shelf")
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.inner.chance.fill(&mut bytes);
        bytes
    }

    /// A new RSA key, as PKCS#8.
    pub fn rsa_key(&self) -> Result<Vec<u8>, Unspecified> {
        self.inner.chance.rsa_key()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("App").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
