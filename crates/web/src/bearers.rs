//! Tokens as they were looked up, remembered for a moment: they come with every request and change seldom.
//!
//! One is looked up again after any commit of which everything may be made ([`Changes`]), and each that takes a token
//! back, or shuts its member out, is such a commit. What a command beside the server writes shows a second later.

use crate::generations::Generations;
use alongside_app::context::App;
use alongside_app::oauth;
use alongside_domain::clock::Timestamp;
use alongside_store::error::Error;
use alongside_store::oauth::Bearer;
use alongside_store::touched::Changes;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes kept in all.
const BYTES_MAX: usize = 4 * 1_048_576;
/// What one takes, nearly.
const BYTES_EACH: usize = 512;
/// How long one is remembered.
const MILLIS_MAX: i64 = 1_000;

/// The tokens that were good when they were last looked up, by their fingerprints.
#[derive(Debug)]
pub(crate) struct Bearers(Mutex<Generations<String, Known>>);

#[derive(Debug)]
struct Known {
    at: Timestamp,
    /// The commits after which it was looked up.
    commits: u64,
    bearer: Arc<Bearer>,
}

impl Default for Bearers {
    fn default() -> Self {
        Self(Mutex::new(Generations::new(BYTES_MAX)))
    }
}

impl Bearers {
    /// Whom a token speaks for, if it is good.
    pub(crate) async fn find(&self, app: &App, token: &str) -> Result<Option<Arc<Bearer>>, Error> {
        let fingerprint = oauth::fingerprint(token);
        let (at, changes) = (app.now(), app.store().changes());
        let commits = changes.now();
        if let Some(bearer) = self.known(&fingerprint, changes, at) {
            return Ok(Some(bearer));
        }
        // What nobody knows is not remembered: there is no end of it.
        let Some(bearer) = oauth::bearer_of(app, &fingerprint).await?.map(Arc::new) else { return Ok(None) };
        let known = Known { at, commits, bearer: Arc::clone(&bearer) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(fingerprint, BYTES_EACH, known);
        Ok(Some(bearer))
    }

    fn known(&self, fingerprint: &String, changes: &Changes, now: Timestamp) -> Option<Arc<Bearer>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get(fingerprint)?;
        let holds = now < known.at.plus_millis(MILLIS_MAX) && changes.none_since(known.commits, &[]);
        holds.then(|| Arc::clone(&known.bearer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_store::oauth as tokens;
    use alongside_testkit::both_engines;
    use serde_json::json;

    both_engines! {
        async fn a_token_is_looked_up_once_in_a_second_and_again_after_what_may_end_it(store: Store) {
            let door = Door::new(store);
            let (sam, bearers, app) = (door.persona("sam").await, Bearers::default(), &door.node.app);
            let looked_up = async || {
                let before = app.store().statements();
                let found = bearers.find(app, &sam.token).await.unwrap();
                (found.and_then(|bearer| bearer.member_id), app.store().statements() - before)
            };
            let writes = async || door.post("/api/v1/statuses", &sam.token, &json!({ "status": "good night" })).await.ok();
            // With its first post a node makes the key for pictures, which changes everything once.
            writes().await;
            assert_eq!(looked_up().await, (Some(sam.member), 1));
            assert_eq!(looked_up().await, (Some(sam.member), 0));
            writes().await;
            assert_eq!(looked_up().await, (Some(sam.member), 0), "whoever writes ends nobody's token");
            door.node.clock.advance_secs(1);
            assert_eq!(looked_up().await, (Some(sam.member), 1));
            assert_eq!(bearers.find(app, "made up").await.unwrap().map(|bearer| bearer.id), None);

            let mut tx = app.store().begin().await.unwrap();
            let client = bearers.find(app, &sam.token).await.unwrap().unwrap().app_id;
            tokens::revoke(&mut tx, &oauth::fingerprint(&sam.token), client, app.now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(looked_up().await.0, None, "at once");
        }
    }
}
