//! Boosting a post to one's followers, and taking it back. A community's announcement of what its
//! members wrote is the same verb, done by the community.

use crate::context::App;
use crate::effects::{self, Via, noted};
use crate::{arrivals, reading};
use alongside_domain::actor::Actor;
use alongside_domain::change::Change;
use alongside_domain::clock::Timestamp;
use alongside_domain::event::Event;
use alongside_domain::id::{ActorId, CommunityId, EntryId, PostId};
use alongside_domain::place::{Place, boost_name};
use alongside_domain::policy::{Refusal, Verb};
use alongside_domain::post::Visibility;
use alongside_store::engine::Tx;
use alongside_store::entries::{self, Entry};
use alongside_store::{actors, error, posts};

/// Why a boost was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the boost could not be kept")]
    Store(#[from] error::Error),
}

/// Where a boost came from, for one that was not made here.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Its address in the protocol.
    pub uri: String,
    /// When it was made.
    pub at: Option<Timestamp>,
}

/// Boosts a post, if so wished for fewer people than may read it. A second boost of the same post changes nothing,
/// and gives the first.
pub async fn boost(
    app: &App,
    actor: &Actor,
    post: PostId,
    wished: Option<Visibility>,
    origin: Option<Origin>,
    via: Via,
) -> Result<Entry, Error> {
    let mut tx = app.store().begin().await?;
    let post = posts::find(&mut tx, post).await?.ok_or(Refusal::Hidden)?;
    // A community's line about what is for its members is no boost: only they see it.
    let is_its_own =
        post.visibility == Visibility::Members && post.community == Some(CommunityId::of(actor.id));
    if !is_its_own || !post.is_present() {
        let permit = reading::permit(&mut tx, Verb::Boost, None, actor.id, &post, app.now()).await??;
        debug_assert_eq!(permit.verb(), Verb::Boost);
    }
    if let Some(earlier) = entries::boost_of(&mut tx, actor.id, post.id).await? {
        return Ok(earlier);
    }
    let now = app.now();
    let at =
        origin.as_ref().and_then(|origin| origin.at).map_or(now, |at| at.min(now).max(post.published_at));
    let id = free_id(app, &mut tx, at).await?;
    let by_community = actor.is_community();
    let entry = Entry {
        id,
        actor_id: actor.id,
        post_id: post.id,
        boost: true,
        by_community,
        community_reply: by_community && !post.is_top_level(),
        reply_to_author_id: post.reply_to_author,
        visibility: narrower(post.visibility, wished),
        uri: origin.map_or_else(|| app.places().of(Place::Activity(&boost_name(id))), |origin| origin.uri),
        at,
    };
    if !entries::insert(&mut tx, &entry).await? {
        return not_inserted(&mut tx, &entry).await;
    }
    if by_community {
        noted::note(&mut tx, app, &Change::Boosted { entry: id }).await?;
        if post.visibility.is_open() {
            actors::count_post(&mut tx, actor.id, 1, Some(at)).await?;
        }
    } else {
        posts::count_boost(&mut tx, post.id, 1).await?;
        effects::of(&mut tx, app, Event::Boosted { entry: id, post: &post, actor: actor.id }, via).await?;
    }
    tx.commit().await?;
    Ok(entry)
}

/// Somebody was quicker: with the same boost, which is then the one, or with something else of its address.
async fn not_inserted(tx: &mut Tx, entry: &Entry) -> Result<Entry, Error> {
    if let Some(earlier) = entries::boost_of(tx, entry.actor_id, entry.post_id).await? {
        return Ok(earlier);
    }
    if entries::find_by_uri(tx, &entry.uri).await?.is_some() {
        return Err(Refusal::Forbidden.into());
    }
    Err(error::Error::Unavailable("the id of a boost is somebody else's".into()).into())
}

/// Who sees a boost: never more than may read the post, and where all may, only its booster's followers if so wished.
const fn narrower(post: Visibility, wished: Option<Visibility>) -> Visibility {
    match (post, wished) {
        (Visibility::Public | Visibility::Unlisted, Some(Visibility::Followers)) => Visibility::Followers,
        (Visibility::Public, Some(Visibility::Unlisted)) => Visibility::Unlisted,
        (_, _) => post,
    }
}

/// Takes a boost back. Where there was none, nothing happens.
pub async fn unboost(app: &App, actor: ActorId, post: PostId, via: Via) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    if let Some(entry) = entries::boost_of(&mut tx, actor, post).await?
        && entries::remove(&mut tx, entry.id).await?
    {
        noted::unboosted(&mut tx, app, &entry).await?;
        if entry.by_community {
            if entry.visibility.is_open() {
                actors::count_post(&mut tx, actor, -1, None).await?;
            }
        } else {
            posts::count_boost(&mut tx, post, -1).await?;
            effects::of(&mut tx, app, Event::Unboosted { entry: entry.id, post, actor }, via).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// An id for the moment of the boost that no line and no post has.
async fn free_id(app: &App, tx: &mut Tx, at: Timestamp) -> Result<EntryId, error::Error> {
    let mut moment = at;
    loop {
        let id: EntryId = app.ids().at(moment);
        let line = entries::find(tx, id).await?.is_none();
        if line && !posts::exists(tx, PostId::new(id.get())).await? {
            return Ok(id);
        }
        moment = arrivals::after(moment);
    }
}
