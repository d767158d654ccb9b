//! Folders in which films and sounds are looked at and encoded, one for each.

use crate::context::App;
use alongside_domain::id::MediaId;
use std::io;
use std::path::{Path, PathBuf};

/// Removes what a process of this node number left of its work when it was killed. To be called before it begins any.
pub async fn clear(app: &App) -> io::Result<()> {
    match tokio::fs::remove_dir_all(rooms(app)).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Where a process has its work, beside those of other processes on one database.
fn rooms(app: &App) -> PathBuf {
    app.settings().data_dir.join("work").join(app.ids().node_number().to_string())
}

/// A folder for one work, which goes with it.
pub(super) struct Room(PathBuf);

impl Room {
    /// An empty one.
    pub(super) async fn make(app: &App, id: MediaId) -> io::Result<Self> {
        let folder = rooms(app).join(id.to_string());
        // What a process left that was killed over it.
        match tokio::fs::remove_dir_all(&folder).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => tokio::fs::create_dir_all(&folder).await?,
        }
        Ok(Self(folder))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What cannot be removed now is removed at the next start.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
