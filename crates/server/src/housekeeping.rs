//! Forgetting, once an hour, what nobody needs any more.

use alongside_app::context::App;
use alongside_app::media;
use alongside_store::engine::Tx;
use alongside_store::{error, idempotency, inbox, mutes, oauth, sessions};
use std::error::Error;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_hours(1);
const DAY_SECS: i64 = 86_400;
/// What arrived is remembered this long, so that nothing that comes twice is done twice.
const ARRIVALS_SECS: i64 = 30 * DAY_SECS;
/// Arrivals forgotten in one transaction: the writer is not kept from others for long.
const ARRIVALS_AT_ONCE: i64 = 1_000;

/// Tidies up at the start and every hour, until told to stop.
pub async fn run(app: App, stopping: CancellationToken) {
    let mut hours = interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(hours.tick()).await.is_some() {
        if let Err(error) = tidy(&app).await {
            tracing::warn!(error = &error as &dyn Error, "housekeeping has to wait for the next hour");
        }
    }
}

/// Forgets everything that is over.
pub async fn tidy(app: &App) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    let over = forget_over(&mut tx, app).await?;
    tx.commit().await?;
    let (mut arrivals, mut uploads) = (0, 0);
    loop {
        let mut tx = app.store().begin().await?;
        let before = app.now().plus_secs(-ARRIVALS_SECS);
        let forgotten = inbox::forget(&mut tx, before, ARRIVALS_AT_ONCE).await?;
        tx.commit().await?;
        if forgotten == 0 {
            break;
        }
        arrivals += forgotten;
    }
    loop {
        let swept = media::sweep(app).await?;
        if swept == 0 {
            break;
        }
        uploads += swept;
    }
    tracing::debug!(over, arrivals, uploads, "tidied up");
    Ok(())
}

/// Sign-ins, codes, request keys and mutes that no longer hold.
async fn forget_over(tx: &mut Tx, app: &App) -> Result<u64, error::Error> {
    let now = app.now();
    Ok(sessions::sweep(tx, now).await?
        + oauth::sweep_codes(tx, now.plus_secs(-DAY_SECS)).await?
        + idempotency::sweep(tx, now.plus_secs(-DAY_SECS)).await?
        + mutes::sweep(tx, now).await?)
}
