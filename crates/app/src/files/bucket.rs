//! Files in a bucket that speaks S3, at any provider. Every object is written without a right for
//! anybody else; what members see passes through this node, or is had at an address that this node signs and that
//! works for a while.

use crate::files::part::Wanted;
use crate::files::{Opened, Part};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::buffered::BufWriter;
use object_store::path::Path as Key;
use object_store::signer::{Method, SignedUrlOptions, Signer as _};
use object_store::{ClientOptions, GetOptions, GetRange, ObjectStore as _, ObjectStoreExt as _, RetryConfig};
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

/// How long a bucket may take to be reached, and to say anything at all.
const PATIENCE: Duration = Duration::from_secs(15);
/// Tries of one request, and for how long they are made altogether.
const TRIES_MAX: usize = 3;
const TRYING: Duration = Duration::from_secs(45);

/// Bytes in a part of a large file: as few as S3 takes. They are held in memory until they have arrived.
const PART_BYTES: usize = 5 * 1_048_576;
/// Parts of one file that are on their way at once.
const PARTS_AT_ONCE_MAX: usize = 2;

/// How a bucket is reached.
#[derive(Clone)]
pub struct Settings {
    /// Its name.
    pub bucket: String,
    /// The address of the service; none for Amazon's own.
    pub endpoint: Option<String>,
    /// The region it is in.
    pub region: String,
    /// Whose key.
    pub key_id: String,
    /// The secret of the key.
    pub secret: String,
    /// Whether those who may see a file are sent to the bucket.
    pub presigned: bool,
}

/// A bucket. Cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    name: String,
    presigned: bool,
}

/// How a bucket gives a file to whoever is sent to it.
#[derive(Debug, Clone, Copy)]
pub struct Handed {
    /// As what.
    pub mime: &'static str,
    /// Who may keep it, in the words of HTTP.
    pub caching: &'static str,
    /// For how long from now.
    pub lasting: Duration,
}

impl Bucket {
    /// Ready to be used; nothing is asked of it yet.
    pub fn new(settings: &Settings) -> io::Result<Self> {
        let retry =
            RetryConfig { max_retries: TRIES_MAX - 1, retry_timeout: TRYING, ..RetryConfig::default() };
        // A film takes as long as whoever watches it; only silence is bounded.
        let client = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(PATIENCE)
            .with_read_timeout(PATIENCE);
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.key_id)
            .with_secret_access_key(&settings.secret);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let store = Arc::new(builder.build()?);
        Ok(Self { store, name: settings.bucket.clone(), presigned: settings.presigned })
    }

    /// Writes, reads and removes something, to see that each is possible.
    pub async fn try_out(&self, name: &str) -> io::Result<()> {
        self.write(name, Bytes::from_static(b"try")).await?;
        let read = self.store.get(&Key::from(name)).await?.bytes().await?;
        self.remove(name).await?;
        if read == b"try"[..] { Ok(()) } else { Err(io::Error::other("it gives back something else")) }
    }

    pub(super) async fn write(&self, name: &str, bytes: Bytes) -> io::Result<()> {
        Ok(self.store.put(&Key::from(name), bytes.into()).await.map(drop)?)
    }

    /// In several parts where it is large; nobody sees it before all are there.
    pub(super) async fn write_from(&self, name: &str, path: &Path) -> io::Result<()> {
        let mut file = File::open(path).await?;
        let store = Arc::<AmazonS3>::clone(&self.store);
        let mut writer = BufWriter::with_capacity(store, Key::from(name), PART_BYTES)
            .with_max_concurrency(PARTS_AT_ONCE_MAX);
        match tokio::io::copy(&mut file, &mut writer).await {
            Ok(_) => writer.shutdown().await,
            Err(error) => {
                writer.abort().await?;
                Err(error)
            }
        }
    }

    pub(super) async fn read_to(&self, name: &str, path: &Path) -> io::Result<()> {
        let mut bytes = self.store.get(&Key::from(name)).await?.into_stream();
        let mut file = File::create(path).await?;
        while let Some(chunk) = bytes.try_next().await? {
            file.write_all(&chunk).await?;
        }
        file.flush().await
    }

    pub(super) async fn open(&self, name: &str, wanted: Wanted) -> io::Result<Opened> {
        let key = Key::from(name);
        let range = match wanted {
            Wanted::Whole => None,
            // Services differ in how they refuse what lies beyond the end, so it is not asked for.
            Wanted::From(_) | Wanted::Between(..) | Wanted::Last(_) => {
                let whole = match self.store.head(&key).await {
                    Ok(head) => head.size,
                    Err(object_store::Error::NotFound { .. }) => return Ok(Opened::Missing),
                    Err(error) => return Err(error.into()),
                };
                match wanted.of(whole) {
                    Some(range) => Some(GetRange::Bounded(range)),
                    None => return Ok(Opened::TooShort { whole }),
                }
            }
        };
        match self.store.get_opts(&key, GetOptions { range, ..GetOptions::default() }).await {
            Ok(found) => Ok(Opened::Part(Part {
                whole: found.meta.size,
                range: found.range.clone(),
                bytes: found.into_stream().map_err(io::Error::from).boxed(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(Opened::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Nothing is asked of the bucket for it. What the file is and may be used for is part of what is signed.
    pub(super) async fn address(&self, name: &str, handed: &Handed) -> io::Result<Option<String>> {
        if !self.presigned {
            return Ok(None);
        }
        let said = SignedUrlOptions::new().with_query([
            ("response-content-type", handed.mime),
            ("response-content-disposition", "inline"),
            ("response-cache-control", handed.caching),
        ]);
        let key = Key::from(name);
        let address = self.store.signed_url_opts(Method::GET, &key, handed.lasting, &said).await?;
        Ok(Some(address.into()))
    }

    pub(super) async fn remove(&self, name: &str) -> io::Result<()> {
        Ok(self.store.delete(&Key::from(name)).await?)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Bucket({})", self.name)
    }
}

/// Without the secret.
impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Settings")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("key_id", &self.key_id)
            .field("presigned", &self.presigned)
            .finish_non_exhaustive()
    }
}
