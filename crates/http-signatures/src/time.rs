//! Time as this crate sees it: whole seconds, handed in by the caller.
//! Nothing here reads a clock, so every rule about time can be tested at any time.

use std::time::{Duration, UNIX_EPOCH};

/// The first second of the year 10000, which an HTTP date cannot express.
const HTTP_DATE_END: u64 = 253_402_300_800;

/// Seconds since 1970-01-01T00:00:00Z; a type of its own so that milliseconds do not slip in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// Seconds from `earlier` to `self`, negative where `earlier` is in fact later.
    pub(crate) fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads a `Date` header in any of the three forms HTTP allows.
    pub(crate) fn from_http_date(text: &str) -> Option<Self> {
        let date = httpdate::parse_http_date(text).ok()?;
        let secs = date.duration_since(UNIX_EPOCH).ok()?.as_secs();
        i64::try_from(secs).ok().map(Self)
    }

    /// Writes a `Date` header; nothing before 1970 or after 9999 can be written.
    pub(crate) fn to_http_date(self) -> Option<String> {
        let secs = u64::try_from(self.0).ok().filter(|secs| *secs < HTTP_DATE_END)?;
        Some(httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        let newyear = UnixSeconds(1_767_225_600);
        let text = newyear.to_http_date().unwrap();
        assert_eq!(text, "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(UnixSeconds::from_http_date(&text), Some(newyear));
    }

    #[test]
    fn impossible_dates_are_none_not_a_panic() {
        assert_eq!(UnixSeconds(-1).to_http_date(), None);
        assert_eq!(UnixSeconds(i64::MAX).to_http_date(), None);
        assert_eq!(UnixSeconds(253_402_300_800).to_http_date(), None);
        assert!(UnixSeconds(253_402_300_799).to_http_date().is_some());
        assert_eq!(UnixSeconds::from_http_date("wrong date"), None);
    }
}
