//! What there is to beat: the leading Go server on SQLite, measured on two cores of the same kind of
//! machine, with its load generator on the same two cores.

/// Posts published in a second, by 8 clients at once.
pub(crate) const PUBLISH: f64 = 192.0;
/// Home timelines of 20 in a second, for 64 clients at once.
pub(crate) const HOME: f64 = 4_461.0;
/// Public timelines of 20 in a second, for 64 clients at once.
pub(crate) const PUBLIC: f64 = 1_615.0;
/// Threads of 200 replies in a second, for 16 clients at once.
pub(crate) const THREAD: f64 = 255.0;
/// Actor documents in a second, for 64 servers at once.
pub(crate) const ACTOR: f64 = 4_249.0;
/// Posts in a second that reach a follower's node, of 300.
pub(crate) const FOLLOWED: f64 = 31.0;
/// Deliveries in a second to hosts that answer at once.
pub(crate) const DELIVERIES_FAST: f64 = 616.0;
/// Deliveries in a second to hosts that take 100 ms to answer.
pub(crate) const DELIVERIES_SLOW: f64 = 38.0;
/// Seconds from the start of the process to its first answer.
pub(crate) const COLD_START_SECS: f64 = 1.35;
/// Resident memory of an idle node, in megabytes.
pub(crate) const IDLE_MB: f64 = 146.0;
