//! How far this process has read the changes.
//!
//! Ids rise with time, but two transactions may commit in the other order than their ids were given. So each
//! look goes back a little from the one before, and what was seen already is passed over.

use alongside_app::context::App;
use alongside_domain::id::first_at;
use alongside_store::changes::{self, Kept};
use alongside_store::error::Error;
use std::collections::HashSet;

/// How much longer than another a transaction may take to commit.
const LOOK_BACK_SECS: i64 = 5;
/// How long changes are kept, in seconds.
const KEPT_SECS: i64 = 300;
/// Changes read at once.
const BATCH: i64 = 500;

/// How far this process has read.
#[derive(Debug, Default)]
pub(crate) struct Position {
    /// Everything up to here was seen.
    floor: i64,
    /// Up to here nothing more will come, since it was last looked.
    settled: i64,
    /// What was seen above the floor.
    seen: HashSet<i64>,
}

impl Position {
    /// What was not seen yet, oldest first; the first look sees only what is to come. It is given again until it is
    /// said that it was seen.
    pub(crate) async fn read_on(&mut self, app: &App) -> Result<Vec<Kept>, Error> {
        let settled = first_at(app.now().plus_secs(-LOOK_BACK_SECS));
        if self.floor == 0 {
            self.floor = settled;
        }
        let (mut fresh, mut after) = (Vec::new(), self.floor);
        loop {
            let batch = changes::above(&mut app.reader(), after, BATCH).await?;
            let is_last = i64::try_from(batch.len()).is_ok_and(|found| found < BATCH);
            after = batch.last().map_or(after, |change| change.id);
            fresh.extend(batch.into_iter().filter(|change| !self.seen.contains(&change.id)));
            if is_last {
                break;
            }
        }
        self.settled = settled;
        Ok(fresh)
    }

    /// These were seen, and are all that was not.
    pub(crate) fn pass(&mut self, changes: &[Kept]) {
        self.seen.extend(changes.iter().map(|change| change.id));
        self.floor = self.floor.max(self.settled);
        self.seen.retain(|id| *id > self.floor);
    }
}

/// Forgets what nobody needs any more.
pub(crate) async fn sweep(app: &App) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    changes::sweep(&mut tx, app.now().plus_secs(-KEPT_SECS)).await?;
    tx.commit().await
}
