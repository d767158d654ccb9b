//! Acting on an activity that was kept: which file below knows what to do with it.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::documents::{self, Document};
use crate::node::{Federation, ReadError};
use crate::receive::moderation::{self as measures, Way};
use crate::receive::{
    announce, block, confirm, follow, forward, moved, post, quote, reaction, refusal, report, site,
    suspended, wall,
};
use crate::resolve;
use alongside_app::effects::Via;
use alongside_app::hosts::NoTalk;
use alongside_app::{acquaintances, boosts, follows, moderation, polls, posts, reactions, reports};
use alongside_domain::actor::Actor;
use alongside_store::inbox::Arrival;
use alongside_store::{actors, error};
use url::Url;

/// What became of an activity. It is kept in a few words, so that they can be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A verb was called.
    Done,
    /// It does not concern anybody here, or says nothing new.
    Ignored(&'static str),
}

/// Why it could not be acted on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Trying later may help.
    #[error("{0}, for now")]
    Later(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will never be done.
    #[error("{0}")]
    Never(&'static str),
}

/// Who acts, with what, and how it came here.
#[derive(Debug)]
pub struct Context<'a> {
    /// The node.
    pub node: &'a Federation,
    /// Who acts: the signer, or for what was passed on the one whose origin confirmed it.
    pub actor: Actor,
    /// How it came.
    pub via: Via,
}

impl Context<'_> {
    /// The address of who acts.
    pub fn address(&self) -> Result<Url, Error> {
        Url::parse(&self.actor.uri).map_err(|_| Error::Never("the actor has no address"))
    }
}

/// Acts on an activity that arrived.
pub async fn on(node: &Federation, arrival: &Arrival) -> Result<Outcome, Error> {
    let activity =
        documents::parse_activity(arrival.body.as_bytes()).map_err(|_| Error::Never("not an activity"))?;
    let actor = actors::find_by_uri(&mut node.app().reader(), &arrival.actor_uri).await?;
    let Some(actor) = actor.filter(|actor| actor.deleted_at.is_none()) else {
        return Ok(Outcome::Ignored("the actor is gone"));
    };
    if !is_heard(node, &actor).await? {
        return Ok(Outcome::Ignored("not talked with"));
    }
    let context = Context { node, actor, via: Via::Arrived(arrival.id) };
    if context.actor.is_present() {
        dispatch(&context, &activity).await
    } else {
        suspended::acts(&context, &activity).await
    }
}

/// Whether this node talks with the host of an actor: whoever brings what somebody did, and however it is
/// proven, nothing of a host that is not talked with is taken.
pub(super) async fn is_heard(node: &Federation, actor: &Actor) -> Result<bool, Error> {
    match node.may_talk(&mut node.app().reader(), &actor.server()).await {
        Ok(()) => Ok(true),
        Err(NoTalk::Silent(_)) => Ok(false),
        Err(NoTalk::Store(error)) => Err(error.into()),
    }
}

/// Does what the activity says, as its actor.
pub async fn dispatch(context: &Context<'_>, activity: &Activity) -> Result<Outcome, Error> {
    match &activity.action {
        Action::Follow { object } => follow::asked(context, activity, object).await,
        Action::Accept { object } => follow::answered(context, object, true).await,
        Action::Reject { object } => match follow::answered(context, object, false).await? {
            Outcome::Done => Ok(Outcome::Done),
            Outcome::Ignored(_) => wall::refused(context, object).await,
        },
        Action::NotTaken(refused) => refusal::heard(context, refused).await,
        Action::Undo { object, restores_posts } => undo(context, object, *restores_posts).await,
        Action::Create { objects } => post::created(context, objects).await,
        Action::Update { object } => updated(context, object).await,
        Action::Delete { .. } if activity.actor.as_str() != context.actor.uri => {
            forward::told(context, activity).await
        }
        Action::Delete { object, .. } => post::deleted(context, &activity.action, object).await,
        Action::Like { object, emoji } => reaction::given(context, activity, object, emoji.as_deref()).await,
        Action::EmojiReact { object, emoji } => reaction::given(context, activity, object, Some(emoji)).await,
        Action::Announce { objects } => announce::shared(context, activity, objects).await,
        Action::Flag { objects, reason } => {
            report::filed(context, activity, objects, reason.as_deref()).await
        }
        Action::Add { object, target } if wall::is_own(context, target).await? => {
            wall::added(context, activity, object).await
        }
        Action::Remove { object, target } if wall::is_own(context, target).await? => {
            wall::removed(context, object).await
        }
        Action::Block { target: Some(target), .. } if site::is_own(context, target) => {
            site::sent_out(context, &activity.action).await
        }
        Action::Block { object, target: None, .. } => block::begun(context, object).await,
        Action::Dislike { object } => reaction::opposed(context, object).await,
        Action::PollVote { object, choice } => post::chosen(context, object, choice).await,
        Action::Add { .. } | Action::Remove { .. } | Action::Block { .. } | Action::Lock { .. } => {
            measures::arrived(context, &activity.action, Way::Done).await
        }
        Action::Move { object, target } => moved::away(context, object, target).await,
        Action::QuoteRequest { object, instrument } => {
            quote::asked(context, activity, object, instrument).await
        }
        Action::Unknown { .. } => Ok(Outcome::Ignored("unknown type")),
    }
}

/// An actor changed their profile, or a post.
pub(super) async fn updated(context: &Context<'_>, object: &Reference) -> Result<Outcome, Error> {
    let own = context.address()?;
    if object.id() == Some(&own) {
        // What arrived may be old by now; the origin knows best.
        resolve::refresh(context.node, &own).await?;
        return Ok(Outcome::Done);
    }
    match object.embedded() {
        Some(Document::Actor(actor)) => profile(context, &actor.id).await,
        Some(_) | None => post::changed(context, object).await,
    }
}

/// Somebody says that the profile of another has changed, as Lemmy's moderators do of their community. It is not
/// believed, but read again, if it is of the same host.
pub async fn profile(context: &Context<'_>, id: &Url) -> Result<Outcome, Error> {
    let known = actors::find_by_uri(&mut context.node.app().reader(), id.as_str()).await?;
    if known.is_none_or(|known| known.is_local()) {
        return Ok(Outcome::Ignored("it concerns nobody here"));
    }
    if !confirm::is_on_host_of(&context.actor, id) {
        return Err(Error::Never("somebody else's profile"));
    }
    resolve::refresh(context.node, id).await?;
    Ok(Outcome::Done)
}

/// An actor takes something back that they themselves did.
pub(super) async fn undo(
    context: &Context<'_>,
    object: &Reference,
    restores_posts: bool,
) -> Result<Outcome, Error> {
    let Some(activity) = object.activity() else {
        let Some(id) = object.id() else { return Err(Error::Never("nothing to undo")) };
        return undo_by_id(context, id).await;
    };
    if activity.actor.as_str() != context.actor.uri {
        return Err(Error::Never("somebody else's activity"));
    }
    match &activity.action {
        Action::Follow { object } => follow::ended(context, object).await,
        Action::Like { object, emoji } => reaction::undone(context, activity, object, emoji.as_deref()).await,
        Action::EmojiReact { object, emoji } => {
            reaction::undone(context, activity, object, Some(emoji)).await
        }
        Action::Announce { objects } => announce::taken_back(context, objects).await,
        Action::Block { object, target: Some(target), .. } if site::is_own(context, target) => {
            site::let_back(context, object, restores_posts).await
        }
        Action::Delete { .. } | Action::Lock { .. } | Action::Block { .. } => {
            measures::arrived(context, &activity.action, Way::Undone).await
        }
        _ => Ok(Outcome::Ignored("nothing kept that could be undone")),
    }
}

/// Some software names only the activity: it is looked for among what the actor did.
async fn undo_by_id(context: &Context<'_>, id: &Url) -> Result<Outcome, Error> {
    if follow::ended_by_id(context, id).await? || reaction::taken_back_by_id(context, id).await? {
        return Ok(Outcome::Done);
    }
    if announce::taken_back_by_id(context, id).await? {
        return Ok(Outcome::Done);
    }
    Ok(Outcome::Ignored("nothing kept that could be undone"))
}

impl From<error::Error> for Error {
    fn from(error: error::Error) -> Self {
        Self::Later("the store could not do it", error.into())
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        if error.is_temporary() {
            return Self::Later("the origin does not answer", error.into());
        }
        Self::Never(match error {
            ReadError::TooMuch => "it asks for too much",
            gone if gone.is_gone() => "the origin does not confirm it",
            _ => "the origin was refused",
        })
    }
}

impl From<resolve::Error> for Error {
    fn from(error: resolve::Error) -> Self {
        if error.is_temporary() {
            return Self::Later("the actor's origin does not answer", error.into());
        }
        Self::Never("the actor cannot be taken in")
    }
}

/// A verb that refuses has decided; one that the store kept from deciding is called again.
macro_rules! from_verb {
    ($($error:ty: $store:path,)+) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                match error {
                    $store(error) => error.into(),
                    _ => Self::Never("refused"),
                }
            }
        })+
    };
}

from_verb! {
    posts::Error: posts::Error::Store,
    reactions::Error: reactions::Error::Store,
    boosts::Error: boosts::Error::Store,
    follows::Error: follows::Error::Store,
    acquaintances::Error: acquaintances::Error::Store,
    polls::Error: polls::Error::Store,
    reports::Error: reports::Error::Store,
    moderation::Error: moderation::Error::Store,
}
