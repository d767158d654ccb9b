//! What somebody types who looks for posts: words, and what narrows them down (`from:me after:2026-11-01 has:media`).

use crate::clock::Timestamp;

const DAY_SECS: i64 = 86_400;

/// What is looked for. What is not said leaves a question open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The words, with spaces between.
    pub words: String,
    /// Who wrote it, as it was typed: an address, or `me`.
    pub from: Option<String>,
    /// Written at this moment or later.
    pub since: Option<Timestamp>,
    /// Written before this moment.
    pub until: Option<Timestamp>,
    /// In this language, folded.
    pub language: Option<String>,
    /// With a picture or another file.
    pub media: Option<bool>,
    /// With a poll.
    pub poll: Option<bool>,
    /// An answer to another.
    pub reply: Option<bool>,
    /// With covered pictures or a content note.
    pub sensitive: Option<bool>,
}

impl Query {
    /// Reads it. A word that only looks as if it narrowed something down is a word.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for word in text.split_whitespace() {
            if query.narrow(word).is_none() {
                if !query.words.is_empty() {
                    query.words.push(' ');
                }
                query.words.push_str(word);
            }
        }
        query
    }

    fn narrow(&mut self, word: &str) -> Option<()> {
        let (word, wanted) = word.strip_prefix('-').map_or((word, true), |word| (word, false));
        let (name, value) = word.split_once(':').filter(|(_, value)| !value.is_empty())?;
        match (name.to_ascii_lowercase().as_str(), value.to_ascii_lowercase().as_str()) {
            ("from", _) if wanted => self.from = Some(value.to_owned()),
            ("language", language) if wanted => self.language = Some(language.to_owned()),
            ("before", day) if wanted => self.until = Some(midnight(day)?),
            ("after", day) if wanted => self.since = Some(midnight(day)?.plus_secs(DAY_SECS)),
            ("during", day) if wanted => {
                let start = midnight(day)?;
                (self.since, self.until) = (Some(start), Some(start.plus_secs(DAY_SECS)));
            }
            ("has", "media") => self.media = Some(wanted),
            ("has", "poll") => self.poll = Some(wanted),
            ("is", "reply") => self.reply = Some(wanted),
            ("is", "sensitive") => self.sensitive = Some(wanted),
            _ => return None,
        }
        Some(())
    }
}

/// The beginning of a day, written `2026-11-23`.
fn midnight(day: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{day}T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_narrows_it_down_is_no_word() {
        let query = Query::parse("awake from:@Ada@b.example  -is:reply has:media language:EN again");
        assert_eq!((query.words.as_str(), query.from.as_deref()), ("awake again", Some("@Ada@b.example")));
        assert_eq!((query.reply, query.media, query.poll), (Some(false), Some(true), None));
        assert_eq!(query.language.as_deref(), Some("en"));
    }

    #[test]
    fn a_day_ends_at_midnight() {
        let query = Query::parse("after:2026-10-31 before:2026-12-01");
        assert_eq!(query.since, Timestamp::parse("2026-11-01T00:00:00Z"));
        assert_eq!(query.until, Timestamp::parse("2026-12-01T00:00:00Z"));
        let query = Query::parse("during:2026-11-23");
        assert_eq!(query.since, Timestamp::parse("2026-11-23T00:00:00Z"));
        assert_eq!(query.until, Timestamp::parse("2026-11-24T00:00:00Z"));
    }

    #[test]
    fn what_only_looks_so_is_a_word() {
        for text in ["after:lunch", "from:", "-from:me", "note:this", "has:cheese", "before:2026-13-45"] {
            let query = Query::parse(text);
            assert_eq!(query, Query { words: text.to_owned(), ..Query::default() }, "{text}");
        }
    }
}
