//! Where a draft belongs: which thread, which community, and who may read it.
//!
//! Naming a community submits the post to it. Audience is inherited, and what is for members never
//! becomes public: it is refused instead, with a reason.

use crate::audience;
use crate::context::App;
use crate::effects::Via;
use crate::hashtags;
use crate::posts::Error;
use crate::reading;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::compose;
use alongside_domain::draft::{Typed, TypedPoll};
use alongside_domain::id::{ActorId, CommunityId, PollId, PostId};
use alongside_domain::policy::{self, Openness, Refusal, Relation, Verb};
use alongside_domain::poll::{Choice, Poll};
use alongside_domain::post::{Post, Visibility};
use alongside_store::engine::Tx;
use alongside_store::{actors, bans, communities, hosts, members, polls, posts};

/// Where a post belongs.
#[derive(Debug)]
pub struct Submission {
    /// What it answers.
    pub parent: Option<Post>,
    /// The community it is in.
    pub community: Option<CommunityId>,
    /// Who may read it.
    pub visibility: Visibility,
}

/// Where a member's draft belongs, if it may be published there.
pub async fn of_draft(
    tx: &mut Tx,
    app: &App,
    author: &Actor,
    typed: &Typed,
    named: &[Actor],
) -> Result<Submission, Error> {
    let parent = match typed.reply_to {
        Some(id) => Some(parent(tx, app, author.id, id).await?),
        None => None,
    };
    let wanted = match (typed.visibility, &parent) {
        (Some(visibility), _) => visibility,
        (None, Some(parent)) => parent.visibility,
        (None, None) => members::default_visibility(tx, author.id).await?.unwrap_or(Visibility::Public),
    };
    let community = community(tx, typed, parent.as_ref(), wanted, named).await?;
    let visibility = match (&community, &parent) {
        (_, Some(parent)) if parent.visibility == Visibility::Members => inherited(wanted)?,
        (Some(community), _) if community.audience == Audience::Members => Visibility::Members,
        (None, _) if wanted == Visibility::Members => {
            return Err(Error::Audience("Say which community this is for: mention it in the post"));
        }
        (_, _) => wanted,
    };
    if let Some(community) = &community {
        may_write(tx, author.id, community, parent.is_some(), visibility, app.now()).await?;
        may_be_sent(tx, community, visibility).await?;
        if typed.poll.is_some() {
            takes_polls(tx, community).await?;
        }
    }
    let community = community.map(|community| community.id);
    check_outsiders(tx, app, community, visibility, named).await?;
    check_hashtags(tx, &typed.text).await?;
    Ok(Submission { parent, community, visibility })
}

/// What is for the members of a community elsewhere has to go to its node first.
async fn may_be_sent(tx: &mut Tx, community: &Community, visibility: Visibility) -> Result<(), Error> {
    if community.local || visibility != Visibility::Members {
        return Ok(());
    }
    let home = actors::find(tx, community.id.actor()).await?.ok_or(Refusal::Hidden)?;
    if audience::may_go_to_host_of(tx, &home.uri).await? {
        return Ok(());
    }
    Err(Error::Audience(
        "This community is for its members, and this server has no agreement with the one it lives on: nothing was \
         published",
    ))
}

/// Lemmy refuses a post with a poll, and tells nobody.
async fn takes_polls(tx: &mut Tx, community: &Community) -> Result<(), Error> {
    let home = actors::find(tx, community.id.actor()).await?.filter(|home| !home.is_local());
    let Some(home) = home else { return Ok(()) };
    match hosts::find(tx, &home.host).await?.and_then(|host| host.software).as_deref() {
        Some("lemmy") => {
            Err(Error::Audience("The server of this community knows no polls: nothing was published"))
        }
        Some(_) | None => Ok(()),
    }
}

async fn parent(tx: &mut Tx, app: &App, author: ActorId, id: PostId) -> Result<Post, Error> {
    let parent = reading::post(tx, Some(author), id, app.now()).await?.ok_or(Error::NoParent)?;
    may_answer(tx, app, author, &parent, Via::Here).await?;
    Ok(parent)
}

/// Whether somebody may answer a post, from whichever door they come.
pub async fn may_answer(
    tx: &mut Tx,
    app: &App,
    author: ActorId,
    parent: &Post,
    via: Via,
) -> Result<(), Error> {
    match reading::permit_via(tx, Verb::TakePart, None, author, parent, via, app.now()).await? {
        Ok(permit) => debug_assert_eq!(permit.verb(), Verb::TakePart),
        Err(Refusal::Forbidden) => {
            return Err(refused(tx, parent.community, author, Refusal::Forbidden, app.now()).await?);
        }
        Err(refusal) => return Err(refusal.into()),
    }
    let root = posts::find(tx, parent.root).await?;
    let closed_above = root.is_some_and(|root| root.locked_at.is_some() && !says_for_itself(parent, &root));
    if (parent.locked_at.is_some() || closed_above) && !looks_after(tx, parent.community, author).await? {
        return Err(Error::Locked);
    }
    Ok(())
}

/// Where nobody looks after a thread, whoever closed it to others may open what they add to it themselves.
fn says_for_itself(post: &Post, root: &Post) -> bool {
    post.community.is_none() && post.author == root.author
}

/// Those who look after a community may have the last word in a thread they closed.
async fn looks_after(tx: &mut Tx, community: Option<CommunityId>, actor: ActorId) -> Result<bool, Error> {
    match community {
        Some(community) => Ok(communities::steward(tx, community, actor).await?.is_some()),
        None => Ok(false),
    }
}

/// A refusal, with its reason where it is that somebody was sent out of the community.
async fn refused(
    tx: &mut Tx,
    community: Option<CommunityId>,
    actor: ActorId,
    refusal: Refusal,
    now: Timestamp,
) -> Result<Error, Error> {
    let ban = match community {
        Some(community) => bans::find(tx, community, actor, now).await?,
        None => None,
    };
    Ok(match ban {
        Some(ban) => Error::Banned { until: ban.expires_at, reason: ban.reason },
        None => refusal.into(),
    })
}

/// The community a draft is for: said by the client, inherited, or named. What is for some people
/// only is for no community, whoever it names.
async fn community(
    tx: &mut Tx,
    typed: &Typed,
    parent: Option<&Post>,
    wanted: Visibility,
    named: &[Actor],
) -> Result<Option<Community>, Error> {
    let for_members = parent.is_some_and(|parent| parent.visibility == Visibility::Members);
    let narrow = matches!(wanted, Visibility::Followers | Visibility::Direct) && !for_members;
    let inherited = parent.and_then(|parent| parent.community.filter(|_| !narrow));
    let id = match (typed.community, parent) {
        (Some(_), _) if narrow => {
            return Err(Error::Audience("What is for some people only cannot be in a community: choose one"));
        }
        (Some(said), Some(parent)) if parent.community != Some(said) => {
            return Err(Error::Audience("A reply belongs to the community of the post it answers"));
        }
        (Some(said), _) => Some(said),
        (None, Some(_)) => inherited,
        (None, None) if narrow => None,
        (None, None) => {
            named.iter().find(|actor| actor.is_community()).map(|actor| CommunityId::of(actor.id))
        }
    };
    match id {
        Some(id) => Ok(Some(communities::find(tx, id.actor()).await?.ok_or(Refusal::Hidden)?)),
        None => Ok(None),
    }
}

/// The audience of an answer to what is for members.
const fn inherited(wanted: Visibility) -> Result<Visibility, Error> {
    match wanted {
        Visibility::Public | Visibility::Unlisted | Visibility::Members | Visibility::Followers => {
            Ok(Visibility::Members)
        }
        Visibility::Direct => Err(Error::Audience(
            "A reply to a members-only post stays in the community: write a new message instead",
        )),
    }
}

/// Asks the policy whether somebody may write in a community, from whichever door they come.
pub async fn may_write(
    tx: &mut Tx,
    author: ActorId,
    community: &Community,
    is_reply: bool,
    visibility: Visibility,
    now: Timestamp,
) -> Result<(), Error> {
    let standing = communities::standing(tx, community.id, author, now).await?;
    let relation = if standing.banned {
        Relation::Banned
    } else if standing.steward {
        Relation::Moderator
    } else if standing.member {
        Relation::Member
    } else {
        Relation::Outsider
    };
    // Whom a community does not let in by itself may read what is open there, but not write.
    let by_invitation = community.local && community.join_policy != JoinPolicy::Open;
    let openness = if by_invitation { Openness::Members } else { Openness::from(visibility) };
    let verb = if is_reply { Verb::TakePart } else { Verb::Post };
    match policy::check(verb, None, relation, openness) {
        Ok(permit) => debug_assert_eq!(permit.verb(), verb),
        Err(refusal) => return Err(refused(tx, Some(community.id), author, refusal, now).await?),
    }
    Ok(())
}

/// What is for members names nobody else.
pub async fn check_outsiders(
    tx: &mut Tx,
    app: &App,
    community: Option<CommunityId>,
    visibility: Visibility,
    named: &[Actor],
) -> Result<(), Error> {
    let (Some(community), Visibility::Members) = (community, visibility) else { return Ok(()) };
    for actor in named.iter().filter(|actor| actor.id != community.actor()) {
        let standing = communities::standing(tx, community, actor.id, app.now()).await?;
        // Who else belongs to a community elsewhere its node tells nobody; but whoever has written in it does.
        let is_member = standing.member
            || standing.steward
            || (!actor.is_local() && communities::has_writer(tx, community, actor.id).await?);
        if !is_member {
            return Err(Error::Audience(
                "This is for members only, and it names somebody who is not a member",
            ));
        }
    }
    Ok(())
}

/// What is written here has none of the hashtags that staff decided against.
pub async fn check_hashtags(tx: &mut Tx, text: &str) -> Result<(), Error> {
    match hashtags::unusable_among(tx, &compose::tags(text)).await? {
        Some(tag) => Err(Error::Hashtag(tag)),
        None => Ok(()),
    }
}

/// A poll as it is kept.
pub fn poll(id: PollId, post: PostId, typed: &TypedPoll, now: Timestamp) -> Poll {
    Poll {
        id,
        post,
        multiple: typed.multiple,
        hide_totals: typed.hide_totals,
        closes_at: Some(typed.closes_at(now)),
        ended_at: None,
        voters_count: 0,
        choices: typed
            .options
            .iter()
            .map(|title| Choice { title: title.trim().to_owned(), votes_count: 0 })
            .collect(),
    }
}

/// The poll of an edited post: the same one if its choices are the same, else a new one without votes.
pub async fn revise_poll(
    tx: &mut Tx,
    app: &App,
    before: &Post,
    typed: Option<&TypedPoll>,
) -> Result<Option<PollId>, Error> {
    let earlier = match before.poll {
        Some(id) => polls::find(tx, id).await?,
        None => None,
    };
    let Some(typed) = typed else {
        if let Some(earlier) = earlier {
            polls::remove(tx, earlier.id).await?;
        }
        return Ok(None);
    };
    let same = earlier.as_ref().is_some_and(|earlier| {
        earlier.multiple == typed.multiple
            && earlier
                .choices
                .iter()
                .map(|choice| choice.title.as_str())
                .eq(typed.options.iter().map(|it| it.trim()))
    });
    if same {
        return Ok(before.poll);
    }
    if let Some(earlier) = earlier {
        polls::remove(tx, earlier.id).await?;
    }
    let id: PollId = app.next_id();
    crate::polls::begin(tx, app, &poll(id, before.id, typed, app.now())).await?;
    Ok(Some(id))
}
