//! What administrators decide about other hosts from a client. It is the one decision that the command line makes
//! too, under the number that clients name it by.

use super::{note, part};
use crate::context::App;
use crate::memberships;
use crate::staff::{self, Acting};
use alongside_domain::agreement::{self, Limit, Limits, Policy};
use alongside_domain::fold;
use alongside_domain::id::{DecisionId, MemberId};
use alongside_domain::limits::COMMENT_CHARS_MAX;
use alongside_domain::policy::Refusal;
use alongside_domain::staff::Duty;
use alongside_store::decisions::{self, Decision};
use alongside_store::engine::Tx;
use alongside_store::{error, hosts, partings};

/// Why nothing was decided. The texts are shown to administrators.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or there is no such decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is no name of a host.
    #[error("Validation failed: that is not the name of a server")]
    Host,
    /// A node always talks to itself.
    #[error("Validation failed: that is this node itself")]
    Ourselves,
    /// A comment is too long.
    #[error("Validation failed: a comment may have {COMMENT_CHARS_MAX} characters")]
    Comment,
    /// It takes nothing away.
    #[error(
        "Validation failed: that would take nothing from the server: choose a severity, or reject media or reports"
    )]
    Nothing,
    /// Something was decided about it before.
    #[error(
        "Validation failed: something is decided about this server already: change that, or take it back first"
    )]
    Known(Box<Decision>),
    /// It is in the agreement.
    #[error("Validation failed: this server is in the agreement: take it out first")]
    Agreed,
    /// It is blocked.
    #[error("Validation failed: this server is limited or blocked: take that back first")]
    Limited,
    /// The store could not do it.
    #[error("the decision could not be kept")]
    Store(#[from] error::Error),
}

/// What is to be taken from a host, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Nothing is taken from it, and nothing sent to it.
    pub block: bool,
    /// What else is taken away.
    pub limits: Limits,
    /// Why, for everybody to read.
    pub comment: String,
    /// Why, for the staff.
    pub private_comment: String,
    /// Its name is shown to others in part.
    pub obfuscate: bool,
}

/// Takes something from a host about which nothing is decided yet.
pub async fn restrict(app: &App, by: MemberId, host: &str, wish: &Wish) -> Result<Decision, Error> {
    let name = name(app, host)?;
    let (mut tx, by) = begin(app, by).await?;
    if let Some(known) = decisions::of_host(&mut tx, &name).await? {
        return Err(if known.policy == Policy::Allow {
            Error::Agreed
        } else {
            Error::Known(Box::new(known))
        });
    }
    if let Some(known) = blocked_above(&mut tx, &name).await? {
        return Err(Error::Known(Box::new(known)));
    }
    write(&mut tx, app, &by, &name, wish).await?;
    kept(tx, &name).await
}

/// The block of a name that this one lies below, which covers it already.
async fn blocked_above(tx: &mut Tx, name: &str) -> Result<Option<Decision>, error::Error> {
    for above in agreement::names(name).into_iter().skip(1).filter(|above| !above.is_empty()) {
        let known = decisions::of_host(tx, above).await?;
        if let Some(block) = known.filter(|known| known.policy == Policy::Block) {
            return Ok(Some(block));
        }
    }
    Ok(None)
}

/// Changes what is taken from a host.
pub async fn change(app: &App, by: MemberId, id: DecisionId, wish: &Wish) -> Result<Decision, Error> {
    let (mut tx, by) = begin(app, by).await?;
    let known = restricting(&mut tx, id).await?;
    write(&mut tx, app, &by, &known.name, wish).await?;
    kept(tx, &known.name).await
}

/// Takes nothing from a host any more. What ended when it was blocked stays ended.
pub async fn release(app: &App, by: MemberId, id: DecisionId) -> Result<(), Error> {
    let (mut tx, by) = begin(app, by).await?;
    let known = restricting(&mut tx, id).await?;
    open(&mut tx, app, &by, &known.name).await?;
    Ok(tx.commit().await?)
}

/// Puts a host into the agreement; one that is there stays.
pub async fn agree(app: &App, by: MemberId, host: &str) -> Result<Decision, Error> {
    let name = name(app, host)?;
    let (mut tx, by) = begin(app, by).await?;
    match decisions::of_host(&mut tx, &name).await? {
        Some(known) if known.policy == Policy::Allow => return Ok(known),
        Some(_) => return Err(Error::Limited),
        None => {}
    }
    hosts::set_policy(&mut tx, &name, Policy::Allow).await?;
    memberships::expel(&mut tx, app, &name).await?;
    note(&mut tx, app, Some(by.account), "host.allow", &name, "").await?;
    kept(tx, &name).await
}

/// Takes a host out of the agreement.
pub async fn disagree(app: &App, by: MemberId, id: DecisionId) -> Result<(), Error> {
    let (mut tx, by) = begin(app, by).await?;
    let known = decisions::find(&mut tx, id).await?.filter(|known| known.policy == Policy::Allow);
    open(&mut tx, app, &by, &known.ok_or(Refusal::Hidden)?.name).await?;
    Ok(tx.commit().await?)
}

fn name(app: &App, host: &str) -> Result<String, Error> {
    let name = fold::name_of_host(host).ok_or(Error::Host)?;
    if name == app.places().host() { Err(Error::Ourselves) } else { Ok(name) }
}

async fn begin(app: &App, by: MemberId) -> Result<(Tx, Acting), Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Hosts).await??;
    Ok((tx, by))
}

async fn restricting(tx: &mut Tx, id: DecisionId) -> Result<Decision, Error> {
    let known = decisions::find(tx, id).await?.filter(|known| known.policy != Policy::Allow);
    Ok(known.ok_or(Refusal::Hidden)?)
}

async fn write(tx: &mut Tx, app: &App, by: &Acting, name: &str, wish: &Wish) -> Result<(), Error> {
    if [&wish.comment, &wish.private_comment].iter().any(|it| it.chars().count() > COMMENT_CHARS_MAX) {
        return Err(Error::Comment);
    }
    let limits = wish.limits.narrowing();
    if !wish.block && limits == Limits::default() {
        return Err(Error::Nothing);
    }
    let before = hosts::find(tx, name).await?;
    let was_blocked = before.as_ref().is_some_and(|host| host.policy == Policy::Block);
    let policy = if wish.block { Policy::Block } else { Policy::Open };
    hosts::set_policy(tx, name, policy).await?;
    hosts::set_limits(tx, name, limits).await?;
    hosts::set_comment(tx, name, &wish.comment).await?;
    decisions::annotate(tx, name, &wish.private_comment, wish.obfuscate).await?;
    if wish.block && !was_blocked {
        part(tx, app, name).await?;
    }
    if limits.has(Limit::NoMedia) {
        partings::forget_media(tx, name).await?;
    }
    memberships::expel(tx, app, name).await?;
    let (verb, detail) =
        if wish.block { ("host.block", String::new()) } else { ("host.limit", limits.to_string()) };
    Ok(note(tx, app, Some(by.account), verb, name, &detail).await?)
}

async fn open(tx: &mut Tx, app: &App, by: &Acting, name: &str) -> Result<(), error::Error> {
    hosts::set_policy(tx, name, Policy::Open).await?;
    hosts::set_limits(tx, name, Limits::default()).await?;
    hosts::set_comment(tx, name, "").await?;
    memberships::expel(tx, app, name).await?;
    note(tx, app, Some(by.account), "host.open", name, "").await
}

async fn kept(mut tx: Tx, name: &str) -> Result<Decision, Error> {
    let kept = decisions::of_host(&mut tx, name).await?.ok_or(Refusal::Hidden)?;
    tx.commit().await?;
    Ok(kept)
}
