//! What whoever runs the node tells every member; members note that they read it, and answer with a sign.

use crate::context::App;
use crate::effects::noted;
use alongside_domain::announcement::{self, Announcement, Emoji, NoEmoji, Unfit};
use alongside_domain::change::Change;
use alongside_domain::clock::Timestamp;
use alongside_domain::compose;
use alongside_domain::id::{AnnouncementId, MemberId};
use alongside_domain::limits::{ANNOUNCEMENT_REACTIONS_MAX, ANNOUNCEMENTS_MAX};
use alongside_domain::place::Place;
use alongside_store::{announcements, audit, error};

/// Why something was not done with an announcement. The texts are shown to whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not shown, or never was.
    #[error("Record not found")]
    NotFound,
    /// It cannot be announced.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There are enough at once.
    #[error("{ANNOUNCEMENTS_MAX} announcements are shown already: take one back first")]
    TooMany,
    /// That is no sign.
    #[error(transparent)]
    NoEmoji(#[from] NoEmoji),
    /// There are enough kinds of signs.
    #[error("Validation failed: an announcement can have {ANNOUNCEMENT_REACTIONS_MAX} different reactions")]
    TooManyReactions,
    /// The store could not do it.
    #[error("this could not be kept")]
    Store(#[from] error::Error),
}

/// Tells every member something.
pub async fn publish(
    app: &App,
    text: &str,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
) -> Result<Announcement, Error> {
    let (text, now) = (text.trim(), app.now());
    announcement::check(text, starts_at, ends_at, now)?;
    let mut tx = app.store().begin().await?;
    let shown = announcements::current(&mut tx, now, ANNOUNCEMENTS_MAX).await?;
    if i64::try_from(shown.len()).is_ok_and(|shown| shown >= ANNOUNCEMENTS_MAX) {
        return Err(Error::TooMany);
    }
    let announcement = Announcement {
        id: app.next_id(),
        source: text.to_owned(),
        content: compose::html(text, &[], &app.places().of(Place::Tag(""))),
        starts_at,
        ends_at,
        published_at: now,
        updated_at: now,
    };
    announcements::put(&mut tx, &announcement).await?;
    noted::note(&mut tx, app, &Change::Announced { announcement: announcement.id }).await?;
    let subject = format!("announcement {}", announcement.id);
    audit::append(&mut tx, app.ids(), now, None, "announcement.publish", &subject, text).await?;
    tx.commit().await?;
    Ok(announcement)
}

/// Takes back what was told.
pub async fn take_back(app: &App, id: AnnouncementId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    if !announcements::remove(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    noted::note(&mut tx, app, &Change::Withdrawn { announcement: id }).await?;
    let subject = format!("announcement {id}");
    audit::append(&mut tx, app.ids(), app.now(), None, "announcement.withdraw", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that a member has read it.
pub async fn dismiss(app: &App, member: MemberId, id: AnnouncementId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    announcements::mark_read(&mut tx, id, member).await?;
    tx.commit().await?;
    Ok(())
}

/// Answers it with a sign.
pub async fn react(app: &App, member: MemberId, id: AnnouncementId, sign: &str) -> Result<(), Error> {
    let sign = Emoji::parse(sign)?;
    let mut tx = app.store().begin().await?;
    let known = announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if known.ends_at.is_some_and(|end| end <= app.now()) {
        return Err(Error::NotFound);
    }
    let there = announcements::reactions(&mut tx, &[id], member).await?;
    let is_new = !there.iter().any(|reaction| reaction.name == sign.as_str());
    if is_new && there.len() >= ANNOUNCEMENT_REACTIONS_MAX {
        return Err(Error::TooManyReactions);
    }
    announcements::react(&mut tx, id, member, &sign).await?;
    noted::note(&mut tx, app, &answered(id, &sign)).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a sign back.
pub async fn unreact(app: &App, member: MemberId, id: AnnouncementId, sign: &str) -> Result<(), Error> {
    let sign = Emoji::parse(sign)?;
    let mut tx = app.store().begin().await?;
    announcements::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !announcements::unreact(&mut tx, id, member, &sign).await? {
        return Err(Error::NotFound);
    }
    noted::note(&mut tx, app, &answered(id, &sign)).await?;
    tx.commit().await?;
    Ok(())
}

fn answered(announcement: AnnouncementId, sign: &Emoji) -> Change {
    Change::Answered { announcement, sign: sign.as_str().to_owned() }
}
