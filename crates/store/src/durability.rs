//! Durability of an embedded database: many commits, one flush.
//!
//! SQLite would flush its log for each commit, one after the other. Instead commits are written at once
//! and acknowledged together, after a flush of the log that began when all of them were in it. Whatever
//! is acknowledged survives a power cut, and writers at the same moment share the wait.

use crate::error::Error;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// Commits that may wait for the same flush.
const WAITING_MAX: usize = 4_096;

type Waiter = oneshot::Sender<Result<(), io::ErrorKind>>;

/// Flushes the log of one database.
#[derive(Debug, Clone)]
pub struct Flusher {
    waiters: mpsc::Sender<Waiter>,
}

impl Flusher {
    /// For the log in this file. Ends when the last clone is dropped.
    pub fn start(log: PathBuf) -> Self {
        let (waiters, queue) = mpsc::channel(WAITING_MAX);
        tokio::spawn(flush_for(queue, Arc::new(Log { path: log, file: Mutex::default() })));
        Self { waiters }
    }

    /// Lets everything committed before this call come to the disk soon, and waits for nothing.
    pub fn soon(&self) {
        // Where as many wait as can, the flush after theirs takes this along.
        let (waiter, _) = oneshot::channel();
        let _ = self.waiters.try_send(waiter);
    }

    /// Waits until everything committed before this call is on the disk.
    pub async fn flushed(&self) -> Result<(), Error> {
        let (waiter, answer) = oneshot::channel();
        let gone = || io::ErrorKind::BrokenPipe;
        let outcome = match self.waiters.send(waiter).await {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(gone())),
            Err(_) => Err(gone()),
        };
        outcome.map_err(|kind| Error::Unavailable(io::Error::from(kind).into()))
    }
}

async fn flush_for(mut queue: mpsc::Receiver<Waiter>, log: Arc<Log>) {
    let mut waiting = Vec::new();
    while queue.recv_many(&mut waiting, WAITING_MAX).await > 0 {
        let log = Arc::clone(&log);
        let flushed = tokio::task::spawn_blocking(move || log.flush()).await;
        let outcome =
            flushed.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())).map_err(|error| error.kind());
        for waiter in waiting.drain(..) {
            // Whoever no longer waits needs no answer.
            let _ = waiter.send(outcome);
        }
    }
}

#[derive(Debug)]
struct Log {
    path: PathBuf,
    /// Opened at the first commit, before which there is no log. It stays the same file as long as the
    /// database is open.
    file: Mutex<Option<File>>,
}

impl Log {
    fn flush(&self) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *file {
            Some(file) => file,
            closed => closed.insert(File::open(&self.path)?),
        };
        file.sync_data()
    }
}
