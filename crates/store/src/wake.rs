//! Waking the workers when there is something to do, so that nobody waits for the next poll.

use std::time::Duration;
use tokio::sync::Notify;

/// A bell that a commit rings and workers listen for.
#[derive(Debug, Default)]
pub struct Wake {
    bell: Notify,
}

impl Wake {
    /// Wakes everybody who listens.
    pub fn ring(&self) {
        self.bell.notify_waiters();
    }

    /// Starts to listen: what rings from here on is heard by [`Listening::heard`].
    pub fn listen(&self) -> Listening<'_> {
        let mut notified = Box::pin(self.bell.notified());
        notified.as_mut().enable();
        Listening { notified }
    }
}

/// An ear at the bell. Listen first, look for work next, wait last: so no ring is missed between.
#[derive(Debug)]
pub struct Listening<'a> {
    notified: std::pin::Pin<Box<tokio::sync::futures::Notified<'a>>>,
}

impl Listening<'_> {
    /// Waits for a ring, or until the time has passed.
    pub async fn heard(self, at_most: Duration) {
        // Either way the worker looks for itself.
        let _ = tokio::time::timeout(at_most, self.notified).await;
    }
}
