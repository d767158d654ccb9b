//! Voting, here and from elsewhere, and the end of a poll.

use crate::context::App;
use crate::effects::{self, Via, noted};
use crate::reading;
use alongside_domain::id::{ActorId, MemberId, PollId, PostId};
use alongside_domain::job::Job;
use alongside_domain::limits::POLL_TOLD_SECS;
use alongside_domain::notification::NotificationKind;
use alongside_domain::policy::{Refusal, Verb};
use alongside_domain::poll::{NoVote, Poll};
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::notifications::Notice;
use alongside_store::{error, jobs, members, polls, posts};

/// Why a vote was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It does not count.
    #[error(transparent)]
    NoVote(#[from] NoVote),
    /// The store could not do it.
    #[error("the vote could not be kept")]
    Store(#[from] error::Error),
}

/// Writes the poll of a new post, and sees to its end.
pub async fn begin(tx: &mut Tx, app: &App, poll: &Poll) -> Result<(), error::Error> {
    polls::insert(tx, poll).await?;
    match poll.closes_at {
        Some(end) => jobs::push(tx, app.next_id(), &Job::PollEnded { poll: poll.id }, "", end).await,
        None => Ok(()),
    }
}

/// A member votes: once, or once for each choice where more than one may be taken. Gives the poll as it stands then.
pub async fn vote(app: &App, member: MemberId, id: PollId, chosen: &[usize]) -> Result<Poll, Error> {
    let mut tx = app.store().begin().await?;
    let (poll, post) = open_to(&mut tx, app, member.actor(), id, Via::Here).await?;
    let earlier = polls::votes_of(&mut tx, member.actor(), &[id]).await?;
    if !poll.multiple && !earlier.is_empty() {
        return Err(NoVote::Twice.into());
    }
    let chosen = poll.choose(chosen, app.now())?;
    let before = |at: &usize| earlier.iter().any(|vote| usize::try_from(vote.position) == Ok(*at));
    if chosen.iter().any(before) {
        return Err(NoVote::Twice.into());
    }
    for position in chosen {
        count(&mut tx, app, &poll, member.actor(), position).await?;
    }
    if earlier.is_empty() {
        polls::count_voter(&mut tx, id).await?;
    }
    if post.local {
        tell_soon(&mut tx, app, &poll, &post).await?;
    } else {
        effects::push(&mut tx, app, &Job::Vote { poll: id, actor: member.actor() }, &effects::thread(&post))
            .await?;
    }
    let poll = polls::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.commit().await?;
    Ok(poll)
}

/// Somebody elsewhere votes in a poll of a post here. Each choice arrives by itself and is named by
/// its title; the same one twice is counted once.
pub async fn vote_arrived(
    app: &App,
    actor: ActorId,
    post: PostId,
    title: &str,
    via: Via,
) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let id = posts::find(&mut tx, post).await?.and_then(|post| post.poll).ok_or(Refusal::Hidden)?;
    let (poll, post) = open_to(&mut tx, app, actor, id, via).await?;
    let position =
        poll.choices.iter().position(|choice| choice.title == title).ok_or(NoVote::NoSuchChoice)?;
    poll.choose(&[position], app.now())?;
    let earlier = polls::votes_of(&mut tx, actor, &[id]).await?;
    if !poll.multiple && !earlier.is_empty() {
        return Err(NoVote::Twice.into());
    }
    count(&mut tx, app, &poll, actor, position).await?;
    if earlier.is_empty() {
        polls::count_voter(&mut tx, id).await?;
    }
    if post.local {
        tell_soon(&mut tx, app, &poll, &post).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Those elsewhere who see the poll learn how it stands: once for all votes of a few minutes, and in a sequence of its
/// own, so that nothing else in the thread waits for it.
async fn tell_soon(tx: &mut Tx, app: &App, poll: &Poll, post: &Post) -> Result<(), error::Error> {
    let (job, sequence) = (Job::Revise { post: post.id }, format!("poll:{}", poll.id));
    if poll.hide_totals || jobs::is_waiting(tx, &job, &sequence).await? {
        return Ok(());
    }
    jobs::push(tx, app.next_id(), &job, &sequence, app.now().plus_secs(POLL_TOLD_SECS)).await
}

/// Ends a poll whose time has come, once: tells its author and those here who voted, and sends out
/// how it stands. Before its time, nothing happens.
pub async fn end(app: &App, id: PollId) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    let Some(poll) = polls::find(&mut tx, id).await?.filter(|poll| poll.is_closed(app.now())) else {
        return Ok(());
    };
    let Some(post) = posts::find(&mut tx, poll.post).await?.filter(Post::is_present) else { return Ok(()) };
    if !polls::end(&mut tx, id, app.now()).await? {
        return Ok(());
    }
    let mut told = polls::voters_here(&mut tx, id).await?;
    if post.local && !told.contains(&post.author) {
        told.push(post.author);
    }
    for actor in told {
        tell(&mut tx, app, actor, &post, id).await?;
    }
    if post.local {
        effects::push(&mut tx, app, &Job::Revise { post: post.id }, &effects::thread(&post)).await?;
    }
    tx.commit().await
}

/// The poll and its post, held so that votes come one after the other.
async fn open_to(
    tx: &mut Tx,
    app: &App,
    actor: ActorId,
    id: PollId,
    via: Via,
) -> Result<(Poll, Post), Error> {
    polls::hold(tx, id).await?;
    let poll = polls::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let post = posts::find(tx, poll.post).await?.ok_or(Refusal::Hidden)?;
    let permit = reading::permit_via(tx, Verb::TakePart, None, actor, &post, via, app.now()).await??;
    debug_assert_eq!(permit.verb(), Verb::TakePart);
    if post.author == actor {
        return Err(NoVote::Own.into());
    }
    Ok((poll, post))
}

async fn count(tx: &mut Tx, app: &App, poll: &Poll, actor: ActorId, position: usize) -> Result<(), Error> {
    let position = i64::try_from(position).map_err(|_| NoVote::NoSuchChoice)?;
    polls::vote(tx, poll.id, actor, position, app.now()).await?;
    Ok(())
}

async fn tell(tx: &mut Tx, app: &App, actor: ActorId, post: &Post, id: PollId) -> Result<(), error::Error> {
    if !members::exists(tx, actor).await? {
        return Ok(());
    }
    let notice = Notice {
        id: app.next_id(),
        member_id: MemberId::of(actor),
        kind: NotificationKind::Poll,
        from_id: post.author,
        post_id: Some(post.id),
        subject_id: id.get(),
        at: app.now(),
        apart: false,
    };
    noted::tell(tx, app, &notice).await
}
