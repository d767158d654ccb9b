//! Who may moderate a community, and how much of a say they have there.

use super::Error;
use crate::context::App;
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::community::Community;
use alongside_domain::id::{ActorId, CommunityId, MemberId};
use alongside_domain::moderation::{MeasureKind, Rank, may_reach};
use alongside_domain::policy::{self, Permit, Refusal, Relation, Verb};
use alongside_store::session::Session;
use alongside_store::{actors, communities, error, members};

/// Leave to moderate, and the rank of who has it.
#[derive(Debug)]
pub(super) struct Authority {
    permit: Permit,
    by: ActorId,
    rank: Rank,
    /// Another node decided it, and told us: who is in reach of whom was its business.
    decided_elsewhere: bool,
}

impl Authority {
    /// Whether a measure of this kind may be taken about somebody of this rank.
    pub(super) fn reaches(&self, kind: MeasureKind, whom: ActorId, rank: Rank) -> bool {
        debug_assert_eq!(self.permit.verb(), Verb::Moderate);
        self.decided_elsewhere || may_reach(kind, self.rank, rank, whom == self.by)
    }
}

/// Asks the policy whether somebody may moderate a community. In a community elsewhere whoever lives on its
/// host may: what they do comes to us only where it has announced it.
pub(super) async fn authority(
    session: &mut impl Session,
    app: &App,
    by: &Actor,
    community: &Community,
) -> Result<Authority, Error> {
    let standing = communities::standing(session, community.id, by.id, app.now()).await?;
    let rank = rank(session, by.id, community).await?;
    let relation = match rank {
        Rank::Moderator { .. } | Rank::Staff => Relation::Moderator,
        Rank::Nobody if is_at_home_with(session, by, community).await? => Relation::Moderator,
        Rank::Nobody if standing.member => Relation::Member,
        Rank::Nobody => Relation::Outsider,
    };
    let permit = policy::check(Verb::Moderate, None, relation, community.audience.into())?;
    Ok(Authority { permit, by: by.id, rank, decided_elsewhere: !community.local && !by.is_local() })
}

/// Whether somebody here may moderate a community, for whoever shows them what moderators see.
pub async fn check(app: &App, by: ActorId, community: CommunityId) -> Result<(), Error> {
    let mut reader = app.reader();
    let found = communities::find(&mut reader, community.actor()).await?.ok_or(Refusal::Hidden)?;
    authority_of(&mut reader, app, by, &found).await
}

/// As [`check`], within a verb.
pub(crate) async fn authority_of(
    session: &mut impl Session,
    app: &App,
    by: ActorId,
    community: &Community,
) -> Result<(), Error> {
    let by = actors::find(session, by).await?.filter(Actor::is_present).ok_or(Refusal::Forbidden)?;
    authority(session, app, &by, community).await.map(|_| ())
}

/// How much of a say somebody has in a community.
pub(super) async fn rank(
    session: &mut impl Session,
    actor: ActorId,
    community: &Community,
) -> Result<Rank, error::Error> {
    if actor == community.id.actor() {
        return Ok(Rank::Staff);
    }
    if community.local
        && let Some(member) = members::find(session, MemberId::of(actor)).await?
        && matches!(member.role, Role::Moderator | Role::Admin)
    {
        return Ok(Rank::Staff);
    }
    let steward = communities::steward(session, community.id, actor).await?;
    Ok(steward.map_or(Rank::Nobody, |steward| Rank::Moderator { since: steward.created_at }))
}

async fn is_at_home_with(
    session: &mut impl Session,
    by: &Actor,
    community: &Community,
) -> Result<bool, error::Error> {
    if community.local || by.is_local() {
        return Ok(false);
    }
    let home = actors::find(session, community.id.actor()).await?;
    Ok(home.is_some_and(|home| home.server() == by.server()))
}
