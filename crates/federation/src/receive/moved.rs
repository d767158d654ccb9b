//! Somebody elsewhere says that they have moved. Nobody is believed about it: both addresses are read again at their
//! origins, and each must name the other.

use crate::documents::actor::Actor as Document;
use crate::documents::{self, Document as AnyDocument};
use crate::node::Federation;
use crate::receive::act::{Context, Error, Outcome};
use crate::resolve;
use alongside_app::moving;
use alongside_domain::actor::Actor;
use alongside_store::{follows, moves};
use url::Url;

/// Leads those who follow the one here to the other.
pub async fn away(context: &Context<'_>, object: &Url, target: &Url) -> Result<Outcome, Error> {
    let (node, actor) = (context.node, &context.actor);
    if object.as_str() != actor.uri || object == target {
        return Err(Error::Never("somebody else's move"));
    }
    if !follows::is_followed_here(&mut node.app().reader(), actor.id).await? {
        return Ok(Outcome::Ignored("it concerns nobody here"));
    }
    let before = read(node, object).await?;
    if before.moved_to.as_ref() != Some(target) {
        return Err(Error::Never("the origin does not confirm it"));
    }
    let now = resolve::actor(node, target).await?;
    if now.is_community() != actor.is_community() || !now.is_present() {
        return Err(Error::Never("another kind of actor"));
    }
    if !names(node, &now, &actor.uri).await? {
        return Err(Error::Never("the other does not name the one who moved"));
    }
    match moving::arrived(node.app(), actor.id, &now).await {
        Ok(Some(_)) => Ok(Outcome::Done),
        Ok(None) => Ok(Outcome::Ignored("moved lately")),
        Err(moving::Error::Store(error)) => Err(error.into()),
        Err(_) => Err(Error::Never("refused")),
    }
}

/// Whether an actor says that another address is theirs too: here as its member said, elsewhere as its origin says now.
pub async fn names(node: &Federation, actor: &Actor, other: &str) -> Result<bool, Error> {
    if actor.is_local() {
        let aliases = moves::aliases(&mut node.app().reader(), actor.id).await?;
        return Ok(aliases.iter().any(|alias| alias == other));
    }
    let uri = Url::parse(&actor.uri).map_err(|_| Error::Never("the actor has no address"))?;
    Ok(read(node, &uri).await?.also_known_as.iter().any(|alias| alias.as_str() == other))
}

async fn read(node: &Federation, uri: &Url) -> Result<Document, Error> {
    let fetched = node.read(uri).await?;
    match documents::read(&fetched.json) {
        Ok(AnyDocument::Actor(actor)) => Ok(*actor),
        Ok(_) | Err(_) => Err(Error::Never("not an actor")),
    }
}
