//! What a host says that it could not act on. `NodeBB` gives no answer to such a delivery and sends a `Reject` instead: it is the
//! answer, and as final as any other that refuses. It has one address for all that it says of one thing, so it is heard once.

use crate::documents::activity::NotTaken;
use crate::receive::act::{Context, Error, Outcome};
use alongside_domain::id::DeliveryId;
use alongside_store::deliveries::{self, OnItsWay};
use serde_json::Value;

/// Deliveries to one host that are looked through.
const WAITING_MAX: i64 = 200;

/// Ends the deliveries to this host that are meant.
pub async fn heard(context: &Context<'_>, refused: &NotTaken) -> Result<Outcome, Error> {
    let app = context.node.app();
    let mut tx = app.store().begin().await?;
    let on_their_way = deliveries::on_their_way(&mut tx, &context.actor.server(), WAITING_MAX).await?;
    let meant: Vec<DeliveryId> =
        on_their_way.iter().filter(|one| is_meant(one, refused)).map(|one| one.id).collect();
    let ended = deliveries::finish(&mut tx, &meant).await?;
    tx.commit().await?;
    Ok(if ended.is_empty() { Outcome::Ignored("nothing that is on its way") } else { Outcome::Done })
}

fn is_meant(one: &OnItsWay, refused: &NotTaken) -> bool {
    let Ok(sent) = serde_json::from_str::<Value>(&one.body) else { return false };
    let about = sent["object"].as_str().or_else(|| sent["object"]["id"].as_str());
    sent["type"] == refused.kind.as_str()
        && sent["actor"] == refused.actor.as_str()
        && about == Some(refused.object.as_str())
}
