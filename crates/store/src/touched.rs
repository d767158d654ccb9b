//! What the commits of this process changed, so that an answer can be given again for as long as nothing changed
//! that it was made of.
//!
//! A statement that writes touches everything, unless it says what it touches ([`crate::engine::Tx::touching`]) or
//! writes a table that no such answer is made of. So a statement that nobody thought of costs time, and never truth.
//!
//! Where several servers write to one database, each tells the others what its commits touched, in a few words
//! ([`Touched::tidings`]), and counts what it hears as a commit of its own.

use alongside_domain::id::{ActorId, PostId};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// Topics that are told apart. Two that share a slot change together, which does no harm.
const SLOTS: usize = 1 << 16;

/// Slots told one by one: what is told of a commit has to fit into 8,000 bytes on PostgreSQL.
const TOLD_MAX: usize = 1_000;
/// What is told of a commit that touched everything, beside the slots it named.
const EVERYTHING: &str = "*";
/// What is told of one that named too many.
const ANYTHING: &str = "?";

/// Tables that no answer of a timeline or thread is made of, and no decision about who may see one.
const ASIDE: [&str; 26] = [
    "activity",
    "actor_key",
    "audit",
    "change",
    "conversation",
    "delivery",
    "destination",
    "erasure",
    "heard",
    // What is decided about one says so.
    "host",
    "idempotency",
    "inbox",
    "invitation",
    "job",
    "mail_link",
    "marker",
    // What lies elsewhere has the same address here, whether there is a copy of it yet or not.
    "media_copy",
    "notification",
    "oauth_code",
    "post_search",
    "receipt",
    "sent",
    "session",
    "stray_file",
    "thread_context",
    "tombstone",
];

/// Something that changes, and that answers are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A post: its counts.
    Post(PostId),
    /// Somebody: their counts.
    Actor(ActorId),
    /// The lines of somebody's timeline: what they wrote and boosted.
    Lines(ActorId),
    /// The thread that began with this post: what is in it.
    Thread(PostId),
    /// What is in public.
    Public,
    /// What somebody did with posts.
    Deeds(ActorId),
    /// The networks that are kept out.
    Networks,
}

/// Where a topic is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(u16);

/// When each topic was last changed, counted in commits.
#[derive(Debug)]
pub struct Changes {
    commits: AtomicU64,
    everything: AtomicU64,
    slots: Box<[AtomicU64]>,
}

/// What a transaction has touched so far.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    everything: bool,
    slots: Vec<Slot>,
    /// The next statement has said what it touches.
    is_told: bool,
}

impl Default for Changes {
    fn default() -> Self {
        let slots = std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect();
        Self { commits: AtomicU64::default(), everything: AtomicU64::default(), slots }
    }
}

impl Changes {
    /// How often this process has committed.
    pub fn now(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Whether none of this has changed since there had been so many commits.
    pub fn none_since(&self, commits: u64, slots: &[Slot]) -> bool {
        let unchanged = |changed: &AtomicU64| changed.load(Ordering::Acquire) <= commits;
        unchanged(&self.everything) && slots.iter().all(|slot| unchanged(&self.slots[usize::from(slot.0)]))
    }

    /// Whether nobody has said since then that this changed. It is enough for what is changed by none but statements
    /// that say so.
    pub fn is_untold_since(&self, commits: u64, topic: Topic) -> bool {
        self.slots[usize::from(Slot::from(topic).0)].load(Ordering::Acquire) <= commits
    }

    /// Counts that anything may have been changed, also what is always told of.
    pub(crate) fn record_anything(&self) {
        let number = self.commits.fetch_add(1, Ordering::AcqRel) + 1;
        for changed in self.slots.iter().chain([&self.everything]) {
            changed.fetch_max(number, Ordering::AcqRel);
        }
    }

    /// Counts what another server told of a commit of its own.
    pub(crate) fn hear(&self, tidings: &str) {
        match Touched::heard(tidings) {
            Some(touched) => self.record(&touched),
            None => self.record_anything(),
        }
    }

    /// Counts a commit that touched this.
    pub(crate) fn record(&self, touched: &Touched) {
        // Who reads from here on counts this commit in, and can see it already.
        let number = self.commits.fetch_add(1, Ordering::AcqRel) + 1;
        if touched.everything {
            self.everything.fetch_max(number, Ordering::AcqRel);
        }
        for slot in &touched.slots {
            self.slots[usize::from(slot.0)].fetch_max(number, Ordering::AcqRel);
        }
    }
}

impl From<Topic> for Slot {
    fn from(topic: Topic) -> Self {
        let [low, high, ..] = BuildHasherDefault::<DefaultHasher>::default().hash_one(topic).to_le_bytes();
        Self(u16::from_le_bytes([low, high]))
    }
}

impl Touched {
    /// Something was written of which everything may be made.
    pub(crate) fn tell_everything(&mut self) {
        self.everything = true;
    }

    /// The next statement touches these alone.
    pub(crate) fn tell(&mut self, topics: &[Topic]) {
        self.slots.extend(topics.iter().copied().map(Slot::from));
        self.is_told = true;
    }

    /// What another server has to know of it; none where nothing was touched that anything is made of.
    pub(crate) fn tidings(&self) -> Option<String> {
        if self.slots.len() > TOLD_MAX {
            return Some(ANYTHING.to_owned());
        }
        let mut words: Vec<String> = self.slots.iter().map(|Slot(slot)| format!("{slot:x}")).collect();
        words.extend(self.everything.then(|| EVERYTHING.to_owned()));
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// What another server told of a commit of its own; none if it may have been anything.
    fn heard(tidings: &str) -> Option<Self> {
        let mut touched = Self::default();
        for word in tidings.split_ascii_whitespace() {
            match u16::from_str_radix(word, 16) {
                Ok(slot) => touched.slots.push(Slot(slot)),
                Err(_) if word == EVERYTHING => touched.everything = true,
                Err(_) => return None,
            }
        }
        Some(touched)
    }

    /// Notes a statement.
    pub(crate) fn note(&mut self, sql: &str) {
        let is_told = std::mem::take(&mut self.is_told);
        self.everything |= !is_told && touches_everything(sql);
    }
}

fn touches_everything(sql: &str) -> bool {
    let mut words = sql.split_ascii_whitespace();
    let table = match words.next() {
        Some("select") => return false,
        // What stands before the rest may read or write, and so may the rest.
        Some("with") => return names_a_write(sql),
        Some("update") => words.next(),
        Some("insert" | "delete") => words.nth(1),
        Some(_) | None => None,
    };
    !table.is_some_and(|table| ASIDE.contains(&table))
}

fn names_a_write(sql: &str) -> bool {
    let mut words = sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.any(|word| matches!(word, "insert" | "update" | "delete"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: Topic = Topic::Post(PostId::new(7));
    const OTHER: Topic = Topic::Post(PostId::new(8));

    fn after(statements: &[(&str, Option<&[Topic]>)]) -> Changes {
        let (changes, mut touched) = (Changes::default(), Touched::default());
        for (sql, topics) in statements {
            if let Some(topics) = topics {
                touched.tell(topics);
            }
            touched.note(sql);
        }
        changes.record(&touched);
        changes
    }

    #[test]
    fn a_statement_that_says_nothing_touches_everything() {
        for sql in [
            "update post set a = 1",
            "delete from block where a = 1",
            "with a as (select 1) update post",
            "with a as (delete from post returning id) select id from a",
        ] {
            assert!(!after(&[(sql, None)]).none_since(0, &[]), "{sql}");
            assert!(
                after(&[(sql, None)]).none_since(1, &[POST.into()]),
                "what is made afterwards is new: {sql}"
            );
        }
    }

    #[test]
    fn reading_and_what_stands_aside_touch_nothing() {
        for sql in [
            "select id from post",
            "with a (id) as (select id from post) select id, updated_at from a",
            "insert into job (id) values (1)",
            "delete from delivery where id = 1",
            "update media_copy set used_at = 1",
        ] {
            assert!(after(&[(sql, None)]).none_since(0, &[POST.into()]), "{sql}");
        }
    }

    #[test]
    fn another_server_counts_what_it_is_told_as_its_own() {
        let told = |touched: &Touched| {
            let changes = Changes::default();
            changes.hear(&touched.tidings().unwrap());
            changes
        };
        let mut touched = Touched::default();
        assert_eq!(touched.tidings(), None);
        touched.tell(&[POST, Topic::Public]);
        assert!(
            !told(&touched).none_since(0, &[POST.into()])
                && !told(&touched).none_since(0, &[Topic::Public.into()])
        );
        assert!(told(&touched).none_since(0, &[OTHER.into()]));
        touched.tell(&(0..5_000).map(|id| Topic::Post(PostId::new(id))).collect::<Vec<_>>());
        assert!(touched.tidings().unwrap().len() < 8_000);
        assert!(!told(&touched).none_since(0, &[OTHER.into()]), "so many that it may be any of them");
        let mut touched = Touched::default();
        touched.tell(&[Topic::Networks]);
        touched.tell_everything();
        assert!(!told(&touched).none_since(0, &[OTHER.into()]));
        assert!(
            !told(&touched).is_untold_since(0, Topic::Networks),
            "what is always told of is told with it"
        );
        let unreadable = Changes::default();
        unreadable.hear("of a later version");
        assert!(!unreadable.none_since(0, &[OTHER.into()]));
    }

    #[test]
    fn what_is_always_told_of_is_unchanged_until_it_is_told() {
        let changes = after(&[("update post set a = 1", None), ("update post set a = 1", Some(&[POST]))]);
        assert!(changes.is_untold_since(0, Topic::Networks) && !changes.is_untold_since(0, POST));
        assert!(changes.is_untold_since(1, POST));
        changes.record_anything();
        assert!(!changes.is_untold_since(1, Topic::Networks) && !changes.none_since(1, &[]));
    }

    #[test]
    fn a_statement_that_says_what_it_touches_touches_that_and_the_next_is_on_its_own() {
        let changes = after(&[("update post set a = 1", Some(&[POST]))]);
        assert!(!changes.none_since(0, &[OTHER.into(), POST.into()]));
        assert!(changes.none_since(0, &[OTHER.into()]));
        let changes = after(&[("update post set a = 1", Some(&[POST])), ("update post set a = 2", None)]);
        assert!(!changes.none_since(0, &[OTHER.into()]));
    }
}
