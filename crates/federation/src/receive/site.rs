//! Whoever runs a server elsewhere sends somebody out of the whole of it, as the Lemmy family does: a `Block` whose `target` is
//! the server itself. It comes from somebody on that server, tells of nobody else's communities, and is passed on by none.

use crate::documents::activity::Action;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::{confirm, moderation};
use crate::software::{self, Ear};
use alongside_app::moderation::sites::{self, Sentence};
use alongside_domain::actor::Actor;
use alongside_store::{actors, hosts};
use url::Url;

/// Whether an address is that of the server on which who acts lives, the only one they could speak for. A community speaks
/// for itself alone.
pub fn is_own(context: &Context<'_>, target: &Url) -> bool {
    let is_root = target.path() == "/" && target.query().is_none() && target.fragment().is_none();
    is_root && !context.actor.is_community() && confirm::is_on_host_of(&context.actor, target)
}

/// Somebody was sent out of the server of who acts: those who run it alone can do that. Where it is known to run what has
/// people and no communities, it is somebody who had it sent what it would not say itself.
pub async fn sent_out(context: &Context<'_>, block: &Action) -> Result<Outcome, Error> {
    let Action::Block { object, ends, removes_posts, reason, .. } = block else {
        return Err(Error::Never("not a block"));
    };
    let host = hosts::find(&mut context.node.app().reader(), &context.actor.host).await?;
    if software::ear(host.and_then(|host| host.software).as_deref()) == Ear::Boosts {
        return Err(Error::Never("its software has no such thing"));
    }
    let Some(whom) = known(context, object).await? else {
        return Ok(Outcome::Ignored("nobody known here"));
    };
    let reason = moderation::cut(reason.as_deref());
    let sentence = Sentence {
        until: moderation::end_of_ban(context.node, *ends),
        removes_posts: *removes_posts,
        reason: &reason,
    };
    Ok(outcome(sites::send_out(context.node.app(), &context.actor, whom.id, sentence).await?))
}

/// Somebody may come back to it.
pub async fn let_back(context: &Context<'_>, object: &Url, restores_posts: bool) -> Result<Outcome, Error> {
    let Some(whom) = known(context, object).await? else {
        return Ok(Outcome::Ignored("nobody known here"));
    };
    Ok(outcome(sites::let_back(context.node.app(), &context.actor, whom.id, restores_posts).await?))
}

async fn known(context: &Context<'_>, uri: &Url) -> Result<Option<Actor>, Error> {
    Ok(actors::find_by_uri(&mut context.node.app().reader(), uri.as_str()).await?)
}

const fn outcome(changed: bool) -> Outcome {
    if changed { Outcome::Done } else { Outcome::Ignored("it was so before") }
}

#[cfg(test)]
mod tests;
