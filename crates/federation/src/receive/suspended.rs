//! What somebody may still do who is suspended, by the staff here or by their own server: go, take back what is theirs,
//! and be shown again. Nothing else of them is taken.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{self, Context, Error, Outcome};
use crate::receive::{moderation, post};
use alongside_store::posts;

/// Acts on what somebody did who is suspended.
pub async fn acts(context: &Context<'_>, activity: &Activity) -> Result<Outcome, Error> {
    let is_self = |object: &Reference| object.id().is_some_and(|id| id.as_str() == context.actor.uri);
    match &activity.action {
        Action::Update { object } if is_self(object) => act::updated(context, object).await,
        Action::Delete { object, .. } if is_self(object) || !is_of_another(context, object).await? => {
            post::deleted(context, &activity.action, object).await
        }
        Action::Undo { object } if !moderation::is_measure(&activity.action) => {
            act::undo(context, object).await
        }
        _ => Ok(Outcome::Ignored("the actor is suspended")),
    }
}

async fn is_of_another(context: &Context<'_>, object: &Reference) -> Result<bool, Error> {
    let Some(id) = object.id() else { return Ok(false) };
    let known = posts::find_by_uri(&mut context.node.app().reader(), id.as_str()).await?;
    Ok(known.is_some_and(|post| post.author != context.actor.id))
}
