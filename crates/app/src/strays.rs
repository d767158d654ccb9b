//! Files that no row refers to: not yet, or no more.
//!
//! A file is written before the row that refers to it, and removed when that is gone. A process may be killed in between,
//! so its name is written down before it is written, and again in the transaction after which nothing refers to it. What
//! was left lying is removed by these names: no folder or bucket is looked through, where more may lie than ours.

use crate::context::App;
use alongside_store::engine::Tx;
use alongside_store::{error, stray_files};
use std::error::Error;

/// How long after it is expected a file has to be kept.
const EXPECTED_SECS: i64 = 86_400;
/// When it is tried again to remove what could not be removed.
const AGAIN_SECS: i64 = 3_600;
/// Files that are removed at once.
const AT_ONCE: i64 = 200;

/// To be called before files of these names are written.
pub(crate) async fn expect(app: &App, names: &[String]) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    stray_files::expect(&mut tx, names, app.now().plus_secs(EXPECTED_SECS)).await?;
    tx.commit().await
}

/// To be called in the transaction that writes what refers to these files. It fails where they were given up meanwhile.
pub(crate) async fn keep(tx: &mut Tx, names: &[String]) -> Result<(), error::Error> {
    let kept = stray_files::keep(tx, names).await?;
    if usize::try_from(kept) == Ok(names.len()) {
        Ok(())
    } else {
        Err(error::Error::Unavailable("it took too long to write a file".into()))
    }
}

/// To be called in the transaction after which nothing refers to these files. Once it is committed, they are to be
/// [removed](remove).
pub(crate) async fn let_go(tx: &mut Tx, app: &App, names: &[String]) -> Result<(), error::Error> {
    stray_files::let_go(tx, names, app.now()).await
}

/// Removes files that were let go of, or expected and not kept. What cannot be removed now is removed later.
pub(crate) async fn remove(app: &App, names: Vec<String>) {
    let gone = app.files().remove(names).await;
    if gone.is_empty() {
        return;
    }
    let forgotten = async {
        let mut tx = app.store().asynchronous().begin().await?;
        stray_files::forget(&mut tx, &gone).await?;
        tx.commit().await
    };
    if let Err(error) = forgotten.await {
        tracing::debug!(error = &error as &dyn Error, "files that are removed will be removed once more");
    }
}

/// Removes what was left lying; says how many files that were. To be called from time to time.
pub async fn sweep(app: &App) -> Result<usize, error::Error> {
    let (now, later) = (app.now(), app.now().plus_secs(AGAIN_SECS));
    let mut tx = app.store().begin().await?;
    let left = stray_files::claim(&mut tx, now, later, AT_ONCE).await?;
    tx.commit().await?;
    let swept = left.len();
    remove(app, left).await;
    Ok(swept)
}
