//! Polls.

use crate::entities::statuses::{CustomEmoji, OwnVotes, Poll, PollOption};
use crate::error::Error;
use crate::render::emojis::Emojis;
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PollId};
use alongside_domain::poll;
use alongside_store::{actors, polls};
use std::collections::HashMap;

/// What a viewer chose, by poll.
pub(crate) type Votes = HashMap<PollId, Vec<i64>>;

/// What a viewer chose in these polls.
pub(crate) async fn votes(app: &App, viewer: Option<ActorId>, ids: &[PollId]) -> Result<Votes, Error> {
    let mut votes = Votes::new();
    if let Some(viewer) = viewer {
        for vote in polls::votes_of(&mut app.reader(), viewer, ids).await? {
            votes.entry(vote.poll_id).or_default().push(vote.position);
        }
    }
    Ok(votes)
}

/// One poll, for a viewer who may see it.
pub(crate) async fn one(
    app: &App,
    viewer: Option<ActorId>,
    shown: &poll::Poll,
    author: ActorId,
) -> Result<Poll, Error> {
    let mut votes = votes(app, viewer, &[shown.id]).await?;
    let chosen = viewer.map(|_| votes.remove(&shown.id).unwrap_or_default());
    let host = actors::find(&mut app.reader(), author).await?.ok_or(Error::NotFound)?.host;
    let texts = shown.choices.iter().map(|choice| (host.as_str(), choice.title.as_str()));
    let emojis = Emojis::read(app, texts.collect()).await?.of_poll(shown, &host);
    Ok(poll(shown, chosen, viewer == Some(author), emojis, app.now()))
}

/// A poll, for a viewer who chose this. Its author has nothing to choose and sees how it stands.
pub(crate) fn poll(
    poll: &poll::Poll,
    chosen: Option<Vec<i64>>,
    is_author: bool,
    emojis: Vec<CustomEmoji>,
    now: Timestamp,
) -> Poll {
    let shown = poll.shows_totals(now);
    Poll {
        id: poll.id.to_string(),
        expires_at: poll.closes_at.map(|at| at.to_string()),
        expired: poll.is_closed(now),
        multiple: poll.multiple,
        votes_count: poll.choices.iter().map(|choice| choice.votes_count).sum(),
        voters_count: poll.voters_count,
        options: poll
            .choices
            .iter()
            .map(|choice| PollOption {
                title: choice.title.clone(),
                votes_count: shown.then_some(choice.votes_count),
            })
            .collect(),
        emojis,
        own: chosen.map(|own_votes| OwnVotes { voted: is_author || !own_votes.is_empty(), own_votes }),
    }
}
