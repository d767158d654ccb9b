//! Who is connected, what each connection listens to, and how much room there is.

use crate::error::Error;
use crate::state::Limits;
use crate::streaming::frames::{Form, frame};
use crate::streaming::position::Position;
use alongside_app::barriers;
use alongside_app::live::{Ear, Listeners};
use alongside_domain::channel::Channel;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{MemberId, TokenId};
use alongside_domain::limits::CHANNELS_MAX;
use alongside_store::barriers::Kept;
use bytes::Bytes;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Texts that wait for one connection to take them.
const WAITING_MAX: usize = 128;
/// When a member with too many connections is asked to try again, in seconds.
const AGAIN_SECS: i64 = 60;

/// Every connection of this process.
#[derive(Debug)]
pub(crate) struct Hub {
    streams_max: usize,
    streams_per_member_max: usize,
    seats: Mutex<Seats>,
    position: tokio::sync::Mutex<Position>,
    goodbyes: TaskTracker,
}

#[derive(Debug, Default)]
struct Seats {
    is_closed: bool,
    last: u64,
    taken: HashMap<u64, Taken>,
    /// The networks that are kept out, as they were when it was last looked who sits in one.
    kept_out: Option<Arc<Vec<Kept>>>,
}

/// A connection, as the hub knows it.
#[derive(Debug)]
struct Taken {
    guest: Guest,
    /// What it listens to, by the name its client gave it.
    channels: HashMap<String, Channel>,
    waiting: Sender<Bytes>,
    end: Arc<End>,
}

/// Whose connection it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guest {
    /// Their token.
    pub(crate) token: TokenId,
    /// Who they are.
    pub(crate) member: MemberId,
    /// Whether their token is good for reading notifications.
    pub(crate) reads_notifications: bool,
    /// How they are told.
    pub(crate) form: Form,
    /// Where they are.
    pub(crate) from: IpAddr,
}

/// Why a connection is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It did not take what it was sent.
    Slow,
    /// Its token is good for nothing any more.
    Revoked,
    /// It comes from a network that is kept out.
    Barred,
    /// The node stops.
    Stopping,
}

#[derive(Debug, Default)]
struct End {
    why: OnceLock<Why>,
    came: CancellationToken,
}

/// A connection's place. It is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    hub: Arc<Hub>,
    id: u64,
    waiting: Receiver<Bytes>,
    end: Arc<End>,
    _goodbye: TaskTrackerToken,
}

/// One text for several ears.
#[derive(Debug)]
pub(crate) struct Message {
    /// What it is.
    pub(crate) payload: Option<String>,
    /// Who hears it.
    pub(crate) by: Vec<Ear>,
}

impl Hub {
    /// A hub with no connections.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            streams_max: limits.streams,
            streams_per_member_max: limits.streams_per_member,
            seats: Mutex::default(),
            position: tokio::sync::Mutex::default(),
            goodbyes: TaskTracker::new(),
        }
    }

    /// Gives a connection a place, if there is one.
    pub(crate) fn sit(self: &Arc<Self>, guest: Guest, now: Timestamp) -> Result<Seat, Error> {
        let mut seats = self.lock();
        if seats.is_closed || seats.taken.len() >= self.streams_max {
            return Err(Error::Unavailable("every place for those who listen is taken".into()));
        }
        let own = seats.taken.values().filter(|taken| taken.guest.member == guest.member).count();
        if own >= self.streams_per_member_max {
            let limit = u32::try_from(self.streams_per_member_max).unwrap_or(u32::MAX);
            return Err(Error::TooMany { limit, until: now.plus_secs(AGAIN_SECS), wait_secs: AGAIN_SECS });
        }
        let (sender, waiting) = channel(WAITING_MAX);
        let end = Arc::new(End::default());
        seats.last += 1;
        let id = seats.last;
        let taken = Taken { guest, channels: HashMap::new(), waiting: sender, end: Arc::clone(&end) };
        seats.taken.insert(id, taken);
        Ok(Seat { hub: Arc::clone(self), id, waiting, end, _goodbye: self.goodbyes.token() })
    }

    /// Whether nobody is connected.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().taken.is_empty()
    }

    /// How far the changes were read.
    pub(crate) const fn position(&self) -> &tokio::sync::Mutex<Position> {
        &self.position
    }

    /// Who listens to what.
    pub(crate) fn listeners(&self) -> Listeners {
        let mut listeners = Listeners::default();
        for taken in self.lock().taken.values() {
            for channel in taken.channels.values() {
                listeners.add(channel.clone(), taken.guest.member);
            }
        }
        listeners
    }

    /// The tokens of all who are connected.
    pub(crate) fn tokens(&self) -> Vec<TokenId> {
        let tokens: HashSet<TokenId> = self.lock().taken.values().map(|taken| taken.guest.token).collect();
        tokens.into_iter().collect()
    }

    /// Ends the connections with these tokens.
    pub(crate) fn end_revoked(&self, revoked: &HashSet<TokenId>) {
        self.lock().end(Why::Revoked, |taken| revoked.contains(&taken.guest.token));
    }

    /// Ends the connections from networks that are kept out. The same list is looked through once: whoever comes later
    /// is asked when they sit down.
    pub(crate) fn end_barred(&self, networks: &Arc<Vec<Kept>>, now: Timestamp) {
        let mut seats = self.lock();
        if !seats.kept_out.as_ref().is_some_and(|before| Arc::ptr_eq(before, networks)) {
            seats.kept_out = Some(Arc::clone(networks));
            seats.end(Why::Barred, |taken| barriers::keeps_out(networks, taken.guest.from, now));
        }
    }

    /// Hands an event to everybody who hears it. Each text is made once for all who get the same, and whoever has
    /// not taken enough of those before is let go.
    pub(crate) fn send(&self, event: &str, is_notification: bool, messages: &[Message]) {
        let mut wanted: HashMap<&Channel, HashMap<MemberId, usize>> = HashMap::new();
        for (index, message) in messages.iter().enumerate() {
            for (channel, member) in &message.by {
                wanted.entry(channel).or_default().insert(*member, index);
            }
        }
        let mut frames: HashMap<(Form, String, usize), Bytes> = HashMap::new();
        let mut seats = self.lock();
        let mut slow = HashSet::new();
        for (id, taken) in &seats.taken {
            let Guest { member, form, reads_notifications, .. } = taken.guest;
            if is_notification && !reads_notifications {
                continue;
            }
            for (name, channel) in &taken.channels {
                let Some(index) = wanted.get(channel).and_then(|by| by.get(&member)) else { continue };
                let frame = frames
                    .entry((form, name.clone(), *index))
                    .or_insert_with(|| frame(form, name, event, messages[*index].payload.as_deref()));
                if taken.waiting.try_send(frame.clone()).is_err() {
                    slow.insert(*id);
                }
            }
        }
        for id in slow {
            seats.end_one(id, Why::Slow);
        }
    }

    /// Ends every connection, takes no more, and waits until the last has gone.
    pub(crate) async fn close(&self) {
        {
            let mut seats = self.lock();
            seats.is_closed = true;
            seats.end(Why::Stopping, |_| true);
        }
        self.goodbyes.close();
        self.goodbyes.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    fn end(&mut self, why: Why, is_meant: impl Fn(&Taken) -> bool) {
        let meant: Vec<u64> =
            self.taken.iter().filter(|(_, taken)| is_meant(taken)).map(|(id, _)| *id).collect();
        for id in meant {
            self.end_one(id, why);
        }
    }

    fn end_one(&mut self, id: u64, why: Why) {
        if let Some(taken) = self.taken.remove(&id) {
            // It was ended by nobody before: its place is given back only once.
            let _ = taken.end.why.set(why);
            taken.end.came.cancel();
        }
    }
}

impl Seat {
    /// Listens to a channel under this name. A name that is listened to already changes nothing.
    pub(crate) fn listen(&self, name: String, channel: Channel) -> Result<(), Error> {
        let mut seats = self.hub.lock();
        let Some(taken) = seats.taken.get_mut(&self.id) else { return Ok(()) };
        if taken.channels.len() >= CHANNELS_MAX && !taken.channels.contains_key(&name) {
            return Err(Error::Unfit(format!("One connection can listen to {CHANNELS_MAX} streams")));
        }
        taken.channels.insert(name, channel);
        Ok(())
    }

    /// Listens to a channel no more.
    pub(crate) fn leave(&self, name: &str) {
        if let Some(taken) = self.hub.lock().taken.get_mut(&self.id) {
            taken.channels.remove(name);
        }
    }

    /// The next text, or why there will be none.
    pub(crate) async fn next(&mut self) -> Result<Bytes, Why> {
        tokio::select! {
            biased;
            () = self.end.came.cancelled() => {}
            text = self.waiting.recv() => if let Some(text) = text { return Ok(text) },
        }
        Err(self.end.why.get().copied().unwrap_or(Why::Stopping))
    }

    /// Comes when the connection is ended from here.
    pub(crate) fn end(&self) -> CancellationToken {
        self.end.came.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.lock().taken.remove(&self.id);
    }
}
