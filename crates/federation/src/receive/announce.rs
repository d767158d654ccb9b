//! What others share: a boost of a post; or, by a community, an activity of one of its members
//! (FEP-1b12); or, by another node, an activity that belongs to a community of ours.
//!
//! Sharing does not make a thing true. What comes from the sharer's own host is believed; everything
//! else is read again at its origin.

use crate::documents::activity::{Action, Activity};
use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::documents::{self, Document as AnyDocument, origin};
use crate::node::Federation;
use crate::receive::act::{self, Context, Error, Outcome};
use crate::receive::take::{self, Reason};
use crate::{receive, resolve};
use alongside_app::boosts::{self, Origin};
use alongside_app::effects::Via;
use alongside_app::{arrivals, posts};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::CommunityId;
use alongside_domain::post::Post;
use alongside_store::{entries, follows};
use url::Url;

/// Somebody elsewhere shares something.
pub async fn shared(
    context: &Context<'_>,
    announce: &Activity,
    objects: &[Reference],
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Ignored("it concerns nobody here");
    for object in objects {
        let done = match object.embedded() {
            Some(AnyDocument::Activity(activity)) => passed_on(context, announce, activity).await?,
            Some(AnyDocument::Post(post)) => boosted(context, announce, &post.id, Some(post)).await?,
            Some(_) => Outcome::Ignored("neither a post nor an activity"),
            None => match object.id() {
                Some(id) => boosted(context, announce, id, None).await?,
                None => Outcome::Ignored("nothing to share"),
            },
        };
        if done == Outcome::Done {
            outcome = done;
        }
    }
    Ok(outcome)
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
        None => match confirmed_post(context.node, &context.actor, id, embedded).await? {
            Some(post) => post,
            None => return Ok(Outcome::Ignored("it concerns nobody here")),
        },
    };
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
    boosts::boost(context.node.app(), &context.actor, post.id, origin, context.via).await?;
    Ok(Outcome::Done)
}

/// A post as its origin confirms it, taken in.
async fn confirmed_post(
    node: &Federation,
    sharer: &Actor,
    id: &Url,
    embedded: Option<&Document>,
) -> Result<Option<Post>, Error> {
    let document = match embedded
        .filter(|post| is_on_host_of(sharer, &post.id) && origin::same(&post.author, &post.id))
    {
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
        ActorKind::Application | ActorKind::Service => forwarded(context, inner).await,
        ActorKind::Person | ActorKind::Organization => {
            Ok(Outcome::Ignored("only communities pass activities on"))
        }
    }
}

/// A community tells its followers what a member did.
async fn relayed(context: &Context<'_>, announce: &Activity, inner: &Activity) -> Result<Outcome, Error> {
    let node = context.node;
    let is_ours = node.app().places().is_here(inner.actor.as_str());
    if !is_ours && !follows::is_followed_here(&mut node.app().reader(), context.actor.id).await? {
        return Ok(Outcome::Ignored("it concerns nobody here"));
    }
    match &inner.action {
        Action::Create { objects } | Action::Announce { objects } => {
            for object in objects {
                published(context, announce, object).await?;
            }
            Ok(Outcome::Done)
        }
        Action::Update { object } if object.post().is_some() => {
            published(context, announce, object).await?;
            Ok(Outcome::Done)
        }
        Action::Delete { object, .. } => deleted(context, inner, object).await,
        Action::Like { .. } | Action::EmojiReact { .. } | Action::Undo { .. } => {
            as_its_actor(context, inner, Via::Fetched).await
        }
        _ => Ok(Outcome::Ignored("nothing to do for what was passed on")),
    }
}

/// The community published, or published the change of, a member's post.
async fn published(context: &Context<'_>, announce: &Activity, object: &Reference) -> Result<(), Error> {
    let node = context.node;
    let Some(id) = object.id() else { return Err(Error::Never("a post without an address")) };
    let ours = alongside_store::posts::find_by_uri(&mut node.app().reader(), id.as_str()).await?;
    let post = match ours.filter(|post| post.local) {
        Some(post) if post.community == Some(CommunityId::of(context.actor.id)) => Some(post),
        Some(_) => return Err(Error::Never("our post was not for that community")),
        None => confirmed_post(node, &context.actor, id, object.post()).await?,
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
    let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    if post.community != Some(CommunityId::of(context.actor.id)) {
        return Err(Error::Never("not a post of that community"));
    }
    let by_author = resolve::actor(node, &inner.actor).await.is_ok_and(|actor| actor.id == post.author);
    if !by_author || post.local {
        arrivals::remove(app, &context.actor, post.id).await?;
        return Ok(Outcome::Done);
    }
    let is_gone = is_on_host_of(&context.actor, id) || is_gone(node, id).await?;
    if !is_gone {
        return Err(Error::Never("the origin does not confirm it"));
    }
    posts::delete(app, post.author, post.id, Via::Fetched).await?;
    Ok(Outcome::Done)
}

async fn is_gone(node: &Federation, id: &Url) -> Result<bool, Error> {
    match node.read(id).await {
        Ok(fetched) => Ok(matches!(documents::read(&fetched.json), Ok(AnyDocument::Tombstone(_)))),
        Err(error) if error.is_gone() => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Another node tells a community of ours what reached only one of its members. Everything is read
/// again at its origin, so it does not matter who tells us.
async fn forwarded(context: &Context<'_>, inner: &Activity) -> Result<Outcome, Error> {
    match &inner.action {
        Action::Create { objects } => {
            let mut outcome = Outcome::Ignored("it concerns nobody here");
            for id in objects.iter().filter_map(Reference::id) {
                let document = take::read(context.node, id).await?;
                let author = resolve::actor(context.node, &document.author).await?;
                if author.is_local() || !author.is_present() {
                    continue;
                }
                if take::take(context.node, &document, &author, Reason::Concerned, context.via)
                    .await?
                    .is_some()
                {
                    outcome = Outcome::Done;
                }
            }
            Ok(outcome)
        }
        Action::Update { object } if object.post().is_some() => {
            let id = object.id().ok_or(Error::Never("a post without an address"))?;
            let document = take::read(context.node, id).await?;
            let author = resolve::actor(context.node, &document.author).await?;
            take::take(context.node, &document, &author, Reason::Concerned, context.via).await?;
            Ok(Outcome::Done)
        }
        Action::Delete { object, .. } => {
            let id = object.id().ok_or(Error::Never("nothing to delete"))?;
            if !is_gone(context.node, id).await? {
                return Err(Error::Never("the origin does not confirm it"));
            }
            let actor = resolve::actor(context.node, &inner.actor).await?;
            let context = Context { node: context.node, actor, via: context.via };
            Box::pin(receive::post::deleted(&context, object)).await
        }
        Action::Like { .. } | Action::EmojiReact { .. } | Action::Undo { .. } => {
            as_its_actor(context, inner, context.via).await
        }
        _ => Ok(Outcome::Ignored("nothing to do for what was passed on")),
    }
}

/// Does what somebody did, once their own host confirms that they did it.
async fn as_its_actor(context: &Context<'_>, inner: &Activity, via: Via) -> Result<Outcome, Error> {
    let node = context.node;
    let actor = resolve::actor(node, &inner.actor).await?;
    if actor.is_local() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    let Some(id) = inner.id.as_ref().filter(|id| origin::same(id, &inner.actor)) else {
        return Err(Error::Never("it does not belong to the host of its actor"));
    };
    if !is_on_host_of(&context.actor, id) {
        let fetched = node.read(id).await?;
        match documents::read(&fetched.json) {
            Ok(AnyDocument::Activity(own)) if own.actor == inner.actor && own.action == inner.action => {}
            Ok(_) | Err(_) => return Err(Error::Never("the origin does not confirm it")),
        }
    }
    let context = Context { node, actor, via };
    Box::pin(act::dispatch(&context, inner)).await
}

fn is_on_host_of(actor: &Actor, id: &Url) -> bool {
    Url::parse(&actor.uri).is_ok_and(|own| origin::same(&own, id))
}
