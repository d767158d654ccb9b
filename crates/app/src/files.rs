//! Where files lie: in one folder, or in a bucket. Their names are random and nobody can guess them; who
//! may see one is decided in [`crate::media`], and whoever may gets it from this node, or is told an address at the
//! bucket that soon runs out: a bucket stays closed.

pub mod bucket;
mod folder;
pub mod part;

use crate::files::bucket::{Bucket, Handed};
use crate::files::part::Wanted;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A place that keeps files by their names.
#[derive(Debug, Clone)]
pub enum Files {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket(Bucket),
}

/// What became of opening a file.
pub enum Opened {
    /// The part that was asked for, or all of it.
    Part(Part),
    /// It does not reach that far.
    TooShort {
        /// How many bytes it has.
        whole: u64,
    },
    /// There is no such file.
    Missing,
}

/// Some of a file, as it comes.
pub struct Part {
    /// The bytes the whole file has.
    pub whole: u64,
    /// Which of them these are.
    pub range: Range<u64>,
    /// The bytes.
    pub bytes: BoxStream<'static, io::Result<Bytes>>,
}

impl Files {
    /// Keeps a file so that it survives a power cut.
    pub(crate) async fn write(&self, name: &str, bytes: Bytes) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder::write(folder.join(name), bytes).await,
            Self::Bucket(bucket) => bucket.write(name, bytes).await,
        }
    }

    /// The same, of what lies in a file of this machine, without holding it in memory. The file there is
    /// not needed afterwards.
    pub(crate) async fn write_from(&self, name: &str, path: &Path) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder::take(folder.join(name), path.to_owned()).await,
            Self::Bucket(bucket) => bucket.write_from(name, path).await,
        }
    }

    /// Copies a file to this machine.
    pub(crate) async fn read_to(&self, name: &str, path: &Path) -> io::Result<()> {
        match self {
            Self::Folder(folder) => tokio::fs::copy(folder.join(name), path).await.map(drop),
            Self::Bucket(bucket) => bucket.read_to(name, path).await,
        }
    }

    /// Opens a file, or a part of it.
    pub async fn open(&self, name: &str, wanted: Wanted) -> io::Result<Opened> {
        match self {
            Self::Folder(folder) => folder::open(&folder.join(name), wanted).await,
            Self::Bucket(bucket) => bucket.open(name, wanted).await,
        }
    }

    /// The address at which a file can be had for a while from where it lies; none where only this node gives it out.
    /// Whoever is told it may tell others: it is for those who may see the file.
    pub async fn address(&self, name: &str, handed: &Handed) -> io::Result<Option<String>> {
        match self {
            Self::Folder(_) => Ok(None),
            Self::Bucket(bucket) => bucket.address(name, handed).await,
        }
    }

    /// Takes files away; those that are gone then, as they may have been before. One that cannot be removed is only
    /// logged, because nothing refers to it any more.
    pub(crate) async fn remove(&self, names: Vec<String>) -> Vec<String> {
        let mut gone = Vec::with_capacity(names.len());
        for name in names {
            let removed = match self {
                Self::Folder(folder) => tokio::fs::remove_file(folder.join(&name)).await,
                Self::Bucket(bucket) => bucket.remove(&name).await,
            };
            match removed {
                Ok(()) => gone.push(name),
                Err(error) if error.kind() == io::ErrorKind::NotFound => gone.push(name),
                Err(error) => tracing::warn!(file.name = name, %error, "an unused file could not be removed"),
            }
        }
        gone
    }
}
