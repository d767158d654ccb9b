//! What others share: a boost of a post; or, by a community, an activity of one of its members
//! (FEP-1b12); or, by another node, an activity that belongs to a community of ours.
//!
//! Sharing does not make a thing true. What comes from the sharer's own host is believed, and what its author
//! has proved; everything else is read again at its origin.

use crate::documents::activity::{Action, Activity, OBJECTS_MAX};
use crate::documents::addressing::Public;
use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::documents::{Document as AnyDocument, origin};
use crate::node::Federation;
use crate::receive::act::{self, Context, Error, Outcome};
use crate::receive::take::{self, Reason};
use crate::receive::{confirm, forward, moderation, proof, reaction, report};
use crate::resolve;
use alongside_app::boosts::{self, Origin};
use alongside_app::effects::Via;
use alongside_app::{acquaintances, arrivals, posts};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::CommunityId;
use alongside_domain::post::{Post, Visibility};
use alongside_store::{actors, entries, follows};
use url::Url;

/// Somebody elsewhere shares something.
pub async fn shared(
    context: &Context<'_>,
    announce: &Activity,
    objects: &[Reference],
) -> Result<Outcome, Error> {
    match objects {
        [one] => one_of(context, announce, one).await,
        several => batch(context, announce, several.iter()).await,
    }
}

async fn one_of(context: &Context<'_>, announce: &Activity, object: &Reference) -> Result<Outcome, Error> {
    match object.embedded() {
        Some(AnyDocument::Activity(activity)) => passed_on(context, announce, activity).await,
        Some(AnyDocument::Post(post)) => boosted(context, announce, &post.id, Some(post)).await,
        Some(AnyDocument::Collection(batched)) => batch(context, announce, batched.items_here()).await,
        Some(_) => Ok(Outcome::Ignored("neither a post nor an activity")),
        None => match object.id() {
            Some(id) => boosted(context, announce, id, None).await,
            None => Ok(Outcome::Ignored("nothing to share")),
        },
    }
}

/// Several at once, as `PieFed` sends votes: a list, or a collection. One that is refused keeps none of the others
/// out; one that must wait is tried again with all of them, which changes nothing for those already done.
async fn batch<'a>(
    context: &Context<'_>,
    announce: &Activity,
    objects: impl Iterator<Item = &'a Reference>,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Ignored("it concerns nobody here");
    let mut wait = None;
    for object in objects.take(OBJECTS_MAX) {
        if matches!(object.embedded(), Some(AnyDocument::Collection(_))) {
            continue;
        }
        match Box::pin(one_of(context, announce, object)).await {
            Ok(Outcome::Done) => outcome = Outcome::Done,
            Ok(Outcome::Ignored(_)) | Err(Error::Never(_)) => {}
            Err(later @ Error::Later(..)) => wait = Some(later),
        }
    }
    wait.map_or(Ok(outcome), Err)
}

/// Somebody elsewhere takes a boost back.
pub async fn taken_back(context: &Context<'_>, objects: &[Reference]) -> Result<Outcome, Error> {
    let app = context.node.app();
    for id in objects.iter().filter_map(Reference::id) {
        if let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? {
            boosts::unboost(app, context.actor.id, post.id, context.via).await?;
        }
    }
    Ok(Outcome::Done)
}

/// As [`taken_back`], for software that names only the Announce; false if there is none.
pub async fn taken_back_by_id(context: &Context<'_>, id: &Url) -> Result<bool, Error> {
    let app = context.node.app();
    let found = entries::find_by_uri(&mut app.reader(), id.as_str()).await?;
    let Some(entry) = found.filter(|entry| entry.boost && entry.actor_id == context.actor.id) else {
        return Ok(false);
    };
    boosts::unboost(app, entry.actor_id, entry.post_id, context.via).await?;
    Ok(true)
}

/// A post was boosted, by somebody who is followed here or because it was written here.
async fn boosted(
    context: &Context<'_>,
    announce: &Activity,
    id: &Url,
    embedded: Option<&Document>,
) -> Result<Outcome, Error> {
    let app = context.node.app();
    let mut reader = app.reader();
    let known = alongside_store::posts::find_by_uri(&mut reader, id.as_str()).await?;
    let is_ours = known.as_ref().is_some_and(|post| post.local);
    if !is_ours && !follows::is_followed_here(&mut reader, context.actor.id).await? {
        return Ok(Outcome::Ignored("it concerns nobody here"));
    }
    let post = match known {
        Some(post) => post,
        None => match confirmed_post(context.node, &context.actor, id, own_word(context, embedded)).await? {
            Some(post) => post,
            None => return Ok(Outcome::Ignored("it concerns nobody here")),
        },
    };
    if !actors::find(&mut reader, post.author).await?.is_some_and(|author| author.is_present()) {
        return Ok(Outcome::Ignored("its author is gone"));
    }
    line_of(context, announce, &post).await
}

/// Writes the line in the sharer's timeline. A community has lines for threads only: comments are
/// shown in theirs.
async fn line_of(context: &Context<'_>, announce: &Activity, post: &Post) -> Result<Outcome, Error> {
    if context.actor.is_community() && !post.is_top_level() {
        return Ok(Outcome::Done);
    }
    let at = announce.published.map(|at| Timestamp::from_micros(at.as_microsecond()));
    let origin = announce.id.as_ref().map(|id| Origin { uri: id.to_string(), at });
    let wished = wished(context, announce);
    boosts::boost(context.node.app(), &context.actor, post.id, wished, origin, context.via).await?;
    Ok(Outcome::Done)
}

/// For how few people somebody boosted, after its addressing. A community's line is for whoever may read what is in it,
/// and what is addressed to nobody says nothing about that.
fn wished(context: &Context<'_>, announce: &Activity) -> Option<Visibility> {
    let addressing = &announce.addressing;
    match addressing.public {
        _ if context.actor.is_community() => None,
        Some(Public::Listed) => None,
        Some(Public::Unlisted) => Some(Visibility::Unlisted),
        None => addressing.addressed_to().next().map(|_| Visibility::Followers),
    }
}

/// A post that was sent along, where the sharer's own host is its origin.
fn own_word<'a>(context: &Context<'_>, embedded: Option<&'a Document>) -> Option<&'a Document> {
    embedded.filter(|post| {
        confirm::is_on_host_of(&context.actor, &post.id) && origin::same(&post.author, &post.id)
    })
}

/// A post, as it was proved or as its origin confirms it, taken in.
async fn confirmed_post(
    node: &Federation,
    sharer: &Actor,
    id: &Url,
    believed: Option<&Document>,
) -> Result<Option<Post>, Error> {
    let document = match believed {
        Some(post) => post.clone(),
        None => take::read(node, id).await?,
    };
    let author = resolve::actor(node, &document.author).await?;
    if !author.is_present() || author.is_local() {
        return Ok(None);
    }
    take::take(node, &document, &author, Reason::AnnouncedBy(sharer), Via::Fetched).await
}

/// An activity was passed on: by its community to us, or by another node to a community of ours.
async fn passed_on(context: &Context<'_>, announce: &Activity, inner: &Activity) -> Result<Outcome, Error> {
    match context.actor.kind {
        ActorKind::Group => relayed(context, announce, inner).await,
        ActorKind::Application | ActorKind::Service => forward::told(context, inner).await,
        ActorKind::Person | ActorKind::Organization => {
            Ok(Outcome::Ignored("only communities pass activities on"))
        }
    }
}

/// A community tells its followers what a member did.
async fn relayed(context: &Context<'_>, announce: &Activity, inner: &Activity) -> Result<Outcome, Error> {
    let node = context.node;
    if !follows::is_followed_here(&mut node.app().reader(), context.actor.id).await? {
        return echo(context, announce, inner).await;
    }
    match &inner.action {
        Action::Create { objects } | Action::Announce { objects } => {
            for object in objects {
                published(context, announce, inner, object).await?;
            }
            Ok(Outcome::Done)
        }
        Action::Update { object } if object.post().is_some() => {
            published(context, announce, inner, object).await?;
            Ok(Outcome::Done)
        }
        Action::Update { object } => match object.id() {
            Some(id) if id.as_str() == context.actor.uri => act::profile(context, id).await,
            Some(_) | None => Ok(Outcome::Ignored("nothing to do for what was passed on")),
        },
        Action::Delete { object, .. } => deleted(context, inner, object).await,
        action if moderation::is_measure(action) => moderation::announced(context, inner).await,
        Action::Flag { objects, reason } => report::told(context, inner, objects, reason.as_deref()).await,
        // Nobody is asked about a vote against something that was never liked.
        Action::Dislike { object } if !reaction::is_kept(node, inner.actor.as_str(), object).await? => {
            Ok(Outcome::Ignored("there are no downvotes"))
        }
        Action::Like { .. }
        | Action::Dislike { .. }
        | Action::EmojiReact { .. }
        | Action::PollVote { .. }
        | Action::Undo { .. } => {
            let via = Via::Announced(CommunityId::of(context.actor.id));
            confirm::as_its_actor(context, inner, via).await
        }
        _ => Ok(Outcome::Ignored("nothing to do for what was passed on")),
    }
}

/// A community that nobody here follows tells only of what one of ours wrote in it, and of what became of that
/// and of them.
async fn echo(context: &Context<'_>, announce: &Activity, inner: &Activity) -> Result<Outcome, Error> {
    let places = context.node.app().places();
    if moderation::about(&inner.action).is_some_and(|about| places.is_here(about.as_str())) {
        return moderation::announced(context, inner).await;
    }
    let objects = match &inner.action {
        Action::Create { objects } => objects,
        // What came from it while it was followed is still here. What is not is none of our business.
        Action::Delete { object, .. } if is_known(context, object).await? => {
            return deleted(context, inner, object).await;
        }
        _ => return Ok(Outcome::Ignored("it concerns nobody here")),
    };
    let is_ours = |object: &&Reference| object.id().is_some_and(|id| places.is_here(id.as_str()));
    for object in objects.iter().filter(is_ours) {
        published(context, announce, inner, object).await?;
    }
    Ok(Outcome::Done)
}

async fn is_known(context: &Context<'_>, object: &Reference) -> Result<bool, Error> {
    let Some(id) = object.id() else { return Ok(false) };
    let mut reader = context.node.app().reader();
    Ok(alongside_store::posts::find_by_uri(&mut reader, id.as_str()).await?.is_some())
}

/// The community published, or published the change of, a member's post.
async fn published(
    context: &Context<'_>,
    announce: &Activity,
    inner: &Activity,
    object: &Reference,
) -> Result<(), Error> {
    let node = context.node;
    let Some(id) = object.id() else { return Err(Error::Never("a post without an address")) };
    let ours = alongside_store::posts::find_by_uri(&mut node.app().reader(), id.as_str()).await?;
    let post = match ours.filter(|post| post.local) {
        Some(post) if post.community == Some(CommunityId::of(context.actor.id)) => Some(post),
        Some(_) => return Err(Error::Never("our post was not for that community")),
        None if node.app().places().is_here(id.as_str()) => return Err(Error::Never("no post of ours")),
        None => {
            let believed = match own_word(context, object.post()) {
                Some(post) => Some(post),
                None => confirm::proved(node, inner, object).await?,
            };
            confirmed_post(node, &context.actor, id, believed).await?
        }
    };
    if let Some(post) = post {
        line_of(context, announce, &post).await?;
    }
    Ok(())
}

/// The community says that a post is gone: deleted by its author, or taken out by a moderator.
async fn deleted(context: &Context<'_>, inner: &Activity, object: &Reference) -> Result<Outcome, Error> {
    let (node, app) = (context.node, context.node.app());
    let Some(id) = object.id() else { return Err(Error::Never("nothing to delete")) };
    if id.as_str() == context.actor.uri {
        // Those who look after it have deleted it, as in the Lemmy family they can, and may bring it back.
        acquaintances::suspend(app, id.as_str()).await?;
        return Ok(Outcome::Done);
    }
    let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? else {
        let is_said = confirm::is_on_host_of(&context.actor, id)
            || (origin::same(id, &inner.actor) && proof::vouches(node, inner).await?);
        if is_said || confirm::was_deleted(node, id).await? {
            arrivals::forget(app, id.as_str()).await?;
        }
        return Ok(Outcome::Ignored("unknown post"));
    };
    let is_its = post.community == Some(CommunityId::of(context.actor.id));
    // A host speaks for its posts, also when it has moved one from one of its communities to another.
    if !is_its && !confirm::is_on_host_of(&context.actor, id) {
        return Err(Error::Never("not a post of that community"));
    }
    let by_author = resolve::actor(node, &inner.actor).await.is_ok_and(|actor| actor.id == post.author);
    if !by_author {
        return moderation::announced(context, inner).await;
    }
    if post.local {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    if !confirm::is_on_host_of(&context.actor, id) && !proof::vouches(node, inner).await? {
        match confirm::is_deletion(node, inner, &post).await {
            Ok(true) => {}
            // We have it by its community's word alone, and let go of it by that, whatever its author's node says.
            Ok(false) | Err(Error::Never(_)) if post.visibility == Visibility::Members => {}
            // What the community takes out of itself is out, whoever it says wanted that.
            Ok(false) | Err(Error::Never(_)) => return moderation::taken_out(context, &post).await,
            Err(error) => return Err(error),
        }
    }
    posts::delete(app, post.author, post.id, Via::Fetched).await?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests;
