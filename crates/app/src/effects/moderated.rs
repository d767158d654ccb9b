//! What follows from a measure of a moderator: whoever it is about learns of it and why, and other nodes are
//! told.

use super::{Via, is_elsewhere, notify, push, thread};
use crate::communities::guidance;
use crate::context::App;
use alongside_domain::community::Community;
use alongside_domain::job::Job;
use alongside_domain::moderation::{Measure, MeasureKind, Taken};
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::{measures, notifications, posts};

pub(super) async fn moderated(
    tx: &mut Tx,
    app: &App,
    taken: &Taken,
    community: &Community,
    via: Via,
) -> Result<(), Error> {
    let post = match taken.measure.post() {
        Some(post) => posts::find(tx, post).await?,
        None => None,
    };
    tell(tx, app, taken, community, post.as_ref()).await?;
    if matches!(taken.measure.kind(), MeasureKind::Appoint | MeasureKind::Dismiss) {
        // Who looks after a community of ours stands in its profile.
        guidance::retell(tx, app, community.id).await?;
    }
    if !community.local && is_elsewhere(tx, taken.by).await? {
        return Ok(());
    }
    let inbox = match via {
        Via::Arrived(inbox) => Some(inbox),
        Via::Here | Via::Fetched | Via::Announced(_) => None,
    };
    let sequence = post.as_ref().map_or_else(|| format!("community:{}", community.id), thread);
    push(tx, app, &Job::Moderate { measure: taken.id, inbox }, &sequence).await?;
    if let (Measure::Restore(_), Some(post)) = (taken.measure, post.filter(|post| post.local)) {
        // What was on its way when it was removed was taken back.
        push(tx, app, &Job::Publish { post: post.id }, &sequence).await?;
    }
    Ok(())
}

/// Tells whoever wrote the post, or was sent out. It comes from the community: which of its moderators it
/// was is not theirs to answer for alone.
async fn tell(
    tx: &mut Tx,
    app: &App,
    taken: &Taken,
    community: &Community,
    post: Option<&Post>,
) -> Result<(), Error> {
    let from = community.id.actor();
    let whom = match taken.measure {
        Measure::Remove(_) => post.map(|post| post.author),
        Measure::Ban { member, .. } => Some(member),
        Measure::Restore(_) | Measure::Unban(_) => {
            let kind = taken.measure.kind().takes_back().unwrap_or(MeasureKind::Remove);
            if let Some(earlier) = measures::before(tx, taken, kind).await? {
                notifications::retract(tx, NotificationKind::Measure, from, earlier.id.get()).await?;
            }
            None
        }
        Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_)
        | Measure::Appoint(_)
        | Measure::Dismiss(_) => None,
    };
    match whom.filter(|whom| *whom != taken.by) {
        Some(whom) => notify(tx, app, NotificationKind::Measure, whom, from, None, taken.id.get()).await,
        None => Ok(()),
    }
}
