//! Room for the files of requests: how much of them is held in memory at once, whoever sends them and however many.
//!
//! Only what has come counts, so nobody keeps room by saying how much they will send. Where there is none left, a
//! client is asked to try again.

use crate::params::problem::Problem;
use axum::extract::multipart::{Field, MultipartError};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// For how many of the largest requests there is room.
const LARGEST: usize = 4;

/// Room for the files of some addresses. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Room(Arc<Semaphore>);

/// A file, which gives its room back when nobody needs it any more.
#[derive(Debug, Default)]
struct Held {
    bytes: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Room {
    /// Room for several requests of this size.
    pub(crate) fn for_bodies_up_to(bytes_max: usize) -> Self {
        Self::of(bytes_max.saturating_mul(LARGEST))
    }

    /// Room for so many bytes.
    pub(crate) fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }
}

/// What is in a file, as it comes. Where no room is kept for an address its bodies are small.
pub(super) async fn hold(
    file: &mut Field<'_>,
    room: Option<&Room>,
    refused: impl Fn(&MultipartError) -> Problem,
) -> Result<Bytes, Problem> {
    let mut held = Held::default();
    while let Some(chunk) = file.chunk().await.map_err(|error| refused(&error))? {
        if let Some(room) = room {
            held.grow(room, chunk.len())?;
        }
        held.bytes.extend_from_slice(&chunk);
    }
    Ok(Bytes::from_owner(held))
}

impl Held {
    fn grow(&mut self, room: &Room, bytes: usize) -> Result<(), Problem> {
        let bytes = u32::try_from(bytes).map_err(|_| Problem::NoRoom)?;
        let more = Arc::clone(&room.0).try_acquire_many_owned(bytes).map_err(|_| Problem::NoRoom)?;
        match &mut self.room {
            Some(room) => room.merge(more),
            None => self.room = Some(more),
        }
        Ok(())
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
