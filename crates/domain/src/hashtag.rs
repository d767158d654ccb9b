//! What the node's staff decide about a hashtag. It is about the word, and nothing about whoever writes it.

/// What may become of a hashtag here. About most of them nobody decides anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashtag {
    /// It is found by search.
    pub listable: bool,
    /// It is shown to those who look around, if several people use it.
    pub trendable: bool,
    /// Members of this node may write it.
    pub usable: bool,
}

impl Default for Hashtag {
    fn default() -> Self {
        Self { listable: true, trendable: true, usable: true }
    }
}
