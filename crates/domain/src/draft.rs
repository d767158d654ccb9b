//! Drafts: what a member wants to say, checked. The only door to a new post.

use crate::clock::Timestamp;
use crate::id::{CommunityId, MediaId, PostId};
use crate::limits::{
    MEDIA_MAX, POLL_OPTION_CHARS_MAX, POLL_OPTIONS_MAX, POLL_SECS_MAX, POLL_SECS_MIN, TITLE_CHARS_MAX,
};
use crate::post::Visibility;
use serde::{Deserialize, Serialize};

/// What was typed and chosen, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The text.
    pub text: String,
    /// The title.
    pub title: Option<String>,
    /// The content note.
    pub content_note: String,
    /// Cover the images.
    pub sensitive: bool,
    /// Who may read it; none leaves it to the member's own default.
    pub visibility: Option<Visibility>,
    /// The language.
    pub language: Option<String>,
    /// What it answers.
    pub reply_to: Option<PostId>,
    /// The community it is for, where the client says so.
    pub community: Option<CommunityId>,
    /// Images already uploaded.
    pub media: Vec<MediaId>,
    /// A poll.
    pub poll: Option<TypedPoll>,
}

/// A poll as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedPoll {
    /// The choices.
    pub options: Vec<String>,
    /// Seconds until it closes.
    pub open_secs: i64,
    /// More than one may be chosen.
    pub multiple: bool,
    /// The counts are shown at the end only.
    pub hide_totals: bool,
}

/// A draft that may be published: its parts fit.
#[derive(Debug, Clone)]
pub struct Draft(Typed);

/// Why it does not fit. The texts are shown to the writer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing to say.
    #[error("Text can't be blank")]
    Blank,
    /// Too much to say.
    #[error("Text is too long: {chars} of {max} characters")]
    TooLong {
        /// As counted.
        chars: usize,
        /// As allowed.
        max: usize,
    },
    /// The title is too long.
    #[error("The title may have {TITLE_CHARS_MAX} characters")]
    Title,
    /// Too many images, or images and a poll.
    #[error("A post may have {MEDIA_MAX} images, or a poll")]
    Media,
    /// The poll does not work.
    #[error(
        "A poll has 2 to {POLL_OPTIONS_MAX} different choices of up to {POLL_OPTION_CHARS_MAX} characters each"
    )]
    PollOptions,
    /// The poll closes too soon or too late.
    #[error("A poll stays open from {POLL_SECS_MIN} to {POLL_SECS_MAX} seconds")]
    PollTime,
    /// The language is not a tag.
    #[error("The language is not a language tag such as en or cy")]
    Language,
}

impl Draft {
    /// Checks what was typed against the limits.
    pub fn new(typed: Typed, chars_max: usize) -> Result<Self, Unfit> {
        let chars = typed.text.chars().count() + typed.content_note.chars().count();
        if chars > chars_max {
            return Err(Unfit::TooLong { chars, max: chars_max });
        }
        if typed.text.trim().is_empty() && typed.media.is_empty() && typed.poll.is_none() {
            return Err(Unfit::Blank);
        }
        if typed.title.as_ref().is_some_and(|title| title.chars().count() > TITLE_CHARS_MAX) {
            return Err(Unfit::Title);
        }
        if typed.media.len() > MEDIA_MAX || (!typed.media.is_empty() && typed.poll.is_some()) {
            return Err(Unfit::Media);
        }
        if let Some(poll) = &typed.poll {
            poll.check()?;
        }
        if typed.language.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            return Err(Unfit::Language);
        }
        Ok(Self(typed))
    }

    /// What it says.
    pub const fn typed(&self) -> &Typed {
        &self.0
    }
}

impl TypedPoll {
    fn check(&self) -> Result<(), Unfit> {
        let mut seen = std::collections::HashSet::new();
        let fit = (2..=POLL_OPTIONS_MAX).contains(&self.options.len())
            && self.options.iter().all(|option| {
                let option = option.trim();
                !option.is_empty() && option.chars().count() <= POLL_OPTION_CHARS_MAX && seen.insert(option)
            });
        if !fit {
            return Err(Unfit::PollOptions);
        }
        if !(POLL_SECS_MIN..=POLL_SECS_MAX).contains(&self.open_secs) {
            return Err(Unfit::PollTime);
        }
        Ok(())
    }

    /// When it closes.
    pub const fn closes_at(&self, now: Timestamp) -> Timestamp {
        now.plus_secs(self.open_secs)
    }
}

/// Whether this is written as a language tag is: letters and digits, with hyphens between.
pub fn is_language_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Typed {
        Typed { text: text.to_owned(), ..Typed::default() }
    }

    #[test]
    fn a_draft_says_something_and_not_too_much() {
        assert!(Draft::new(text("me too"), 10).is_ok());
        assert_eq!(Draft::new(text("  \n"), 10).unwrap_err(), Unfit::Blank);
        assert_eq!(Draft::new(text("01234567890"), 10).unwrap_err(), Unfit::TooLong { chars: 11, max: 10 });
    }

    #[test]
    fn a_poll_has_different_choices_and_an_end() {
        let poll = |options: &[&str], open_secs| TypedPoll {
            options: options.iter().map(ToString::to_string).collect(),
            open_secs,
            ..TypedPoll::default()
        };
        let with = |poll| Draft::new(Typed { poll: Some(poll), ..text("?") }, 10).map(|_| ());
        assert_eq!(with(poll(&["tea", "coffee"], 3_600)), Ok(()));
        assert_eq!(with(poll(&["tea", "tea"], 3_600)), Err(Unfit::PollOptions));
        assert_eq!(with(poll(&["tea"], 3_600)), Err(Unfit::PollOptions));
        assert_eq!(with(poll(&["tea", "coffee"], 5)), Err(Unfit::PollTime));
    }
}
