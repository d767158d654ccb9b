//! How we read at others' doors: a few requests at a time, none before the time a host asked us to wait for has
//! passed, and for what was read before only whether it has changed. All in memory: it is about this moment.

use crate::fetch::Fetched;
use crate::fetch::marks::Validators;
use alongside_domain::clock::Timestamp;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// Documents read of one host at the same time.
const AT_ONCE_PER_HOST: usize = 3;
/// Hosts remembered at once; past that, those of whom nothing is to be remembered are forgotten.
const HOSTS_MAX: usize = 10_000;
/// The longest a host can keep us from reading.
const QUIET_SECS_MAX: i64 = 3_600;
/// Bytes of documents kept to be asked for again; past that, all are forgotten.
const KEPT_BYTES_MAX: usize = 16 * 1_048_576;
/// Bytes of one document that is kept.
const DOCUMENT_BYTES_MAX: usize = 131_072;

/// What is remembered of those we read from.
#[derive(Debug, Default)]
pub struct Politeness {
    hosts: Mutex<HashMap<String, Host>>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Host {
    turns: Arc<Semaphore>,
    quiet_until: Timestamp,
}

#[derive(Debug, Default)]
struct Kept {
    bytes: usize,
    documents: HashMap<Url, Known>,
}

/// A document as it was when it was last read.
#[derive(Debug, Clone)]
pub struct Known {
    validators: Validators,
    body: Bytes,
}

/// The host has asked not to be asked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the host asked us to wait")]
pub struct Quiet;

impl Politeness {
    /// Waits for a turn to read from a host. The turn ends when what this gives is dropped.
    pub async fn turn(&self, host: &str, now: Timestamp) -> Result<OwnedSemaphorePermit, Quiet> {
        let turns = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            if hosts.len() >= HOSTS_MAX && !hosts.contains_key(host) {
                hosts.retain(|_, host| Arc::strong_count(&host.turns) > 1 || host.quiet_until > now);
                if hosts.len() >= HOSTS_MAX {
                    return Err(Quiet);
                }
            }
            let host = hosts.entry(host.to_owned()).or_insert_with(|| Host {
                turns: Arc::new(Semaphore::new(AT_ONCE_PER_HOST)),
                quiet_until: Timestamp::default(),
            });
            if host.quiet_until > now {
                return Err(Quiet);
            }
            Arc::clone(&host.turns)
        };
        // It is never closed.
        turns.acquire_owned().await.map_err(|_| Quiet)
    }

    /// Leaves a host alone for as long as it asks for.
    pub fn hush(&self, host: &str, wait: Duration, now: Timestamp) {
        let secs = i64::try_from(wait.as_secs()).unwrap_or(QUIET_SECS_MAX).min(QUIET_SECS_MAX);
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get_mut(host) {
            host.quiet_until = host.quiet_until.max(now.plus_secs(secs));
        }
    }

    /// A document as it was when it was last read, if it is kept.
    pub fn known(&self, url: &Url) -> Option<Known> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.documents.get(url).cloned()
    }

    /// Keeps a document that its server can tell the changes of.
    pub fn keep(&self, fetched: &Fetched) {
        let size = fetched.body.len() + fetched.url.as_str().len();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = kept.documents.remove(&fetched.url) {
            kept.bytes -= before.body.len() + fetched.url.as_str().len();
        }
        if size > DOCUMENT_BYTES_MAX || fetched.validators.is_empty() {
            return;
        }
        if kept.bytes + size > KEPT_BYTES_MAX {
            *kept = Kept::default();
        }
        kept.bytes += size;
        let known = Known { validators: fetched.validators.clone(), body: fetched.body.clone() };
        kept.documents.insert(fetched.url.clone(), known);
    }
}

impl Known {
    /// The headers that ask for it only if it has changed.
    pub fn conditions(&self) -> HeaderMap {
        let Validators { etag, last_modified } = &self.validators;
        let headers = [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)];
        headers.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
    }

    /// The document, unchanged.
    pub fn again(self, url: Url) -> Option<Fetched> {
        let json = serde_json::from_slice(&self.body).ok()?;
        Some(Fetched { url, body: self.body, json, validators: self.validators })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn now() -> Timestamp {
        Timestamp::from_secs(1_700_000_000)
    }

    fn fetched(url: &str, bytes: usize) -> Fetched {
        Fetched {
            url: Url::parse(url).unwrap(),
            body: Bytes::from(format!("\"{}\"", "x".repeat(bytes))),
            json: serde_json::Value::Null,
            validators: Validators { etag: Some(HeaderValue::from_static("\"1\"")), last_modified: None },
        }
    }

    #[tokio::test]
    async fn a_host_gives_so_many_turns_at_once_and_others_do_not_wait_for_it() {
        let politeness = Politeness::default();
        let mut held = Vec::new();
        for _ in 0..AT_ONCE_PER_HOST {
            held.push(politeness.turn("a", now()).await.unwrap());
        }
        let mut next = Box::pin(politeness.turn("a", now()));
        assert!(futures_util::poll!(&mut next).is_pending(), "one too many waits");
        drop(politeness.turn("b", now()).await.unwrap());
        held.pop();
        drop(next.await.unwrap());
    }

    #[tokio::test]
    async fn a_host_that_asks_for_quiet_gets_it_for_a_while() {
        let politeness = Politeness::default();
        drop(politeness.turn("a", now()).await.unwrap());
        politeness.hush("a", Duration::from_mins(2), now());
        politeness.hush("a", Duration::from_secs(1), now());
        assert_eq!(politeness.turn("a", now().plus_secs(119)).await.err(), Some(Quiet));
        drop(politeness.turn("a", now().plus_secs(120)).await.unwrap());
        politeness.hush("a", Duration::from_hours(24), now());
        assert!(politeness.turn("a", now().plus_secs(QUIET_SECS_MAX - 1)).await.is_err());
        drop(politeness.turn("a", now().plus_secs(QUIET_SECS_MAX)).await.unwrap());
    }

    #[tokio::test]
    async fn no_more_hosts_are_remembered_than_fit() {
        let politeness = Politeness::default();
        for number in 0..=HOSTS_MAX {
            drop(politeness.turn(&format!("{number}"), now()).await.unwrap());
        }
        assert!(politeness.hosts.lock().unwrap().len() <= HOSTS_MAX);
    }

    #[test]
    fn what_is_kept_is_asked_for_again_by_its_mark_and_is_bounded() {
        let politeness = Politeness::default();
        let one = fetched("https://a.example/1", 10);
        politeness.keep(&one);
        let known = politeness.known(&one.url).unwrap();
        assert_eq!(known.conditions()[IF_NONE_MATCH], "\"1\"");
        assert_eq!(known.again(one.url.clone()).unwrap().json, "x".repeat(10));
        politeness.keep(&Fetched { validators: Validators::default(), ..one.clone() });
        assert!(politeness.known(&one.url).is_none(), "its server tells no changes of it any more");
        for number in 0..200 {
            politeness.keep(&fetched(&format!("https://a.example/{number}"), DOCUMENT_BYTES_MAX - 100));
            assert!(politeness.kept.lock().unwrap().bytes <= KEPT_BYTES_MAX);
        }
        politeness.keep(&fetched("https://a.example/huge", DOCUMENT_BYTES_MAX));
        assert!(politeness.known(&Url::parse("https://a.example/huge").unwrap()).is_none());
    }
}
