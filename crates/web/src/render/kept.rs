//! Posts as everybody is shown them, kept for a moment, so that what a thousand members have on their timelines is
//! made once and not a thousand times.
//!
//! What is kept is the answer to nobody in particular. Who may see a post was asked before, by a statement of its own
//! for each viewer, and what only the viewer knows is put beside it afterwards. It is given for the same post alone, as
//! it was just read, and only while nothing around it has changed: a statement that changes it says so when it is
//! committed, to the other servers on the same database too. What a command writes beside the server, and what time
//! changes, shows a second later.

use crate::entities::statuses::Status;
use crate::generations::Generations;
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{CommunityId, PostId};
use alongside_domain::post::Post;
use alongside_store::touched::{Changes, Slot, Topic};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes kept in all.
const BYTES_MAX: usize = 16 * 1_048_576;
/// How long one is given.
const MILLIS_MAX: i64 = 1_000;

/// What is kept now.
#[derive(Debug)]
pub(crate) struct Kept(Mutex<Generations<PostId, Thing>>);

#[derive(Debug)]
struct Thing {
    post: Post,
    moment: Moment,
    slots: Vec<Slot>,
    status: Arc<Status>,
}

/// When something was read: everything that was committed before is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    at: Timestamp,
    commits: u64,
}

impl Moment {
    /// Now.
    pub(crate) fn now(app: &App) -> Self {
        Self { at: app.now(), commits: app.store().changes().now() }
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self(Mutex::new(Generations::new(BYTES_MAX)))
    }
}

impl Kept {
    /// Those of the node.
    pub(crate) fn of(app: &App) -> &Self {
        app.shelf(Self::default)
    }

    /// The post as everybody is shown it, if that is kept and still true.
    pub(crate) fn get(&self, app: &App, post: &Post) -> Option<Arc<Status>> {
        let changes = app.store().changes();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let thing = kept.get(&post.id)?;
        thing.is_still_true(post, changes, app.now()).then(|| Arc::clone(&thing.status))
    }

    /// Keeps what was made of a post after this moment. A poll looks different to each who sees it.
    pub(crate) fn put(&self, moment: Moment, post: &Post, status: &Arc<Status>) {
        if post.poll.is_some() {
            return;
        }
        let around = [Topic::Post(post.id), Topic::Actor(post.author)].into_iter();
        let around = around.chain(post.community.map(CommunityId::actor).map(Topic::Actor));
        let thing = Thing {
            post: post.clone(),
            moment,
            slots: around.map(Slot::from).collect(),
            status: Arc::clone(status),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(post.id, size(post), thing);
    }
}

impl Thing {
    fn is_still_true(&self, post: &Post, changes: &Changes, now: Timestamp) -> bool {
        now < self.moment.at.plus_millis(MILLIS_MAX)
            && changes.none_since(self.moment.commits, &self.slots)
            && self.post == *post
    }
}

/// Bytes it takes, nearly: its words are there three times, and there is much around them.
fn size(post: &Post) -> usize {
    const AROUND: usize = 4_096;
    AROUND + 3 * post.content.len() + post.source.len() + 2 * post.content_note.len()
}
