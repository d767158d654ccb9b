//! Follows from elsewhere, and the answers to ours.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use alongside_app::follows::{self, Wishes};
use alongside_domain::actor::Actor;
use alongside_domain::place::Place;
use alongside_store::actors;
use alongside_store::follows::Follow;
use url::Url;

/// Somebody elsewhere asks to follow a member, or to join a community.
pub async fn asked(context: &Context<'_>, activity: &Activity, object: &Url) -> Result<Outcome, Error> {
    let app = context.node.app();
    let Some(target) = who_lives_here(context, object).await? else {
        return Ok(Outcome::Ignored("nobody here of that name"));
    };
    let uri = activity.id.as_ref().map(Url::to_string);
    match follows::follow(app, context.actor.id, target.id, Wishes::default(), uri.clone()).await {
        Ok(_) => Ok(Outcome::Done),
        Err(follows::Error::Refused(_)) => {
            follows::refuse(app, context.actor.id, target.id, uri.unwrap_or_default()).await?;
            Ok(Outcome::Done)
        }
        Err(error) => Err(error.into()),
    }
}

/// Somebody elsewhere unfollows a member, or leaves a community.
pub async fn ended(context: &Context<'_>, object: &Url) -> Result<Outcome, Error> {
    let Some(target) = who_lives_here(context, object).await? else {
        return Ok(Outcome::Ignored("nobody here of that name"));
    };
    follows::unfollow(context.node.app(), context.actor.id, target.id).await?;
    Ok(Outcome::Done)
}

/// As [`ended`], for software that names only the Follow; false if there is none.
pub async fn ended_by_id(context: &Context<'_>, id: &Url) -> Result<bool, Error> {
    let mut reader = context.node.app().reader();
    let found = alongside_store::follows::find_by_uri(&mut reader, id.as_str()).await?;
    let Some(follow) = found.filter(|follow| follow.follower_id == context.actor.id) else {
        return Ok(false);
    };
    follows::unfollow(context.node.app(), follow.follower_id, follow.target_id).await?;
    Ok(true)
}

/// Somebody elsewhere accepts or refuses a member of ours.
pub async fn answered(context: &Context<'_>, object: &Reference, yes: bool) -> Result<Outcome, Error> {
    let Some(follow) = our_follow(context, object).await? else {
        return Ok(Outcome::Ignored("no such follow"));
    };
    let (app, by) = (context.node.app(), context.actor.id);
    if yes {
        follows::accept(app, by, follow.follower_id, follow.target_id).await?;
    } else {
        follows::reject(app, by, follow.follower_id, follow.target_id).await?;
    }
    Ok(Outcome::Done)
}

/// The follow of one of ours that is meant: by its address, or by who follows whom.
async fn our_follow(context: &Context<'_>, object: &Reference) -> Result<Option<Follow>, Error> {
    let mut reader = context.node.app().reader();
    if let Some(id) = object.id()
        && let Some(follow) = alongside_store::follows::find_by_uri(&mut reader, id.as_str()).await?
    {
        return Ok((follow.target_id == context.actor.id).then_some(follow));
    }
    let Some(activity) = object.activity() else { return Ok(None) };
    let Action::Follow { object } = &activity.action else { return Ok(None) };
    if object.as_str() != context.actor.uri {
        return Ok(None);
    }
    let Some(follower) = who_lives_here(context, &activity.actor).await? else { return Ok(None) };
    Ok(alongside_store::follows::between(&mut reader, follower.id, context.actor.id).await?)
}

/// Whoever of ours has this address.
pub(super) async fn who_lives_here(context: &Context<'_>, uri: &Url) -> Result<Option<Actor>, Error> {
    let app = context.node.app();
    let Some(Place::Actor(handle)) = app.places().read(uri.as_str()) else { return Ok(None) };
    let found = actors::find_by_address(&mut app.reader(), handle, "").await?;
    // The address as written must be the actor's own: `…/sleep?x` is somebody else's idea of it.
    Ok(found.filter(|actor| actor.is_present() && actor.uri == uri.as_str()))
}
