//! What somebody may still do who is suspended, by the staff here or by their own server: go, take back what is theirs,
//! and be shown again. Nothing else of them is taken.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{self, Context, Error, Outcome};
use crate::receive::{moderation, post};
use crate::resolve;
use alongside_store::posts;

/// Acts on what somebody did who is suspended.
pub async fn acts(context: &Context<'_>, activity: &Activity) -> Result<Outcome, Error> {
    let is_self = |object: &Reference| object.id().is_some_and(|id| id.as_str() == context.actor.uri);
    match &activity.action {
        Action::Update { object } if is_self(object) => act::updated(context, object).await,
        Action::Delete { object, .. } if is_self(object) || !is_of_another(context, object).await? => {
            post::deleted(context, &activity.action, object).await
        }
        // A community that was deleted is brought back.
        Action::Announce { .. } if is_return(context, &activity.action) => {
            let own = context.address()?;
            resolve::refresh(context.node, &own).await?;
            Ok(Outcome::Done)
        }
        Action::Undo { object, .. } if !moderation::is_measure(&activity.action) => {
            act::undo(context, object, false).await
        }
        _ => Ok(Outcome::Ignored("the actor is suspended")),
    }
}

/// Whether a community tells that its own deletion was taken back.
fn is_return(context: &Context<'_>, action: &Action) -> bool {
    let undone = action.embedded_activity().and_then(|inner| match &inner.action {
        Action::Undo { object, .. } => object.activity(),
        _ => None,
    });
    undone.is_some_and(|undone| {
        matches!(&undone.action, Action::Delete { object, .. }
            if object.id().is_some_and(|id| id.as_str() == context.actor.uri))
    })
}

async fn is_of_another(context: &Context<'_>, object: &Reference) -> Result<bool, Error> {
    let Some(id) = object.id() else { return Ok(false) };
    let known = posts::find_by_uri(&mut context.node.app().reader(), id.as_str()).await?;
    Ok(known.is_some_and(|post| post.author != context.actor.id))
}
