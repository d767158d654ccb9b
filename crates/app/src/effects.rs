//! What follows from what happened: counts, lines in timelines, notifications, and work for later.
//! All of it in the transaction of the verb that caused it.

mod moderated;
pub mod noted;

use crate::context::App;
use crate::memberships;
use crate::receptions;
use alongside_domain::actor::Actor;
use alongside_domain::change::Change;
use alongside_domain::event::Event;
use alongside_domain::id::{ActorId, CommunityId, EntryId, FollowId, InboxId, MemberId, PostId};
use alongside_domain::job::Job;
use alongside_domain::notification::NotificationKind;
use alongside_domain::place::{Place, boost_name};
use alongside_domain::post::{Post, Visibility};
use alongside_domain::reception::Handling;
use alongside_store::engine::Tx;
use alongside_store::entries::Entry;
use alongside_store::error::Error;
use alongside_store::follows::Follower;
use alongside_store::jobs::FROM_OTHERS;
use alongside_store::notifications::Notice;
use alongside_store::{
    actors, communities, conversations, entries, follows, jobs, members, notifications, posts, search,
    threads,
};

/// How something came to this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Somebody did it here.
    Here,
    /// It was sent to us; its text is kept.
    Arrived(InboxId),
    /// It was read at its origin, or came inside what somebody else sent.
    Fetched,
    /// The community it belongs to, which lives elsewhere, passed it on: that one decides who takes part.
    Announced(CommunityId),
}

/// Adds to the transaction everything that follows from the event.
pub async fn of(tx: &mut Tx, app: &App, event: Event<'_>, via: Via) -> Result<(), Error> {
    match event {
        Event::Posted { post, mentions } => posted(tx, app, post, mentions, via).await,
        Event::Edited { post } => {
            index(tx, post).await?;
            noted::note(tx, app, &Change::Edited { post: post.id }).await?;
            spread(tx, app, post, Job::Revise { post: post.id }, via).await
        }
        Event::Deleted { post } => deleted(tx, app, post, via).await,
        Event::Reacted { reaction, post, actor } => {
            notify(tx, app, NotificationKind::Favourite, post.author, actor, Some(post.id), post.id.get())
                .await?;
            spread_of(tx, app, actor, post, Job::React { reaction }, via).await
        }
        Event::Unreacted { reaction, post, actor } => {
            notifications::retract(tx, NotificationKind::Favourite, actor, post.id.get()).await?;
            spread_of(tx, app, actor, post, Job::Unreact { reaction, post: post.id, actor }, via).await
        }
        Event::Boosted { entry, post, actor } => {
            notify(tx, app, NotificationKind::Reblog, post.author, actor, Some(post.id), post.id.get())
                .await?;
            noted::note(tx, app, &Change::Boosted { entry }).await?;
            when_local(tx, app, actor, Job::Boost { entry }, &thread(post)).await
        }
        Event::Unboosted { entry, post, actor } => {
            notifications::retract(tx, NotificationKind::Reblog, actor, post.get()).await?;
            when_local(tx, app, actor, Job::Unboost { entry, post, actor }, "").await
        }
        Event::FollowRequested { follow, follower, target } => {
            let asked = target.get();
            notify(tx, app, NotificationKind::FollowRequest, target, follower, None, asked).await?;
            if is_elsewhere(tx, target).await? {
                // Its own node decides, and tells its own moderators.
                return push(tx, app, &Job::Follow { follow }, &between(follower, target)).await;
            }
            for steward in communities::stewards(tx, CommunityId::of(target)).await? {
                notify(tx, app, NotificationKind::FollowRequest, steward.actor_id, follower, None, asked)
                    .await?;
            }
            Ok(())
        }
        Event::FollowAccepted { follow, follower, target } => {
            followed(tx, app, follow, follower, target).await
        }
        Event::FollowRejected { follow: _, follower, target } => {
            notifications::retract(tx, NotificationKind::FollowRequest, follower, target.get()).await?;
            memberships::ended(tx, app, follower, target).await
        }
        Event::Unfollowed { follow, follower, target } => {
            notifications::retract(tx, NotificationKind::FollowRequest, follower, target.get()).await?;
            if is_elsewhere(tx, target).await? {
                push(tx, app, &Job::Unfollow { follow, follower, target }, &between(follower, target))
                    .await?;
            }
            memberships::ended(tx, app, follower, target).await
        }
        Event::Moderated { taken, community } => moderated::moderated(tx, app, taken, community, via).await,
        Event::ProfileChanged { actor } => when_local(tx, app, actor, Job::Profile { actor }, "").await,
    }
}

async fn posted(tx: &mut Tx, app: &App, post: &Post, mentions: &[ActorId], via: Via) -> Result<(), Error> {
    if post.visibility == Visibility::Direct {
        conversations::post_arrived(tx, app.ids(), app.now(), post, mentions).await?;
    } else {
        entries::insert(tx, &own_line(post)).await?;
    }
    count(tx, post, 1).await?;
    let adopted = threads::adopt(tx, post).await?;
    posts::count_reply(tx, post.id, adopted).await?;
    index(tx, post).await?;
    for named in mentions {
        if !may_be_told(tx, app, post, *named).await? {
            continue;
        }
        notify(tx, app, NotificationKind::Mention, *named, post.author, Some(post.id), post.id.get()).await?;
    }
    if post.visibility != Visibility::Direct {
        for follower in to_be_told(tx, post).await? {
            notify(
                tx,
                app,
                NotificationKind::Status,
                follower.follower_id,
                post.author,
                Some(post.id),
                post.id.get(),
            )
            .await?;
        }
    }
    let announced = announce_here(tx, app, post).await?;
    noted::note(tx, app, &Change::Posted { post: post.id, announced }).await?;
    spread(tx, app, post, Job::Publish { post: post.id }, via).await
}

/// Whether somebody who is named may know of it: what is for members names nobody else.
async fn may_be_told(tx: &mut Tx, app: &App, post: &Post, named: ActorId) -> Result<bool, Error> {
    let Some(community) = post.community.filter(|_| post.visibility == Visibility::Members) else {
        return Ok(post.visibility != Visibility::Members);
    };
    let standing = communities::standing(tx, community, named, app.now()).await?;
    Ok((standing.member || standing.steward) && !standing.banned)
}

/// Counts a post, or takes it back: whoever looks at a count learns of nothing they could not read.
async fn count(tx: &mut Tx, post: &Post, by: i64) -> Result<(), Error> {
    if !post.visibility.is_open() {
        return Ok(());
    }
    actors::count_post(tx, post.author, by, (by > 0).then_some(post.published_at)).await?;
    match post.reply_to {
        Some(parent) => posts::count_reply(tx, parent, by).await,
        None => Ok(()),
    }
}

/// Who wanted to be told of each post of its author, and may read this one.
async fn to_be_told(tx: &mut Tx, post: &Post) -> Result<Vec<Follower>, Error> {
    let members_of = post.community.filter(|_| post.visibility == Visibility::Members);
    follows::to_be_told(tx, post.author, members_of).await
}

/// A community of ours shows a new thread in its own timeline at once: in this line.
async fn announce_here(tx: &mut Tx, app: &App, post: &Post) -> Result<Option<EntryId>, Error> {
    let Some(community) = post.community else { return Ok(None) };
    if !post.is_top_level() || is_elsewhere(tx, community.actor()).await? {
        return Ok(None);
    }
    let id: EntryId = app.next_id();
    let line = Entry {
        id,
        actor_id: community.actor(),
        by_community: true,
        boost: true,
        uri: app.places().of(Place::Activity(&boost_name(id))),
        at: app.now(),
        ..own_line(post)
    };
    if !entries::insert(tx, &line).await? {
        return Ok(None);
    }
    if post.visibility.is_open() {
        actors::count_post(tx, community.actor(), 1, Some(post.published_at)).await?;
    }
    Ok(Some(id))
}

fn own_line(post: &Post) -> Entry {
    Entry {
        id: EntryId::new(post.id.get()),
        actor_id: post.author,
        post_id: post.id,
        boost: false,
        by_community: false,
        community_reply: post.community.is_some() && !post.is_top_level(),
        reply_to_author_id: post.reply_to_author,
        visibility: post.visibility,
        uri: post.uri.clone(),
        at: post.published_at,
    }
}

async fn deleted(tx: &mut Tx, app: &App, post: &Post, via: Via) -> Result<(), Error> {
    if post.removed_at.is_none() {
        recount(tx, post, -1).await?;
    }
    if post.visibility == Visibility::Direct {
        conversations::post_gone(tx, post).await?;
    }
    noted::gone(tx, app, post).await?;
    spread(tx, app, post, Job::Withdraw { post: post.id }, via).await
}

/// Counts a post that was counted before and is shown no more (-1), or is shown again (1).
pub(crate) async fn recount(tx: &mut Tx, post: &Post, by: i64) -> Result<(), Error> {
    count(tx, post, by).await?;
    if let Some(community) = post.community.filter(|_| post.visibility.is_open())
        && entries::boost_of(tx, community.actor(), post.id).await?.is_some()
    {
        actors::count_post(tx, community.actor(), by, None).await?;
    }
    Ok(())
}

async fn followed(
    tx: &mut Tx,
    app: &App,
    follow: FollowId,
    follower: ActorId,
    target: ActorId,
) -> Result<(), Error> {
    notifications::retract(tx, NotificationKind::FollowRequest, follower, target.get()).await?;
    notify(tx, app, NotificationKind::Follow, target, follower, None, follower.get()).await?;
    if is_elsewhere(tx, follower).await? {
        return push(tx, app, &Job::Accept { follow }, &between(follower, target)).await;
    }
    let target_actor = actors::find(tx, target).await?;
    if target_actor.is_some_and(|target| !target.is_local() && target.is_community()) {
        let sequence = format!("{FROM_OTHERS}outbox:{target}");
        push(tx, app, &Job::Moderators { community: target }, &sequence).await?;
        read_threads(tx, app, target).await?;
    }
    Ok(())
}

/// Has the recent threads of a community elsewhere read, one time after another.
pub(crate) async fn read_threads(tx: &mut Tx, app: &App, community: ActorId) -> Result<(), Error> {
    push(tx, app, &Job::Backfill { community }, &format!("{FROM_OTHERS}outbox:{community}")).await
}

/// Keeps the search index. What was said to some people alone is not in it.
pub(crate) async fn index(tx: &mut Tx, post: &Post) -> Result<(), Error> {
    match post.visibility {
        Visibility::Public | Visibility::Unlisted | Visibility::Members => {}
        Visibility::Followers | Visibility::Direct => return Ok(()),
    }
    let title = post.title.as_deref().unwrap_or_default();
    search::index(tx, post.id, &format!("{title} {} {}", post.content_note, post.content)).await
}

/// Sends on what happened to a post: by its author's own hand.
async fn spread(tx: &mut Tx, app: &App, post: &Post, job: Job, via: Via) -> Result<(), Error> {
    spread_of(tx, app, post.author, post, job, via).await
}

/// Sends on what an actor did to a post. Done here, others are told of it. Arrived for a community of
/// ours, the community passes it on. Arrived at one of our members only, though it belongs to a
/// community elsewhere, that community's node is told.
async fn spread_of(
    tx: &mut Tx,
    app: &App,
    actor: ActorId,
    post: &Post,
    job: Job,
    via: Via,
) -> Result<(), Error> {
    match via {
        Via::Here => when_local(tx, app, actor, job, &thread(post)).await,
        Via::Fetched | Via::Arrived(_) | Via::Announced(_) => pass_on(tx, app, post, via).await,
    }
}

/// Sends on what arrived about a post, whatever it changed here: it may have been read at its origin before
/// it arrived, and then nobody was told of it yet.
pub async fn pass_on(tx: &mut Tx, app: &App, post: &Post, via: Via) -> Result<(), Error> {
    let Via::Arrived(inbox) = via else { return Ok(()) };
    let Some(community) = post.community.map(CommunityId::actor) else { return Ok(()) };
    let for_members = post.visibility == Visibility::Members;
    if !post.visibility.is_open() && !for_members {
        return Ok(());
    }
    if !is_elsewhere(tx, community).await? {
        return push(tx, app, &Job::Relay { inbox, community }, &thread(post)).await;
    }
    // What is for members is sent to its community anyway, and is nobody else's to tell.
    if !for_members && concerns_somebody_here(tx, post).await? {
        return push(tx, app, &Job::Forward { inbox, community }, &thread(post)).await;
    }
    Ok(())
}

/// Whether the post, or what it answers, was written here: then its author's node is the only one
/// that software without communities tells of it.
async fn concerns_somebody_here(tx: &mut Tx, post: &Post) -> Result<bool, Error> {
    if post.local {
        return Ok(true);
    }
    let Some(parent) = post.reply_to else { return Ok(false) };
    Ok(posts::find(tx, parent).await?.is_some_and(|parent| parent.local))
}

async fn when_local(tx: &mut Tx, app: &App, actor: ActorId, job: Job, sequence: &str) -> Result<(), Error> {
    if is_elsewhere(tx, actor).await? { Ok(()) } else { push(tx, app, &job, sequence).await }
}

async fn is_elsewhere(tx: &mut Tx, actor: ActorId) -> Result<bool, Error> {
    Ok(actors::find(tx, actor).await?.is_some_and(|actor: Actor| !actor.is_local()))
}

/// Adds a job that is due at once.
pub async fn push(tx: &mut Tx, app: &App, job: &Job, sequence: &str) -> Result<(), Error> {
    jobs::push(tx, app.next_id(), job, sequence, app.now()).await
}

/// Tells a member of something, if they live here and want to hear of it from this actor.
async fn notify(
    tx: &mut Tx,
    app: &App,
    kind: NotificationKind,
    to: ActorId,
    from: ActorId,
    post: Option<PostId>,
    subject: i64,
) -> Result<(), Error> {
    if to == from || !members::exists(tx, to).await? {
        return Ok(());
    }
    let apart = match receptions::handling(tx, app, kind, to, from, post).await? {
        Handling::Accept => false,
        Handling::Filter => true,
        Handling::Drop => return Ok(()),
    };
    let notice = Notice {
        id: app.next_id(),
        member_id: MemberId::of(to),
        kind,
        from_id: from,
        post_id: post,
        subject_id: subject,
        at: app.now(),
        apart,
    };
    noted::tell(tx, app, &notice).await
}

/// The sequence of everything that happens in a thread.
pub fn thread(post: &Post) -> String {
    format!("thread:{}", post.root)
}

/// The sequence of everything about one following another.
pub fn between(follower: ActorId, target: ActorId) -> String {
    format!("follow:{follower}:{target}")
}
