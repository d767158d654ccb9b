//! What a community elsewhere hangs on its wall, takes off it, and does not want there (FEP-400e): its software has no other
//! way to say that something was written in it.

use crate::build::publish;
use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::moderation::Way;
use crate::receive::{announce, moderation};
use alongside_domain::id::CommunityId;
use alongside_domain::place::{Place, Places};
use alongside_store::walls;
use url::Url;

/// What the author is told, where nobody says why.
const REFUSED: &str = "The community did not take this post";

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

/// A community does not take what a member here wrote for it: as if it had removed it, and its author learns of it.
pub async fn refused(context: &Context<'_>, object: &Reference) -> Result<Outcome, Error> {
    let places = context.node.app().places();
    let Some(post) = refused_post(places, object).filter(|post| places.is_here(post.as_str())) else {
        return Ok(Outcome::Ignored("nothing of ours that could be refused"));
    };
    if !context.actor.is_community() {
        return Err(Error::Never("not a post of that community"));
    }
    let removal = Action::Delete { object: Reference::Id(post), reason: Some(REFUSED.to_owned()) };
    moderation::arrived(context, &removal, Way::Done).await
}

/// The post that is meant. Some name it itself, and others what published it, or what would have hung it up.
fn refused_post(places: &Places, object: &Reference) -> Option<Url> {
    let named = match object.activity().map(|activity| &activity.action) {
        Some(Action::Create { objects }) => objects.first()?,
        Some(Action::Add { object, .. }) => object,
        Some(_) => return None,
        None => object,
    };
    let id = named.id()?;
    match places.read(id.as_str()) {
        Some(Place::Activity(name)) => Url::parse(&places.of(Place::Post(publish::created(name)?))).ok(),
        Some(_) | None => Some(id.clone()),
    }
}
