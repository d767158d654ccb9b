//! Announcements: what whoever runs the node tells every member, and how members answer with a sign.

use crate::clock::Timestamp;
use crate::id::AnnouncementId;
use crate::limits::{ANNOUNCEMENT_CHARS_MAX, EMOJI_CHARS_MAX};

/// Something that every member is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its id.
    pub id: AnnouncementId,
    /// As it was typed.
    pub source: String,
    /// As HTML.
    pub content: String,
    /// When what it is about begins.
    pub starts_at: Option<Timestamp>,
    /// From when on it is not shown any more.
    pub ends_at: Option<Timestamp>,
    /// When it was made known.
    pub published_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Why something is not announced. The texts are shown to whoever types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It says nothing, or too much.
    #[error("an announcement has 1 to {ANNOUNCEMENT_CHARS_MAX} characters")]
    Text,
    /// It would never be shown.
    #[error("an announcement ends after it was made, and after what it is about begins")]
    Times,
}

/// Whether this can be announced now.
pub fn check(
    text: &str,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Unfit> {
    if !(1..=ANNOUNCEMENT_CHARS_MAX).contains(&text.chars().count()) {
        return Err(Unfit::Text);
    }
    if ends_at.is_some_and(|end| end <= now || starts_at.is_some_and(|start| start >= end)) {
        return Err(Unfit::Times);
    }
    Ok(())
}

/// A sign that members answer with: one emoji, which may be put together from several characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji(String);

/// The text is no emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Validation failed: a reaction is one emoji")]
pub struct NoEmoji;

impl Emoji {
    /// Reads one: signs without letters or spaces, at least one of them beyond the plain alphabet. What
    /// looks like one sign depends on the device, so they are not counted further.
    pub fn parse(text: &str) -> Result<Self, NoEmoji> {
        let is_sign = |c: char| !c.is_alphabetic() && !c.is_whitespace() && !c.is_control();
        let fits = (1..=EMOJI_CHARS_MAX).contains(&text.chars().count())
            && text.chars().all(is_sign)
            && text.chars().any(|c| c >= '\u{203c}');
        if fits { Ok(Self(text.to_owned())) } else { Err(NoEmoji) }
    }

    /// The emoji.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_is_an_emoji_and_words_are_not() {
        for emoji in ["💜", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "👩🏽‍❤️‍💋‍👨🏽"]
        {
            assert!(Emoji::parse(emoji).is_ok(), "{emoji}");
        }
        for other in ["", "a", "1", "heart", ":heart:", "💜 💜", "<b>", "愛", "💜💜💜💜💜💜💜💜💜💜💜💜💜"]
        {
            assert_eq!(Emoji::parse(other), Err(NoEmoji), "{other}");
        }
    }

    #[test]
    fn what_is_announced_says_something_and_lasts() {
        let at = Timestamp::from_secs;
        assert_eq!(check("Moving house", None, None, at(5)), Ok(()));
        assert_eq!(check("Moving house", Some(at(6)), Some(at(9)), at(5)), Ok(()));
        assert_eq!(check("", None, None, at(5)), Err(Unfit::Text));
        assert_eq!(check(&"x".repeat(ANNOUNCEMENT_CHARS_MAX + 1), None, None, at(5)), Err(Unfit::Text));
        assert_eq!(check("Moving house", None, Some(at(5)), at(5)), Err(Unfit::Times));
        assert_eq!(check("Moving house", Some(at(9)), Some(at(9)), at(5)), Err(Unfit::Times));
    }
}
