//! Polls: a question under a post, with choices.

use crate::clock::Timestamp;
use crate::id::{PollId, PostId};

/// A poll and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// The post it belongs to.
    pub post: PostId,
    /// More than one choice may be taken.
    pub multiple: bool,
    /// The counts are shown at the end only.
    pub hide_totals: bool,
    /// When it closes; never, for some from elsewhere.
    pub closes_at: Option<Timestamp>,
    /// When it was seen to have ended, and those who took part were told.
    pub ended_at: Option<Timestamp>,
    /// How many voted.
    pub voters_count: i64,
    /// The choices, in order.
    pub choices: Vec<Choice>,
}

/// One of the choices of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it says.
    pub title: String,
    /// How many took it.
    pub votes_count: i64,
}

/// Why a vote does not count. The texts are shown to the voter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoVote {
    /// It has closed.
    #[error("The poll has already ended")]
    Closed,
    /// Nothing, too much, or something that is not there was chosen.
    #[error("The chosen vote option does not exist")]
    NoSuchChoice,
    /// One vote each.
    #[error("You have already voted on this poll")]
    Twice,
    /// One does not vote in one's own poll.
    #[error("You cannot vote in your own polls")]
    Own,
}

impl Poll {
    /// Whether votes count no more.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        self.ended_at.is_some() || self.closes_at.is_some_and(|end| end <= now)
    }

    /// Whether the counts may be seen.
    pub fn shows_totals(&self, now: Timestamp) -> bool {
        !self.hide_totals || self.is_closed(now)
    }

    /// The choices as they will count: each once, in order, if the poll takes them.
    pub fn choose(&self, chosen: &[usize], now: Timestamp) -> Result<Vec<usize>, NoVote> {
        if self.is_closed(now) {
            return Err(NoVote::Closed);
        }
        let choices: Vec<usize> = (0..self.choices.len()).filter(|at| chosen.contains(at)).collect();
        // A second choice is a second vote.
        if !self.multiple && choices.len() > 1 {
            return Err(NoVote::Twice);
        }
        let all_exist = chosen.iter().all(|at| *at < self.choices.len());
        let fits = all_exist && !choices.is_empty();
        if fits { Ok(choices) } else { Err(NoVote::NoSuchChoice) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll(multiple: bool) -> Poll {
        Poll {
            id: PollId::new(1),
            post: PostId::new(2),
            multiple,
            hide_totals: true,
            closes_at: Some(Timestamp::from_secs(100)),
            ended_at: None,
            voters_count: 0,
            choices: ["tea", "cocoa"]
                .map(|title| Choice { title: title.to_owned(), votes_count: 0 })
                .to_vec(),
        }
    }

    #[test]
    fn a_vote_is_for_what_is_there_while_it_is_open() {
        let before = Timestamp::from_secs(99);
        assert_eq!(poll(false).choose(&[1], before), Ok(vec![1]));
        assert_eq!(poll(true).choose(&[1, 0, 1], before), Ok(vec![0, 1]));
        assert_eq!(poll(false).choose(&[0, 1], before), Err(NoVote::Twice));
        assert_eq!(poll(false).choose(&[], before), Err(NoVote::NoSuchChoice));
        assert_eq!(poll(true).choose(&[0, 2], before), Err(NoVote::NoSuchChoice));
        assert_eq!(poll(false).choose(&[1], Timestamp::from_secs(100)), Err(NoVote::Closed));
    }

    #[test]
    fn hidden_totals_are_shown_at_the_end() {
        assert!(!poll(false).shows_totals(Timestamp::from_secs(99)));
        assert!(poll(false).shows_totals(Timestamp::from_secs(100)));
    }
}
