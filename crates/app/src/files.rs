//! Where uploaded files lie: one folder, under random names nobody can guess.

use crate::context::App;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Where a file of this name lies.
pub(crate) fn path(app: &App, name: &str) -> PathBuf {
    app.settings().data_dir.join("media").join(name)
}

/// Writes a file so that it survives a power cut, beside the async workers.
pub(crate) async fn write(app: &App, name: &str, bytes: Vec<u8>) -> io::Result<()> {
    let path = path(app, name);
    let work = tokio::task::spawn_blocking(move || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::File::create_new(path)?;
        file.write_all(&bytes)?;
        file.sync_all()
    });
    work.await.map_err(io::Error::other)?
}

/// Takes files away. One that is gone already is no trouble; one that cannot be removed is only logged,
/// because nothing refers to it any more.
pub(crate) async fn remove(app: &App, names: Vec<String>) {
    for name in names {
        match tokio::fs::remove_file(path(app, &name)).await {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(file.name = name, %error, "an unused file could not be removed"),
        }
    }
}
