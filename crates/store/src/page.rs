//! Pages of a timeline, as Mastodon clients ask for them.

/// Which part of a list ordered by id is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only what is older than this.
    pub max_id: Option<i64>,
    /// Only what is newer than this, the newest first.
    pub since_id: Option<i64>,
    /// Only what is newer than this, the oldest of it (still given newest first).
    pub min_id: Option<i64>,
    /// How many.
    pub limit: i64,
}

impl Page {
    /// The newest ones.
    pub const fn newest(limit: i64) -> Self {
        Self { max_id: None, since_id: None, min_id: None, limit }
    }

    /// Below which id.
    pub fn below(&self) -> i64 {
        self.max_id.unwrap_or(i64::MAX)
    }

    /// Above which id.
    pub fn above(&self) -> i64 {
        self.min_id.or(self.since_id).unwrap_or(-1)
    }

    /// Whether it begins or ends at an id.
    pub const fn is_bounded(&self) -> bool {
        self.max_id.is_some() || self.since_id.is_some() || self.min_id.is_some()
    }

    /// Whether it is read upwards from its lower end. A statement that walks an index has another text then.
    pub const fn is_upward(&self) -> bool {
        self.min_id.is_some()
    }

    /// What the ids are multiplied by in `order by id * $5`, where no index gives the rows in their order: so one
    /// statement is read both ways.
    pub const fn direction(&self) -> i64 {
        if self.is_upward() { 1 } else { -1 }
    }

    /// Turns rows that were read upwards into the order every page is given in.
    pub fn newest_first<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.is_upward() {
            rows.reverse();
        }
        rows
    }
}
