//! Files in a folder of this machine.

use crate::files::part::Wanted;
use crate::files::{Opened, Part};
use bytes::Bytes;
use futures_util::StreamExt as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

/// Writes a file so that it survives a power cut, beside the async workers.
pub(super) async fn write(path: PathBuf, bytes: Bytes) -> io::Result<()> {
    let work = tokio::task::spawn_blocking(move || {
        make_folder_of(&path)?;
        let mut file = std::fs::File::create_new(&path)?;
        file.write_all(&bytes)?;
        settle(&file, &path)
    });
    work.await.map_err(io::Error::other)?
}

/// Takes a file over from another folder, which may be on another disk.
pub(super) async fn take(path: PathBuf, from: PathBuf) -> io::Result<()> {
    let work = tokio::task::spawn_blocking(move || {
        make_folder_of(&path)?;
        if std::fs::rename(&from, &path).is_err() {
            std::fs::copy(&from, &path)?;
        }
        settle(&std::fs::File::open(&path)?, &path)
    });
    work.await.map_err(io::Error::other)?
}

/// Opens a file, or a part of it.
pub(super) async fn open(path: &Path, wanted: Wanted) -> io::Result<Opened> {
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Opened::Missing),
        Err(error) => return Err(error),
    };
    let whole = file.metadata().await?.len();
    let Some(range) = wanted.of(whole) else { return Ok(Opened::TooShort { whole }) };
    file.seek(io::SeekFrom::Start(range.start)).await?;
    let bytes = ReaderStream::new(file.take(range.end - range.start)).boxed();
    Ok(Opened::Part(Part { whole, range, bytes }))
}

/// Waits until a file is on the disk, and in its folder under its name.
fn settle(file: &std::fs::File, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

fn make_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)
}
