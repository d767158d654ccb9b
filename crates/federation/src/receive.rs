//! Receiving: the door for what other nodes send, and what is made of it.
//!
//! At the door ([`accept`]) an activity is only checked and kept. A worker acts on it later
//! ([`act::on`]): each kind of activity has a file of its own below, that turns documents into one
//! call of the same verb a member here would use.

pub mod act;
pub mod announce;
pub mod block;
mod chat;
pub mod confirm;
pub mod follow;
pub mod forward;
pub(crate) mod key;
mod missed;
pub mod moderation;
pub mod moved;
pub mod post;
pub mod proof;
pub mod quote;
pub mod reaction;
pub mod refusal;
pub mod report;
pub mod site;
pub mod suspended;
pub mod take;
pub mod wall;
mod words;

use crate::documents::activity::{Action, Activity};
use crate::documents::{self, Malformed, origin};
use crate::node::Federation;
use crate::{resolve, synchronize};
use alongside_app::hosts::NoTalk;
use alongside_app::inbox;
use alongside_domain::agreement::Silence;
use alongside_domain::fold;
use alongside_store::{actors, error};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use http::{HeaderMap, Method, Uri};
use http_signatures::policy::Policy;
use http_signatures::refused::Refused as Unsigned;
use http_signatures::request::{NotAbsolute, Request, Target};
use http_signatures::verify::{Checked, Signature};
use url::Url;

/// Why an activity was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The signature is missing, wrong, or not by a key of the actor.
    #[error("the signature was refused: {0}")]
    Signature(#[from] Unsigned),
    /// Whose key it is could not be found out.
    #[error("the key could not be read at its origin")]
    Key(#[source] Box<resolve::Error>),
    /// The key cannot be used, or is not one that its owner lists.
    #[error("the key was refused: {0}")]
    UnusableKey(&'static str),
    /// Whoever has the key is of a kind that is not known here.
    #[error("the key belongs to something of a kind that is not known here")]
    UnknownKind,
    /// The signer is not who acts.
    #[error("the signer and the actor are not the same")]
    NotTheActor,
    /// The activity has an address on another host than its actor.
    #[error("the activity does not belong to the host of its actor")]
    Origin,
    /// The body is not an activity.
    #[error("the body is not an activity: {0}")]
    Malformed(#[from] Malformed),
    /// This node does not talk with the host.
    #[error(transparent)]
    Silent(#[from] Silence),
    /// The host has sent too much in this minute.
    #[error("too much at once: try again in a minute")]
    TooMany,
    /// The request has no usable address.
    #[error("the request has no usable address")]
    Address(#[from] NotAbsolute),
    /// The store could not do it.
    #[error("not now: try again later")]
    Store(#[from] error::Error),
}

/// What became of an activity at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is kept, and will be acted on.
    Kept,
    /// It was here before.
    Known,
    /// There is nothing to do: somebody unknown here has deleted themselves, whoever acts is of a kind that is not
    /// known here, such as `PieFed`'s feeds of communities, or what is said is read at its origin instead.
    Nothing,
}

/// A request at an inbox.
#[derive(Debug)]
pub struct Arriving<'a> {
    /// Its method.
    pub method: &'a Method,
    /// Its request line.
    pub uri: &'a Uri,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body, whole.
    pub body: &'a [u8],
}

/// Checks a request at an inbox and keeps its activity. The cheap checks come first; the network is
/// asked only for a key that is not known or no longer fits.
pub async fn accept(node: &Federation, arriving: &Arriving<'_>) -> Result<Accepted, Refused> {
    let checked = match check_signature(node, arriving) {
        Ok(checked) => checked,
        Err(refused) => {
            let is_made_up_for = missed::is_made_up_for(node, arriving, &refused).await?;
            return if is_made_up_for { Ok(Accepted::Nothing) } else { Err(refused) };
        }
    };
    let activity = documents::parse_activity(arriving.body)?;
    let id = activity.id.as_ref().ok_or(Malformed::Missing("id"))?;
    let key = key_of(node, &checked)?;
    if !origin::same(id, &activity.actor) {
        return Err(Refused::Origin);
    }
    let host = fold::host_of(&activity.actor).ok_or(Refused::Origin)?;
    let mut reader = node.app().reader();
    node.may_talk(&mut reader, &host).await?;
    if is_farewell(&activity) && actors::find_by_uri(&mut reader, activity.actor.as_str()).await?.is_none() {
        return Ok(Accepted::Nothing);
    }
    let signer = match key::of_signer(node, &key, |key| checked.verify(key)).await {
        Ok(signer) => signer,
        Err(Refused::UnknownKind) => return Ok(Accepted::Nothing),
        Err(refused) => return Err(refused),
    };
    if signer != activity.actor.as_str() && !is_told_of(&activity, &signer) {
        return Err(Refused::NotTheActor);
    }
    // Counted only now, so that nobody can use up what another host may send.
    if !node.arrivals().spend(&host, node.app().now()) {
        return Err(Refused::TooMany);
    }
    let body = String::from_utf8(arriving.body.to_vec()).map_err(|_| Malformed::Missing("text"))?;
    let is_new = inbox::accept(node.app(), &known_by(id, &activity, &body), &signer, &host, body).await?;
    if is_new {
        synchronize::heard(node, arriving.headers, &signer).await?;
    }
    Ok(if is_new { Accepted::Kept } else { Accepted::Known })
}

/// By what an activity is known when it comes again. `GoToSocial` has one address for all the changes of a post, and for
/// each count of its votes: these are told apart by what they say.
fn known_by(id: &Url, activity: &Activity, body: &str) -> String {
    match activity.action {
        Action::Update { .. } => {
            format!("{id}#{}", HEXLOWER.encode(digest(&SHA256, body.as_bytes()).as_ref()))
        }
        _ => id.to_string(),
    }
}

/// The address of the key, if it is one that we may ask.
pub(crate) fn key_of(node: &Federation, checked: &Checked) -> Result<Url, Refused> {
    let key = Url::parse(checked.key_id()).map_err(|_| Refused::UnusableKey("its id is not an address"))?;
    node.client().allows(&key).map_err(|_| Refused::UnusableKey("its id is not an address we may ask"))?;
    Ok(key)
}

/// Checks all of a signature that needs no key.
pub(crate) fn check_signature(node: &Federation, arriving: &Arriving<'_>) -> Result<Checked, Refused> {
    let base: Uri = node.app().places().origin().parse().map_err(|_| NotAbsolute)?;
    let target = Target::received(&base, arriving.uri)?;
    let request =
        Request { method: arriving.method, target: &target, headers: arriving.headers, body: arriving.body };
    Ok(Signature::parse(arriving.headers)?.check(&request, &Policy::default(), node.unix_now())?)
}

/// Whether somebody says that they themselves are gone. Servers tell everybody, so most of these are
/// about people never heard of here, whose key is no longer to be had.
fn is_farewell(activity: &Activity) -> bool {
    matches!(&activity.action, Action::Delete { object, .. } if object.id() == Some(&activity.actor))
}

/// Whether somebody on the same host tells that another's post is deleted, as `NodeBB`'s moderators do. It counts if the origin
/// confirms it.
fn is_told_of(activity: &Activity, signer: &str) -> bool {
    let is_there = |uri: &Url| origin::same(uri, &activity.actor);
    let Action::Delete { object, .. } = &activity.action else { return false };
    object.id().is_some_and(|id| *id != activity.actor && is_there(id))
        && Url::parse(signer).is_ok_and(|signer| is_there(&signer))
}

impl From<NoTalk> for Refused {
    fn from(reason: NoTalk) -> Self {
        match reason {
            NoTalk::Silent(silence) => Self::Silent(silence),
            NoTalk::Store(error) => Self::Store(error),
        }
    }
}
