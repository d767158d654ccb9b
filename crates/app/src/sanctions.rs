//! Sanctions of the node's staff: begun with a reason, told to whoever they are about, and ended by themselves.

use crate::communities::guidance;
use crate::context::App;
use crate::staff::{self, Acting};
use crate::{effects, reports};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::id::{ActorId, MemberId, ReportId, SanctionId};
use alongside_domain::job::Job;
use alongside_domain::limits::SANCTION_CHARS_MAX;
use alongside_domain::notification::NotificationKind;
use alongside_domain::policy::Refusal;
use alongside_domain::sanction::{Sanction, SanctionKind, Unending};
use alongside_domain::staff::Duty;
use alongside_store::engine::Tx;
use alongside_store::notifications::Notice;
use alongside_store::{actors, audit, error, jobs, members, people, sanctions};

/// Why nothing was decided. The texts are shown to staff.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or there is nobody of that id.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// They look after the node themselves, or are oneself.
    #[error("They look after this node: an administrator can sanction a moderator, and nobody themselves")]
    OutOfReach,
    /// There is nothing to sanction yet.
    #[error("They wait to be let in: let them in, or turn them away")]
    Waiting,
    /// The message is too long.
    #[error("Validation failed: a message may have {SANCTION_CHARS_MAX} characters")]
    Message,
    /// It would have no end.
    #[error("Validation failed: {0}")]
    Unending(#[from] Unending),
    /// Somebody who lives elsewhere does not sign in here.
    #[error(
        "They do not live on this node, and cannot be kept from signing in here: silence or suspend them"
    )]
    Elsewhere,
    /// The report is about somebody else.
    #[error("Validation failed: there is no such report about them")]
    Report,
    /// The store could not do it.
    #[error("the sanction could not be kept")]
    Store(#[from] error::Error),
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct New {
    /// What.
    pub kind: SanctionKind,
    /// The report that leads to it. It is dealt with then.
    pub report: Option<ReportId>,
    /// What whoever it is about is told.
    pub message: String,
    /// How long it lasts; as long as usual, if nobody says.
    pub secs: Option<i64>,
}

/// Sanctions somebody. The same again begins its time anew.
pub async fn impose(app: &App, by: MemberId, target: ActorId, new: New) -> Result<(), Error> {
    if new.message.chars().count() > SANCTION_CHARS_MAX {
        return Err(Error::Message);
    }
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let (by, whom) = reached(&mut tx, by, target, Duty::People).await?;
    if new.kind == SanctionKind::Disable && !members::exists(&mut tx, target).await? {
        return Err(Error::Elsewhere);
    }
    // Before the sanction names it: there may be no such report.
    if let Some(report) = new.report {
        let resolved = reports::handling::resolve_by(&mut tx, app, &by, report, target).await?;
        resolved.then_some(()).ok_or(Error::Report)?;
    }
    let sanction = Sanction {
        id: app.next_id(),
        target,
        kind: new.kind,
        by: by.actor,
        report: new.report,
        message: new.message,
        at: now,
        until: new.kind.ends(now, new.secs)?,
        ended_at: (!new.kind.lasts()).then_some(now),
    };
    sanctions::end(&mut tx, target, new.kind, now).await?;
    sanctions::insert(&mut tx, &sanction).await?;
    if let Some(until) = sanction.until {
        switch(&mut tx, app, &whom, new.kind, true).await?;
        jobs::push(&mut tx, app.next_id(), &Job::SanctionEnded { sanction: sanction.id }, "", until).await?;
    }
    tell(&mut tx, app, &sanction).await?;
    let until = sanction.until.map_or(String::new(), |until| format!(" until {until}"));
    note(&mut tx, app, Some(&by), "begin", &sanction, &until).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a sanction before its time. One that is not there is not there afterwards either.
pub async fn lift(app: &App, by: MemberId, target: ActorId, kind: SanctionKind) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let (by, whom) = reached(&mut tx, by, target, Duty::People).await?;
    let ended = sanctions::end(&mut tx, target, kind, app.now()).await?;
    let changed = switch(&mut tx, app, &whom, kind, false).await?;
    if ended > 0 || changed {
        let subject = format!("actor {target}");
        let verb = format!("sanction.{kind}.lift");
        audit::append(&mut tx, app.ids(), app.now(), Some(by.account), &verb, &subject, "").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Ends a sanction whose time has come. One that was lifted or replaced before, or whose time has not come, is left
/// as it is.
pub async fn end(app: &App, id: SanctionId) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    let Some(sanction) = sanctions::find(&mut tx, id).await? else { return Ok(()) };
    let is_over = sanction.ended_at.is_none() && sanction.until.is_some_and(|until| until <= app.now());
    let Some(whom) = actors::find(&mut tx, sanction.target).await?.filter(|_| is_over) else {
        return Ok(());
    };
    sanctions::end(&mut tx, sanction.target, sanction.kind, app.now()).await?;
    switch(&mut tx, app, &whom, sanction.kind, false).await?;
    note(&mut tx, app, None, "end", &sanction, "").await?;
    tx.commit().await
}

/// Whoever acts, and about whom, if the one is in reach of the other.
pub(crate) async fn reached(
    tx: &mut Tx,
    by: MemberId,
    target: ActorId,
    duty: Duty,
) -> Result<(Acting, Actor), Error> {
    let by = staff::acting(tx, by, duty).await??;
    let whom = actors::find(tx, target).await?;
    let whom = whom.filter(|whom| whom.deleted_at.is_none() && whom.kind != ActorKind::Application);
    let whom = whom.ok_or(Refusal::Hidden)?;
    let behind = people::behind(tx, &[target]).await?.pop();
    let is_oneself = behind.as_ref().is_some_and(|person| person.account_id == by.account);
    if !by.leave.reaches(behind.as_ref().map(|person| person.role), is_oneself) {
        return Err(Error::OutOfReach);
    }
    if behind.is_some_and(|person| person.waits()) {
        return Err(Error::Waiting);
    }
    Ok((by, whom))
}

/// Begins or ends what a sanction does. Other nodes are told of a suspension of ours, so that they hide what they
/// have; nothing is deleted anywhere, because it ends.
async fn switch(
    tx: &mut Tx,
    app: &App,
    whom: &Actor,
    kind: SanctionKind,
    on: bool,
) -> Result<bool, error::Error> {
    let changed = sanctions::set(tx, whom.id, kind, on.then(|| app.now())).await?;
    if changed && kind == SanctionKind::Suspend {
        if whom.is_local() {
            effects::push(tx, app, &Job::Profile { actor: whom.id }, "").await?;
        }
        guidance::retell_looked_after_by(tx, app, whom.id).await?;
    }
    Ok(changed)
}

/// Tells a member here what was decided and why. It does not say who decided it.
async fn tell(tx: &mut Tx, app: &App, sanction: &Sanction) -> Result<(), error::Error> {
    if !members::exists(tx, sanction.target).await? {
        return Ok(());
    }
    let notice = Notice {
        id: app.next_id(),
        member_id: MemberId::of(sanction.target),
        kind: NotificationKind::Measure,
        from_id: sanction.target,
        post_id: None,
        subject_id: sanction.id.get(),
        at: sanction.at,
        apart: false,
    };
    effects::noted::tell(tx, app, &notice).await
}

async fn note(
    tx: &mut Tx,
    app: &App,
    by: Option<&Acting>,
    what: &str,
    sanction: &Sanction,
    more: &str,
) -> Result<(), error::Error> {
    let verb = format!("sanction.{}.{what}", sanction.kind);
    let subject = format!("actor {}", sanction.target);
    let report = sanction.report.map_or(String::new(), |report| format!(" report {report}"));
    let detail = format!("sanction {}{report}{more}", sanction.id);
    let account = by.map(|by| by.account);
    audit::append(tx, app.ids(), app.now(), account, &verb, &subject, &detail).await
}
