//! What another node tells a community of ours, because it reached only one of its members. Everything is
//! read again at its origin, so it does not matter who tells us.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::confirm;
use crate::receive::take::{self, Reason};
use crate::resolve;
use alongside_app::posts;
use url::Url;

/// Acts on an activity that somebody else tells of.
pub async fn told(context: &Context<'_>, inner: &Activity) -> Result<Outcome, Error> {
    match &inner.action {
        Action::Create { objects } => {
            let mut outcome = Outcome::Ignored("it concerns nobody here");
            for id in objects.iter().filter_map(Reference::id) {
                if written(context, id).await? == Outcome::Done {
                    outcome = Outcome::Done;
                }
            }
            Ok(outcome)
        }
        Action::Update { object } if object.post().is_some() => {
            let id = object.id().ok_or(Error::Never("a post without an address"))?;
            written(context, id).await
        }
        Action::Delete { object, .. } => deleted(context, inner, object).await,
        Action::Like { .. } | Action::EmojiReact { .. } | Action::Undo { .. } => {
            confirm::as_its_actor(context, inner, context.via).await
        }
        _ => Ok(Outcome::Ignored("nothing to do for what was passed on")),
    }
}

async fn written(context: &Context<'_>, id: &Url) -> Result<Outcome, Error> {
    let document = take::read(context.node, id).await?;
    let author = resolve::actor(context.node, &document.author).await?;
    if author.is_local() || !author.is_present() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    let taken = take::take(context.node, &document, &author, Reason::Concerned, context.via).await?;
    Ok(taken.map_or(Outcome::Ignored("it concerns nobody here"), |_| Outcome::Done))
}

/// A post is said to be gone. Only its own origin can say so, only of what anybody could read, and never
/// of what was written here.
async fn deleted(context: &Context<'_>, inner: &Activity, object: &Reference) -> Result<Outcome, Error> {
    let app = context.node.app();
    let id = object.id().ok_or(Error::Never("nothing to delete"))?;
    let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    let author = resolve::actor(context.node, &inner.actor).await?;
    if author.is_local() || author.id != post.author {
        return Err(Error::Never("somebody else's post"));
    }
    if !confirm::is_gone(context.node, &post).await? {
        return Err(Error::Never("the origin does not confirm it"));
    }
    posts::delete(app, author.id, post.id, context.via).await?;
    Ok(Outcome::Done)
}
