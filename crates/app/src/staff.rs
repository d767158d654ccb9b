//! Who of the node's staff acts. Asked for each verb and not when a token is given: roles change.

use alongside_domain::id::{AccountId, ActorId, MemberId};
use alongside_domain::policy::Refusal;
use alongside_domain::staff::{self, Duty, Leave};
use alongside_store::session::Session;
use alongside_store::{error, members};

/// Somebody who does one kind of work.
#[derive(Debug)]
pub struct Acting {
    /// The persona they do it as.
    pub actor: ActorId,
    /// The account behind it, for the audit trail.
    pub account: AccountId,
    /// Leave to do it.
    pub leave: Leave,
}

/// Asks the policy whether a member may do this kind of work.
pub async fn acting(
    session: &mut impl Session,
    by: MemberId,
    duty: Duty,
) -> Result<Result<Acting, Refusal>, error::Error> {
    let Some(member) = members::find(session, by).await? else { return Ok(Err(Refusal::Forbidden)) };
    Ok(staff::check(member.role, duty).map(|leave| Acting {
        actor: by.actor(),
        account: member.account_id,
        leave,
    }))
}
