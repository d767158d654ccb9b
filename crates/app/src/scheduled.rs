//! Scheduling posts, and publishing them when their moment has come.
//!
//! A scheduled post is checked twice by the verb that publishes every post: when it is scheduled, so that its
//! author is told at once, and when it is published. What may not be published then stays with its author, with
//! the reason, until they put it off or take it back.

use crate::context::App;
use crate::posts::{self, Writing};
use alongside_domain::clock::Timestamp;
use alongside_domain::draft::Draft;
use alongside_domain::id::{MemberId, ScheduledId};
use alongside_domain::job::Job;
use alongside_domain::limits::{SCHEDULED_AHEAD_SECS_MIN, SCHEDULED_MAX, SCHEDULED_PER_DAY_MAX};
use alongside_domain::policy::Refusal;
use alongside_domain::scheduled::{self, Scheduled};
use alongside_store::engine::Tx;
use alongside_store::{error, jobs, media, members, scheduled as stored};

/// Why a post was not scheduled or put off. The texts are shown to the writer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The member has no such scheduled post, or none any more.
    #[error("Record not found")]
    NotFound,
    /// It would be due too soon, or is in the past.
    #[error(
        "Validation failed: a post is scheduled at least {} minutes ahead",
        SCHEDULED_AHEAD_SECS_MIN / 60
    )]
    TooSoon,
    /// There are enough.
    #[error("Validation failed: you can have {SCHEDULED_MAX} scheduled posts")]
    TooMany,
    /// There are enough on that day.
    #[error("Validation failed: you can schedule {SCHEDULED_PER_DAY_MAX} posts for one day")]
    TooManyThatDay,
    /// It could not be published now either.
    #[error(transparent)]
    Post(#[from] posts::Error),
    /// The store could not do it.
    #[error("the post could not be kept")]
    Store(#[from] error::Error),
}

/// Keeps a post until its moment. The same key gives the same scheduled post while it waits.
pub async fn schedule(
    app: &App,
    writing: &Writing,
    draft: &Draft,
    at: Timestamp,
) -> Result<Scheduled, Error> {
    let mut tx = app.store().begin().await?;
    if let Some(known) = known(&mut tx, writing).await? {
        return Ok(known);
    }
    let scheduled = Scheduled {
        id: app.next_id(),
        member: writing.author,
        draft: posts::settled(&mut tx, app, writing.author, draft).await?,
        application: writing.application.clone(),
        idempotency_key: writing.idempotency_key.clone(),
        due_at: at,
        error: None,
    };
    check(&mut tx, app, &scheduled).await?;
    if !stored::insert(&mut tx, &scheduled).await? {
        return known(&mut tx, writing).await?.ok_or(Error::NotFound);
    }
    if !media::reserve(&mut tx, scheduled.member.actor(), scheduled.id, &scheduled.draft.media).await? {
        let files = &scheduled.draft.media;
        return Err(posts::not_attached(&mut tx, scheduled.member.actor(), files).await?.into());
    }
    see_to(&mut tx, app, &scheduled).await?;
    tx.commit().await?;
    Ok(scheduled)
}

/// Puts a scheduled post off, or brings it forward. One that was not published when it was due gets another try.
pub async fn reschedule(
    app: &App,
    member: MemberId,
    id: ScheduledId,
    at: Timestamp,
) -> Result<Scheduled, Error> {
    let mut tx = app.store().begin().await?;
    let before = stored::find(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    let scheduled = Scheduled { due_at: at, error: None, ..before };
    check(&mut tx, app, &scheduled).await?;
    if !stored::set_due(&mut tx, id, at).await? {
        return Err(Error::NotFound);
    }
    see_to(&mut tx, app, &scheduled).await?;
    tx.commit().await?;
    Ok(scheduled)
}

/// Takes a scheduled post back. Its images can be used again, for a while.
pub async fn cancel(app: &App, member: MemberId, id: ScheduledId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    stored::find(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    media::give_back(&mut tx, id).await?;
    if !stored::remove(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    jobs::forget(&mut tx, &sequence(id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Publishes a scheduled post whose moment has come, once. Before it, or when it is gone, nothing happens.
pub async fn publish(app: &App, id: ScheduledId) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    media::give_back(&mut tx, id).await?;
    let Some(due) = stored::take(&mut tx, id, app.now()).await? else { return Ok(()) };
    if !members::can_act(&mut tx, due.member).await? {
        return leave(app, tx, id, "You could not post when this was due").await;
    }
    let draft = match Draft::new(due.draft, app.settings().post_chars_max) {
        Ok(draft) => draft,
        // The operator has lowered a limit.
        Err(unfit) => return leave(app, tx, id, &unfit.to_string()).await,
    };
    let writing = Writing { author: due.member, application: due.application, idempotency_key: None };
    match posts::publish_in(&mut tx, app, &writing, &draft).await {
        Ok(_) => tx.commit().await,
        Err(posts::Error::Store(error)) => Err(error),
        Err(error) => leave(app, tx, id, &reason(&error)).await,
    }
}

/// Leaves a scheduled post with its author, and says why. What was begun is rolled back, so that the draft and its
/// images are still there.
async fn leave(app: &App, begun: Tx, id: ScheduledId, reason: &str) -> Result<(), error::Error> {
    drop(begun);
    let mut tx = app.store().begin().await?;
    stored::fail(&mut tx, id, app.now(), reason).await?;
    tx.commit().await
}

fn reason(error: &posts::Error) -> String {
    match error {
        posts::Error::Refused(Refusal::Hidden | Refusal::Forbidden) => {
            "You can no longer post where this was meant for".to_owned()
        }
        posts::Error::Refused(Refusal::MembersOnly)
        | posts::Error::NoParent
        | posts::Error::Locked
        | posts::Error::Banned { .. }
        | posts::Error::Audience(_)
        | posts::Error::Hashtag(_)
        | posts::Error::Media
        | posts::Error::MediaWaiting
        | posts::Error::Store(_) => error.to_string(),
    }
}

async fn known(tx: &mut Tx, writing: &Writing) -> Result<Option<Scheduled>, error::Error> {
    match &writing.idempotency_key {
        Some(key) => stored::by_key(tx, writing.author, key).await,
        None => Ok(None),
    }
}

async fn check(tx: &mut Tx, app: &App, scheduled: &Scheduled) -> Result<(), Error> {
    if !scheduled::is_ahead(scheduled.due_at, app.now()) {
        return Err(Error::TooSoon);
    }
    let others = stored::count(tx, scheduled.member, scheduled.id, scheduled.due_at.midnight()).await?;
    if others.total >= SCHEDULED_MAX {
        return Err(Error::TooMany);
    }
    if others.that_day >= SCHEDULED_PER_DAY_MAX {
        return Err(Error::TooManyThatDay);
    }
    Ok(())
}

/// Has it published at its moment, and at no other.
async fn see_to(tx: &mut Tx, app: &App, scheduled: &Scheduled) -> Result<(), error::Error> {
    let sequence = sequence(scheduled.id);
    jobs::forget(tx, &sequence).await?;
    let job = Job::PublishScheduled { scheduled: scheduled.id };
    jobs::push(tx, app.next_id(), &job, &sequence, scheduled.due_at).await
}

fn sequence(id: ScheduledId) -> String {
    format!("scheduled:{id}")
}
