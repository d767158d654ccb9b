//! Taking in what another node sent: kept word for word, acted on later.

use crate::context::App;
use alongside_domain::fold;
use alongside_domain::id::InboxId;
use alongside_domain::job::Job;
use alongside_store::inbox::{self, Arrival};
use alongside_store::{error, jobs};

/// Keeps an activity whose signature was verified, and adds the work of acting on it. False if one of
/// the same address arrived before. Whatever one host sends is acted on in the order it came.
pub async fn accept(
    app: &App,
    uri: &str,
    actor_uri: &str,
    host: &str,
    body: String,
) -> Result<bool, error::Error> {
    let id: InboxId = app.next_id();
    let arrival =
        Arrival { id, uri: uri.to_owned(), actor_uri: actor_uri.to_owned(), body, received_at: app.now() };
    let mut tx = app.store().begin().await?;
    let is_new = inbox::insert(&mut tx, &arrival).await?;
    if is_new {
        let job = Job::Receive { inbox: id };
        jobs::push(&mut tx, app.next_id(), &job, &sequence(host), app.now()).await?;
    }
    tx.commit().await?;
    Ok(is_new)
}

/// Forgets that an actor did something, so that they may do it again under the same address.
pub async fn forget(app: &App, uri: &str, actor_uri: &str) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    inbox::forget_one(&mut tx, uri, actor_uri).await?;
    tx.commit().await
}

/// The sequence of what one host sends, and of what has to be done in its order.
pub(crate) fn sequence(host: &str) -> String {
    format!("{}{}", jobs::FROM_OTHERS, fold::host(host))
}

/// Writes down what became of an activity that arrived.
pub async fn finish(app: &App, id: InboxId, outcome: &str) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    inbox::finish(&mut tx, id, outcome, app.now()).await?;
    tx.commit().await
}
