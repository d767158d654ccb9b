//! Hashing and checking passwords with Argon2id. Each takes memory and a good part of a second on
//! purpose, so they run beside the async workers, few at a time, and never inside a transaction.

use crate::context::App;
use alongside_domain::account::Password;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// How many are hashed at once: each needs 19 MiB.
const AT_ONCE_MAX: usize = 4;
static SLOTS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE_MAX)));

/// The hash of no password, with the cost of every other: what an unknown address is checked against.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The node is shutting down and hashes nothing any more.
#[derive(Debug, thiserror::Error)]
#[error("the node is shutting down")]
pub struct Stopped;

/// What is kept of a password.
pub(crate) async fn hash(app: &App, password: &Password) -> Result<String, Stopped> {
    let salt = SaltString::encode_b64(&app.random::<16>()).expect("sixteen bytes are a salt");
    let password = password.reveal().to_owned();
    beside(move || {
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        hash.expect("a password of limited length can be hashed").to_string()
    })
    .await
}

/// Whether a password is the one whose hash was kept. Where none was kept it takes as long to say no.
pub(crate) async fn is_right(password: &str, kept: Option<String>) -> Result<bool, Stopped> {
    let password = password.to_owned();
    beside(move || {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&kept)
            .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok());
        fits && known
    })
    .await
}

/// Works beside the async workers. The work keeps its place until it is done: whoever asked may go
/// away before.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stopped> {
    let slot = Arc::clone(&SLOTS).acquire_owned().await.map_err(|_| Stopped)?;
    let work = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        work()
    });
    work.await.map_err(|_| Stopped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_keeps_its_place_when_whoever_asked_has_gone() {
        let all = u32::try_from(AT_ONCE_MAX).unwrap();
        let (started, was_started) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let asked = tokio::spawn(beside(move || {
            started.send(()).unwrap();
            may_finish.recv()
        }));
        was_started.await.unwrap();
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        assert!(SLOTS.try_acquire_many(all).is_err(), "the work goes on");
        finish.send(()).unwrap();
        assert!(SLOTS.acquire_many(all).await.is_ok());
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_as_much_as_any_other_and_fits_nothing() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let hash = Argon2::default().hash_password(b"correct horse", &salt).unwrap();
        assert_eq!(
            (nobody.algorithm, nobody.version, &nobody.params),
            (hash.algorithm, hash.version, &hash.params)
        );
        assert!(is_right("correct horse", Some(hash.to_string())).await.unwrap());
        assert!(!is_right("wrong horse", Some(hash.to_string())).await.unwrap());
        assert!(!is_right("correct horse", None).await.unwrap());
    }
}
