//! Closing a community for good.

use super::Error;
use crate::context::App;
use crate::{departures, effects, strays};
use alongside_domain::actor::Actor;
use alongside_domain::id::{CommunityId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::policy::{self, Refusal, Relation, Verb};
use alongside_store::{actors, audit, communities, departures as stored, members};

/// Closes a community of this node, because whoever runs the node says so. Memberships end, and other nodes are
/// told that it is gone. What was written in it stays its authors': what was for everybody is still theirs to
/// show, and what was for members is read by its author alone.
pub async fn close(app: &App, by: MemberId, id: CommunityId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let member = members::find(&mut tx, by).await?.ok_or(Refusal::Forbidden)?;
    let community = communities::find(&mut tx, id.actor()).await?.ok_or(Refusal::Hidden)?;
    let actor = actors::find(&mut tx, id.actor()).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?;
    if !community.local {
        return Err(Refusal::Forbidden.into());
    }
    // That a community is there is no secret, whoever may read in it.
    let openness = policy::Openness::Open;
    let permit = policy::check(Verb::Close, Some(member.role), Relation::Outsider, openness)?;
    debug_assert_eq!(permit.verb(), Verb::Close);
    departures::begin(&mut tx, app, &actor).await?;
    stored::forget(&mut tx, actor.id, app.now()).await?;
    stored::forget_community(&mut tx, id).await?;
    actors::delete(&mut tx, actor.id, app.now()).await?;
    effects::push(&mut tx, app, &Job::Depart { actor: actor.id }, "").await?;
    let by = Some(member.account_id);
    audit::append(&mut tx, app.ids(), app.now(), by, "community.close", &actor.handle, "").await?;
    let portraits = departures::portraits(&actor);
    strays::let_go(&mut tx, app, &portraits).await?;
    tx.commit().await?;
    strays::remove(app, portraits).await;
    Ok(())
}
