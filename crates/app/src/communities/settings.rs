//! Changing what a community says of itself.

use super::Error;
use super::guidance;
use crate::context::App;
use crate::effects::{self, Via};
use crate::moderation::{self, standing};
use crate::profiles::{self, Picture, Pictures};
use crate::strays;
use alongside_domain::actor::Actor;
use alongside_domain::event::Event;
use alongside_domain::id::{CommunityId, MemberId};
use alongside_domain::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX};
use alongside_domain::policy::Refusal;
use alongside_store::engine::Tx;
use alongside_store::{actors, audit, communities, members};

/// The role of whoever opened a community from a client.
pub const OWNER: &str = "owner";

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The name it goes by.
    pub title: Option<String>,
    /// What it is for, as typed.
    pub summary: Option<String>,
    /// Its rules.
    pub rules: Option<Vec<String>>,
    /// When somebody looks after it, in words.
    pub staffed_hours: Option<String>,
    /// Its picture.
    pub avatar: Option<Picture>,
    /// Its banner.
    pub header: Option<Picture>,
}

/// Changes what a community says of itself: done by whoever looks after it. Its followers' nodes are told.
pub async fn update(app: &App, by: MemberId, id: CommunityId, changes: &Changes) -> Result<(), Error> {
    let pictures = profiles::write(app, changes.avatar.as_ref(), changes.header.as_ref()).await?;
    let changed = async {
        let mut tx = app.store().begin().await?;
        let before = permitted(&mut tx, app, by, id).await?;
        put(&mut tx, app, &before, changes, &pictures).await?;
        let member = members::find(&mut tx, by).await?.ok_or(Refusal::Forbidden)?;
        let by = Some(member.account_id);
        let subject = before.handle.as_str();
        audit::append(&mut tx, app.ids(), app.now(), by, "community.update", subject, "").await?;
        strays::keep(&mut tx, &pictures.names()).await?;
        let unused = replaced(&before, changes);
        strays::let_go(&mut tx, app, &unused).await?;
        tx.commit().await?;
        Ok(unused)
    };
    let (unused, outcome) = match changed.await {
        Ok(unused) => (unused, Ok(())),
        Err(error) => (pictures.names(), Err(error)),
    };
    strays::remove(app, unused).await;
    outcome
}

/// As [`update`], for whoever runs the node.
pub async fn update_as_operator(app: &App, id: CommunityId, changes: &Changes) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let found = actors::find(&mut tx, id.actor()).await?;
    let before = found.filter(|actor| actor.is_local() && actor.is_present()).ok_or(Refusal::Hidden)?;
    put(&mut tx, app, &before, changes, &Pictures::default()).await?;
    let subject = before.handle.as_str();
    audit::append(&mut tx, app.ids(), app.now(), None, "community.update", subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// The community, if it is one of ours and this member looks after it.
async fn permitted(tx: &mut Tx, app: &App, by: MemberId, id: CommunityId) -> Result<Actor, Error> {
    let actor = actors::find(tx, id.actor()).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?;
    let community = communities::find(tx, id.actor()).await?.ok_or(Refusal::Hidden)?;
    if !community.local {
        return Err(Refusal::Forbidden.into());
    }
    match standing::authority_of(tx, app, by.actor(), &community).await {
        Ok(()) => Ok(actor),
        Err(moderation::Error::Store(error)) => Err(error.into()),
        Err(moderation::Error::Refused(refusal)) => Err(refusal.into()),
        Err(_) => Err(Refusal::Forbidden.into()),
    }
}

async fn put(
    tx: &mut Tx,
    app: &App,
    before: &Actor,
    changes: &Changes,
    pictures: &Pictures,
) -> Result<(), Error> {
    let id = CommunityId::of(before.id);
    let title = changes.title.as_deref().unwrap_or(&before.name).trim();
    let summary = changes.summary.as_ref().unwrap_or(&before.note_source);
    check(title, summary)?;
    let kept = communities::guidance(tx, id).await?;
    let wanted = guidance::Guidance {
        rules: changes.rules.clone().unwrap_or(kept.rules),
        staffed_hours: changes.staffed_hours.clone().unwrap_or(kept.staffed_hours),
    };
    wanted.check()?;
    wanted.put(tx, id).await?;
    let picture = |change: Option<&Picture>, new: Option<&String>, old: Option<&String>| match change {
        None => old.cloned(),
        Some(Picture::New(_)) => new.cloned(),
        Some(Picture::Removed) => None,
    };
    let avatar = picture(changes.avatar.as_ref(), pictures.avatar.as_ref(), before.avatar.as_ref());
    let header = picture(changes.header.as_ref(), pictures.header.as_ref(), before.header.as_ref());
    actors::present(tx, before.id, title, summary, avatar, header, app.now()).await?;
    guidance::tell(tx, app, id).await?;
    if actors::find(tx, before.id).await?.as_ref() != Some(before) {
        effects::of(tx, app, Event::ProfileChanged { actor: before.id }, Via::Here).await?;
    }
    Ok(())
}

/// Checks what a community is called and for against the limits.
pub(super) fn check(title: &str, summary: &str) -> Result<(), Error> {
    if title.trim().is_empty() || title.chars().count() > NAME_CHARS_MAX {
        return Err(Error::Title);
    }
    if summary.chars().count() > NOTE_CHARS_MAX {
        return Err(Error::Summary);
    }
    Ok(())
}

/// The files of pictures that are shown no more.
fn replaced(before: &Actor, changes: &Changes) -> Vec<String> {
    let avatar = before.avatar.clone().filter(|_| changes.avatar.is_some());
    let header = before.header.clone().filter(|_| changes.header.is_some());
    [avatar, header].into_iter().flatten().collect()
}
