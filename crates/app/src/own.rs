//! What is a member's own and concerns nobody else: how far they have read, what they have seen of
//! their notifications and conversations, what was suggested to them, and the hashtags they follow.

use crate::context::App;
use crate::sign_ups;
use alongside_domain::fold::fold;
use alongside_domain::id::{ActorId, ConversationId, MemberId, NotificationId};
use alongside_domain::limits::{TAG_CHARS_MAX, TAG_FOLLOWS_MAX};
use alongside_domain::marker::{Marker, Timeline};
use alongside_store::conversations::Conversation;
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::{conversations, directory, markers, members, notifications, tag_follows};

/// Keeps how far a member has read in these timelines.
pub async fn mark(app: &App, member: MemberId, places: &[(Timeline, i64)]) -> Result<Vec<Marker>, Error> {
    let mut tx = app.store().begin().await?;
    let mut kept = Vec::with_capacity(places.len());
    for (timeline, last) in places {
        let last = match timeline {
            Timeline::Home => *last,
            Timeline::Notifications => {
                let last = meant(&mut tx, member, *last).await?;
                members::set_notifications_read(&mut tx, member, last).await?;
                last
            }
        };
        kept.push(markers::put(&mut tx, member, *timeline, last, app.now()).await?);
    }
    tx.commit().await?;
    Ok(kept)
}

/// The id of the notification that is meant. The API gives the newest of a group as a number, and a browser's numbers
/// have room for 53 bits: what comes back is close to the id that was given, and would be another one.
async fn meant(tx: &mut Tx, member: MemberId, said: i64) -> Result<i64, Error> {
    const DISTANCE_MAX: i64 = 16;
    let near = notifications::around(tx, member, said, DISTANCE_MAX).await?;
    let near: Vec<i64> = near.into_iter().map(NotificationId::get).collect();
    if near.contains(&said) {
        return Ok(said);
    }
    let alike = near.into_iter().find(|id| in_a_browser(*id) == in_a_browser(said));
    Ok(alike.unwrap_or(said))
}

#[expect(clippy::cast_precision_loss, reason = "what is lost is what this is about")]
fn in_a_browser(id: i64) -> u64 {
    (id as f64).to_bits()
}

/// Forgets one notification; false if the member has no such one.
pub async fn dismiss(app: &App, member: MemberId, id: NotificationId) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let known = notifications::dismiss(&mut tx, member, id).await?;
    tx.commit().await?;
    Ok(known)
}

/// Forgets every notification of a member.
pub async fn clear_notifications(app: &App, member: MemberId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    notifications::clear(&mut tx, member).await?;
    tx.commit().await
}

/// Notes whether a member has something left to read in a conversation, and gives it; none if it is not theirs.
pub async fn mark_conversation(
    app: &App,
    member: MemberId,
    id: ConversationId,
    unread: bool,
) -> Result<Option<Conversation>, Error> {
    let mut tx = app.store().begin().await?;
    conversations::mark(&mut tx, member, id, unread).await?;
    let marked = conversations::find(&mut tx, member, id).await?;
    tx.commit().await?;
    Ok(marked)
}

/// Takes a conversation out of a member's view; false if it is not theirs.
pub async fn remove_conversation(app: &App, member: MemberId, id: ConversationId) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let known = conversations::remove(&mut tx, member, id).await?;
    tx.commit().await?;
    Ok(known)
}

/// Suggests somebody to a member no more.
pub async fn turn_down(app: &App, member: MemberId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    if sign_ups::known(&mut tx, target).await?.is_some() {
        directory::turn_down(&mut tx, member, target).await?;
    }
    tx.commit().await
}

/// Why a hashtag is not followed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum TagError {
    /// It is no hashtag.
    #[error("That is not a hashtag")]
    Tag,
    /// There are enough.
    #[error("You can follow {TAG_FOLLOWS_MAX} hashtags")]
    TooMany,
    /// The store could not do it.
    #[error("the hashtag could not be followed")]
    Store(#[from] Error),
}

/// Follows a hashtag; gives it as it is kept.
pub async fn follow_tag(app: &App, member: MemberId, tag: &str) -> Result<String, TagError> {
    let tag = read_tag(tag).ok_or(TagError::Tag)?;
    let mut tx = app.store().begin().await?;
    let known = tag_follows::after(&mut tx, member, "", TAG_FOLLOWS_MAX).await?;
    if i64::try_from(known.len()).is_ok_and(|known| known >= TAG_FOLLOWS_MAX) {
        return Err(TagError::TooMany);
    }
    tag_follows::add(&mut tx, member, &tag).await?;
    tx.commit().await?;
    Ok(tag)
}

/// Follows a hashtag no more; gives it as it was kept.
pub async fn unfollow_tag(app: &App, member: MemberId, tag: &str) -> Result<String, TagError> {
    let tag = read_tag(tag).ok_or(TagError::Tag)?;
    let mut tx = app.store().begin().await?;
    tag_follows::remove(&mut tx, member, &tag).await?;
    tx.commit().await?;
    Ok(tag)
}

/// A hashtag as it is kept, if this is one.
pub fn read_tag(text: &str) -> Option<String> {
    let tag = fold(text.trim().trim_start_matches('#'));
    let fits = (1..=TAG_CHARS_MAX).contains(&tag.chars().count())
        && tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && tag.chars().any(|c| !c.is_numeric() && c != '_');
    fits.then_some(tag)
}
