//! Quotes (FEP-044f): somebody elsewhere asks to quote what was written here. Nobody may, and they are told so at once, so
//! that their software does not show them waiting.

use crate::documents::activity::Activity;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::confirm;
use alongside_app::quotes;
use alongside_store::{actors, posts};
use url::Url;

/// Somebody elsewhere asks to quote a post. Of what not everybody may read they hear nothing, as of what is not there.
pub async fn asked(
    context: &Context<'_>,
    request: &Activity,
    object: &Url,
    instrument: &Url,
) -> Result<Outcome, Error> {
    if !confirm::is_on_host_of(&context.actor, instrument) {
        return Err(Error::Never("somebody else's post"));
    }
    let Some(id) = &request.id else { return Err(Error::Never("a question without an address")) };
    let mut reader = context.node.app().reader();
    let found = posts::find_by_uri(&mut reader, object.as_str()).await?;
    let Some(post) = found.filter(|post| post.local && post.is_present() && post.visibility.is_open()) else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    if !actors::find(&mut reader, post.author).await?.is_some_and(|author| author.is_present()) {
        return Ok(Outcome::Ignored("its author is gone"));
    }
    quotes::refuse(context.node.app(), context.actor.id, &post, id.as_str(), instrument.as_str()).await?;
    Ok(Outcome::Done)
}
