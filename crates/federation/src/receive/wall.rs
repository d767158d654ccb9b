//! What a community elsewhere hangs on its wall and takes off it (FEP-400e): its software has no other way to say that
//! something was written in it.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::moderation::Way;
use crate::receive::{announce, moderation};
use alongside_domain::id::CommunityId;
use alongside_store::walls;
use url::Url;

/// Whether a list is a wall of who acts, the only one who can change it.
pub async fn is_own(context: &Context<'_>, list: &Url) -> Result<bool, Error> {
    let known = walls::find(&mut context.node.app().reader(), list.as_str()).await?;
    Ok(known.is_some_and(|wall| wall.community_id == CommunityId::of(context.actor.id)))
}

/// Something is on the wall now: the community shares it.
pub async fn added(context: &Context<'_>, add: &Activity, object: &Reference) -> Result<Outcome, Error> {
    announce::shared(context, add, std::slice::from_ref(object)).await
}

/// Something is no longer on the wall: the community has removed it.
pub async fn removed(context: &Context<'_>, object: &Reference) -> Result<Outcome, Error> {
    let removal = Action::Delete { object: object.clone(), reason: None };
    moderation::arrived(context, &removal, Way::Done).await
}
