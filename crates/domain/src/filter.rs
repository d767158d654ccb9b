//! Filters: words a member would rather not meet unprepared, and where.

use crate::clock::Timestamp;
use crate::id::{FilterId, FilteredPostId, KeywordId, PostId};

crate::words! {
    /// Where a filter looks.
    pub enum FilterContext {
        /// The home timeline and lists.
        Home = "home",
        /// Notifications.
        Notifications = "notifications",
        /// Public timelines.
        Public = "public",
        /// Threads.
        Thread = "thread",
        /// Profiles.
        Account = "account",
    }
}

crate::words! {
    /// What a filter does with what it finds.
    pub enum FilterAction {
        /// It is covered, and says why.
        Warn = "warn",
        /// It is left out.
        Hide = "hide",
        /// Its images are covered.
        Blur = "blur",
    }
}

/// A member's filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its id.
    pub id: FilterId,
    /// What the member calls it.
    pub title: String,
    /// Where it looks.
    pub contexts: Vec<FilterContext>,
    /// What it does.
    pub action: FilterAction,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What it looks for.
    pub keywords: Vec<Keyword>,
    /// Posts that it covers whatever they say.
    pub posts: Vec<FilteredPost>,
}

/// A post that a filter covers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilteredPost {
    /// Its id, as part of the filter.
    pub id: FilteredPostId,
    /// The post.
    pub post: PostId,
}

/// A word or phrase that a filter looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// Its id.
    pub id: KeywordId,
    /// The word or phrase.
    pub keyword: String,
    /// It is not looked for inside longer words.
    pub whole_word: bool,
}

impl Filter {
    /// Whether it has not ended.
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }

    /// Whether it covers this post by itself.
    pub fn names(&self, post: PostId) -> bool {
        self.posts.iter().any(|named| named.post == post)
    }

    /// Which of its keywords are in the text, as the member wrote them.
    pub fn matches<'a>(&'a self, text: &str) -> Vec<&'a str> {
        let text = lower(text);
        self.keywords
            .iter()
            .filter(|keyword| keyword.is_in(&text))
            .map(|keyword| keyword.keyword.as_str())
            .collect()
    }
}

impl Keyword {
    /// Whether it is in a text that is in lower case already.
    fn is_in(&self, text: &str) -> bool {
        let wanted = lower(self.keyword.trim());
        if wanted.is_empty() {
            return false;
        }
        text.match_indices(&wanted).any(|(at, found)| {
            !self.whole_word
                || (is_edge(text[..at].chars().next_back(), found.chars().next())
                    && is_edge(text[at + found.len()..].chars().next(), found.chars().next_back()))
        })
    }
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Whether a word ends between these two: a phrase that itself begins or ends with a sign has its edge there.
fn is_edge(outside: Option<char>, inside: Option<char>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !(outside.is_some_and(is_word) && inside.is_some_and(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(keyword: &str, whole_word: bool) -> Filter {
        Filter {
            id: FilterId::new(1),
            title: "pacing".to_owned(),
            contexts: vec![FilterContext::Home],
            action: FilterAction::Warn,
            expires_at: Some(Timestamp::from_secs(100)),
            keywords: vec![Keyword { id: KeywordId::new(2), keyword: keyword.to_owned(), whole_word }],
            posts: Vec::new(),
        }
    }

    #[test]
    fn a_whole_word_is_not_found_inside_another() {
        assert_eq!(filter("Pain", true).matches("the PAIN, again"), ["Pain"]);
        assert!(filter("pain", true).matches("painting").is_empty());
        assert!(filter("pain", true).matches("no_pain").is_empty());
        assert_eq!(filter("pain", false).matches("painting"), ["pain"]);
        assert_eq!(filter("pain", true).matches("painting in pain"), ["pain"]);
    }

    #[test]
    fn letters_of_every_alphabet_are_letters() {
        assert_eq!(filter("ÉTÉ", true).matches("L'été dernier"), ["ÉTÉ"]);
        assert!(filter("été", true).matches("étés").is_empty());
        assert_eq!(filter("ノイズ", true).matches("ノイズ"), ["ノイズ"]);
        assert_eq!(filter("#meds", true).matches("about#meds."), ["#meds"]);
        assert!(filter("  ", false).matches("anything").is_empty());
    }

    #[test]
    fn a_filter_looks_until_it_ends() {
        let ending = filter("x", false);
        assert!(ending.is_current(Timestamp::from_secs(99)));
        assert!(!ending.is_current(Timestamp::from_secs(100)));
        assert!(Filter { expires_at: None, ..ending }.is_current(Timestamp::from_secs(100)));
    }
}
