//! Polls, as a Question carries them.

use jiff::Timestamp;

use crate::documents::fields::Fields;

/// Options of one poll we read.
pub const POLL_OPTIONS_MAX: usize = 100;

/// A question with options to vote for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Whether one may choose several.
    pub multiple: bool,
    /// What can be chosen, in order.
    pub options: Vec<PollOption>,
    /// When it ends, or ended.
    pub ends: Option<Timestamp>,
    /// Whether it is said to be over, without saying since when.
    pub closed: bool,
    /// How many have voted.
    pub voters: Option<u64>,
}

/// One option of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// Its text; a vote repeats it exactly.
    pub name: String,
    /// Its votes so far, where they are shown.
    pub votes: Option<u64>,
}

impl Poll {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        let multiple = !fields.has("oneOf");
        let options: Vec<PollOption> = fields
            .objects(if multiple { "anyOf" } else { "oneOf" })
            .take(POLL_OPTIONS_MAX)
            .filter_map(|option| {
                let votes = option.objects("replies").find_map(|replies| replies.count("totalItems"));
                Some(PollOption { name: option.natural("name")?.text, votes })
            })
            .collect();
        // Pleroma says by `closed` when it will be.
        let closed_at = fields.time("closed");
        (!options.is_empty()).then(|| Self {
            multiple,
            options,
            ends: closed_at.or_else(|| fields.time("endTime")),
            closed: fields.flag("closed") == Some(true),
            voters: fields.count("votersCount"),
        })
    }
}
