//! The queue of a node, as a test looks at it.

use crate::node::Node;
use alongside_domain::id::JobId;
use alongside_domain::job::Job;
use alongside_store::engine::Tx;
use alongside_store::jobs::{self, Whose};

/// Jobs claimed at once.
const BATCH: i64 = 50;

impl Node {
    /// What is due, and goes on waiting.
    pub async fn queued(&self) -> Vec<Job> {
        let mut tx = self.store().begin().await.expect("a transaction");
        let claimed = self.claim_all(&mut tx).await;
        claimed.into_iter().map(|(_, job)| job).collect()
    }

    /// What is due, taken out of the queue: nobody does it.
    pub async fn take_queued(&self) -> Vec<Job> {
        let mut tx = self.store().begin().await.expect("a transaction");
        let (ids, taken): (Vec<JobId>, Vec<Job>) = self.claim_all(&mut tx).await.into_iter().unzip();
        jobs::finish(&mut tx, &ids).await.expect("the store works");
        tx.commit().await.expect("a commit");
        taken
    }

    async fn claim_all(&self, tx: &mut Tx) -> Vec<(JobId, Job)> {
        let (now, mut found) = (self.app.now(), Vec::new());
        loop {
            let claimed = jobs::claim(tx, 0, Whose::Anybodys, now, now.plus_secs(60), BATCH).await;
            let claimed = claimed.expect("the store works");
            if claimed.is_empty() {
                return found;
            }
            found.extend(claimed.iter().map(|one| (one.id, one.job().expect("a job of this version"))));
        }
    }
}
