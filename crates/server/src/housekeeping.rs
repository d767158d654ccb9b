//! What is done once an hour: forgetting what nobody needs any more, and seeing whether lists are to be asked again.

use alongside_app::context::App;
use alongside_app::{copies, host_lists, media, sign_ups, strays};
use alongside_domain::id::MeasureId;
use alongside_store::engine::Tx;
use alongside_store::{
    activities, barriers, catch_ups, departures, erasures, error, gone, idempotency, inbox, measures, mutes,
    oauth, push_subscriptions, sent, sessions,
};
use std::error::Error;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_hours(1);
const DAY_SECS: i64 = 86_400;
/// What arrived is remembered this long, so that nothing that comes twice is done twice.
const ARRIVALS_SECS: i64 = 30 * DAY_SECS;
/// What this node told others is served at its address this long, but for what carries the words of a post:
/// that stays as long as the post.
const TOLD_SECS: i64 = 90 * DAY_SECS;
/// Who was named in a post is known for so long after it was deleted: those who were shown it hear that it is gone, and so do
/// their servers.
const NAMED_SECS: i64 = DAY_SECS;
/// Deletions this old are not looked through for names again.
const NAMED_SECS_MAX: i64 = 90 * DAY_SECS;
/// What other nodes answered to a deletion is kept this long for its author.
const RECEIPTS_SECS: i64 = 365 * DAY_SECS;
/// What moderators did is kept this long after it has ended.
const MEASURES_SECS: i64 = 3 * 365 * DAY_SECS;
/// Rows forgotten in one transaction: the writer is not kept from others for long.
const AT_ONCE: i64 = 1_000;

/// Tidies up at the start and every hour, until told to stop.
pub async fn run(app: App, stopping: CancellationToken) {
    let mut hours = interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(hours.tick()).await.is_some() {
        if let Err(error) = tidy(&app, &stopping).await {
            tracing::warn!(error = &error as &dyn Error, "housekeeping has to wait for the next hour");
        }
        if let Err(error) = host_lists::ask_again(&app).await {
            tracing::warn!(error = &error as &dyn Error, "the lists of hosts have to wait for the next hour");
        }
    }
}

/// Forgets everything that is over. Told to stop, it leaves the rest for the next start.
pub async fn tidy(app: &App, stopping: &CancellationToken) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    let over = forget_over(&mut tx, app).await?;
    tx.commit().await?;
    let (mut arrivals, mut told, mut uploads) = (0, 0, 0);
    while !stopping.is_cancelled() {
        let mut tx = app.store().begin().await?;
        let arrived = inbox::forget(&mut tx, app.now().plus_secs(-ARRIVALS_SECS), AT_ONCE).await?;
        let said = activities::forget(&mut tx, app.now().plus_secs(-TOLD_SECS), AT_ONCE).await?;
        let confirmed = erasures::forget(&mut tx, app.now().plus_secs(-RECEIPTS_SECS), AT_ONCE).await?;
        let long_ago: MeasureId = app.ids().at(app.now().plus_secs(-MEASURES_SECS));
        let measured = measures::forget(&mut tx, long_ago, app.now(), AT_ONCE).await?;
        let unreached = sent::sweep(&mut tx, AT_ONCE).await?;
        let (after, before) = (app.now().plus_secs(-NAMED_SECS_MAX), app.now().plus_secs(-NAMED_SECS));
        let named = gone::forget_names(&mut tx, after, before, AT_ONCE).await?;
        tx.commit().await?;
        if arrived + said + confirmed + measured + unreached + named == 0 {
            break;
        }
        arrivals += arrived;
        told += said;
    }
    while !stopping.is_cancelled() {
        let swept = media::sweep(app).await?;
        if swept == 0 {
            break;
        }
        uploads += swept;
    }
    copies::sweep(app).await?;
    while !stopping.is_cancelled() && strays::sweep(app).await? > 0 {}
    while !stopping.is_cancelled() && sign_ups::sweep(app).await? > 0 {}
    tracing::debug!(over, arrivals, told, uploads, "tidied up");
    Ok(())
}

/// Sign-ins, codes, request keys, mutes and blocks of networks that no longer hold.
async fn forget_over(tx: &mut Tx, app: &App) -> Result<u64, error::Error> {
    let now = app.now();
    Ok(sessions::sweep(tx, now).await?
        + oauth::sweep_codes(tx, now.plus_secs(-DAY_SECS)).await?
        + idempotency::sweep(tx, now.plus_secs(-DAY_SECS)).await?
        + catch_ups::sweep(tx, now.plus_secs(-DAY_SECS)).await?
        + mutes::sweep(tx, now).await?
        + push_subscriptions::sweep(tx).await?
        + barriers::sweep(tx, now).await?
        + departures::forget_keys(tx).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::account::Role;
    use alongside_domain::id::InboxId;
    use alongside_store::inbox::Arrival;
    use alongside_store::{accounts, members, people};
    use alongside_testkit::node::Node;

    alongside_testkit::both_engines! {
    async fn housekeeping_forgets_what_is_over_and_nothing_else(node: Node) {
            let (app, store) = (&node.app, node.store());
            let id = node.member_as("robin", Role::Member).await;
            let member = members::find(&mut app.reader(), id).await.unwrap().unwrap();
            let mut tx = store.begin().await.unwrap();
            for (token, ends_in_secs) in [("over", -1), ("open", 60)] {
                let ends_at = app.now().plus_secs(ends_in_secs);
                sessions::insert(&mut tx, token, member.account_id, "csrf", ends_at).await.unwrap();
            }
            for (number, days_ago) in [(1, 31), (2, 1)] {
                let arrival = Arrival {
                    id: InboxId::new(number),
                    uri: format!("https://a.example/{number}"),
                    actor_uri: "https://a.example/actor".to_owned(),
                    body: "{}".to_owned(),
                    received_at: app.now(),
                };
                inbox::insert(&mut tx, &arrival).await.unwrap();
                inbox::finish(&mut tx, arrival.id, "done", app.now().plus_secs(-days_ago * 86_400)).await.unwrap();
            }
            tx.commit().await.unwrap();
            let unconfirmed = node.member("wren").await;
            let unconfirmed = members::find(&mut app.reader(), unconfirmed).await.unwrap().unwrap().account_id;
            let mut tx = store.begin().await.unwrap();
            people::await_confirmation(&mut tx, unconfirmed, app.now()).await.unwrap();
            tx.commit().await.unwrap();
            tidy(app, &CancellationToken::new()).await.unwrap();
            assert!(accounts::find(&mut app.reader(), unconfirmed).await.unwrap().is_none());
            assert!(accounts::find(&mut app.reader(), member.account_id).await.unwrap().is_some());
            assert!(inbox::find(&mut app.reader(), InboxId::new(1)).await.unwrap().is_none());
            assert!(inbox::find(&mut app.reader(), InboxId::new(2)).await.unwrap().is_some());
            let mut tx = store.begin().await.unwrap();
            let a_year_on = app.now().plus_secs(365 * 86_400);
            assert_eq!(sessions::sweep(&mut tx, a_year_on).await.unwrap(), 1, "the open one was left");
        }
    }
}
