//! What a host says that it could not act on. `NodeBB` gives no answer to such a delivery and sends a `Reject` instead: it is the
//! answer. Once it has come for a second try too, there is no third.

use crate::documents::activity::NotTaken;
use crate::receive::act::{Context, Error, Outcome};
use alongside_domain::id::DeliveryId;
use alongside_store::deliveries::{self, Tried};
use serde_json::Value;

/// Deliveries to one host that are looked through.
const WAITING_MAX: i64 = 200;

/// Ends the deliveries that are meant: those of this host that it has failed before.
pub async fn heard(context: &Context<'_>, refused: &NotTaken) -> Result<Outcome, Error> {
    let app = context.node.app();
    let mut tx = app.store().begin().await?;
    let tried = deliveries::tried(&mut tx, &context.actor.server(), WAITING_MAX).await?;
    let meant: Vec<DeliveryId> =
        tried.iter().filter(|tried| is_meant(tried, refused)).map(|tried| tried.id).collect();
    let ended = deliveries::finish(&mut tx, &meant).await?;
    tx.commit().await?;
    Ok(if ended.is_empty() { Outcome::Ignored("nothing that is tried again") } else { Outcome::Done })
}

fn is_meant(tried: &Tried, refused: &NotTaken) -> bool {
    let Ok(sent) = serde_json::from_str::<Value>(&tried.body) else { return false };
    let about = sent["object"].as_str().or_else(|| sent["object"]["id"].as_str());
    sent["type"] == refused.kind.as_str()
        && sent["actor"] == refused.actor.as_str()
        && about == Some(refused.object.as_str())
}
