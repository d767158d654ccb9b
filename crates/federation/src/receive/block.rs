//! Somebody elsewhere blocks somebody here: neither follows the other any more. `GoToSocial` tells of the follows that
//! end by it in no other way, so that a member would go on waiting for what is sent to them no longer.
//!
//! Nothing else comes of it. Whom others keep away from is theirs; were it kept here, whoever blocks those who look
//! after a community would be hidden from them.

use crate::receive::act::{Context, Error, Outcome};
use crate::receive::follow;
use alongside_app::follows;
use url::Url;

/// Somebody blocks a member, or a community of ours, which they leave by it.
pub async fn begun(context: &Context<'_>, object: &Url) -> Result<Outcome, Error> {
    let Some(target) = follow::who_lives_here(context, object).await? else {
        return Ok(Outcome::Ignored("blocks of others are theirs"));
    };
    follows::part(context.node.app(), context.actor.id, target.id).await?;
    Ok(Outcome::Done)
}
