//! One server to a data folder.
//!
//! Two servers on one SQLite database would each believe that its memory of it is current. The lock
//! belongs to the open file, so the system lets go of it however the process ends. Commands that only
//! write a little never take it.

use crate::folder;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

const FILE: &str = "serve.lock";

/// The right to serve from a folder, for as long as this lives.
#[derive(Debug)]
pub struct ServeLock {
    _held: File,
}

/// Why this process may not serve from the folder.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another server does.
    #[error(
        "another alongside server{} already serves from {}; stop it, or give this one its own data_dir",
        holder.as_deref().map(|pid| format!(" (process {pid})")).unwrap_or_default(),
        folder.display()
    )]
    Taken {
        /// The data folder.
        folder: PathBuf,
        /// The process that serves, where it wrote itself down.
        holder: Option<String>,
    },
    /// The system gave no lock.
    #[error("the data folder {} cannot be locked", folder.display())]
    Unavailable {
        /// The data folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Takes the folder for this process, making it where it is missing.
pub fn acquire(folder: &Path) -> Result<ServeLock, LockError> {
    let unavailable = |source| LockError::Unavailable { folder: folder.to_owned(), source };
    let mut file = open(folder).map_err(unavailable)?;
    match file.try_lock() {
        Ok(()) => {
            write_holder(&mut file).map_err(unavailable)?;
            Ok(ServeLock { _held: file })
        }
        Err(TryLockError::WouldBlock) => {
            Err(LockError::Taken { folder: folder.to_owned(), holder: read_holder(&mut file) })
        }
        Err(TryLockError::Error(source)) => Err(unavailable(source)),
    }
}

/// Opened without emptying it: until the lock is ours, its content is another's.
fn open(data_dir: &Path) -> io::Result<File> {
    folder::make(data_dir)?;
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(data_dir.join(FILE))
}

fn write_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

/// Only a hint for the message, so that failing to read it is no failure.
fn read_holder(file: &mut File) -> Option<String> {
    const PID_BYTES_MAX: u64 = 20;
    let mut text = String::new();
    file.take(PID_BYTES_MAX).read_to_string(&mut text).ok()?;
    let pid = text.trim();
    (!pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit())).then(|| pid.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_second_server_is_refused_and_told_which_runs() {
        let folder = tempfile::tempdir().unwrap();
        let _first = acquire(folder.path()).unwrap();
        let refusal = acquire(folder.path()).unwrap_err().to_string();
        let expected =
            format!("another alongside server (process {}) already serves from ", std::process::id());
        assert!(refusal.starts_with(&expected), "{refusal}");
    }

    #[test]
    fn the_folder_is_free_again_when_the_server_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        drop(acquire(folder.path()).unwrap());
        assert!(acquire(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_is_missing_is_made() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        let _lock = acquire(&folder).unwrap();
        assert!(folder.join(FILE).exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let in_the_way = parent.path().join("file");
        fs::write(&in_the_way, "").unwrap();
        let refusal = acquire(&in_the_way).unwrap_err();
        assert!(matches!(refusal, LockError::Unavailable { .. }));
        assert!(refusal.to_string().contains(&in_the_way.display().to_string()));
    }
}
