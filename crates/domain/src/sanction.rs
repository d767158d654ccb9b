//! Sanctions: what the node's staff do about somebody. Each ends by itself, and can be ended before.

use crate::clock::Timestamp;
use crate::id::{ActorId, ReportId, SanctionId};

crate::words! {
    /// The kinds of sanctions, by the words of the Mastodon API.
    pub enum SanctionKind {
        /// A message, and nothing else.
        Warning = "none",
        /// Their pictures are covered.
        Sensitive = "sensitive",
        /// They are shown only to those who follow them, and notify no stranger.
        Silence = "silence",
        /// They cannot sign in. What they wrote stays.
        Disable = "disable",
        /// They cannot sign in, and nothing of theirs is shown.
        Suspend = "suspend",
    }
}

const DAY_SECS: i64 = 86_400;
/// Seconds a sanction lasts where nobody says how long.
pub const SANCTION_SECS_DEFAULT: i64 = 30 * DAY_SECS;
/// Seconds a suspension lasts where nobody says how long.
pub const SUSPENSION_SECS_DEFAULT: i64 = 366 * DAY_SECS;
/// Seconds a sanction may last.
pub const SANCTION_SECS_MAX: i64 = 10 * 366 * DAY_SECS;

/// A sanction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sanction {
    /// Its id.
    pub id: SanctionId,
    /// About whom.
    pub target: ActorId,
    /// What.
    pub kind: SanctionKind,
    /// Who of the staff decided it.
    pub by: ActorId,
    /// The report that led to it.
    pub report: Option<ReportId>,
    /// What the member is told.
    pub message: String,
    /// When.
    pub at: Timestamp,
    /// When it ends by itself. A warning has no end, because nothing of it lasts.
    pub until: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// It was asked to last for no time, or for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sanction lasts from one second to ten years")]
pub struct Unending;

impl SanctionKind {
    /// Whether there is a state that it begins and that can be ended.
    pub const fn lasts(self) -> bool {
        match self {
            Self::Warning => false,
            Self::Sensitive | Self::Silence | Self::Disable | Self::Suspend => true,
        }
    }

    /// When one of this kind ends that begins now.
    pub fn ends(self, now: Timestamp, asked_secs: Option<i64>) -> Result<Option<Timestamp>, Unending> {
        let secs = match (self, asked_secs) {
            (Self::Warning, _) => return Ok(None),
            (_, Some(secs)) if (1..=SANCTION_SECS_MAX).contains(&secs) => secs,
            (_, Some(_)) => return Err(Unending),
            (Self::Suspend, None) => SUSPENSION_SECS_DEFAULT,
            (Self::Sensitive | Self::Silence | Self::Disable, None) => SANCTION_SECS_DEFAULT,
        };
        Ok(Some(now.plus_secs(secs)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sanction_that_lasts_ends_by_itself() {
        let now = Timestamp::from_secs(1_000);
        for kind in SanctionKind::ALL {
            let end = kind.ends(now, None).unwrap();
            assert_eq!(end.is_some_and(|end| end > now), kind.lasts(), "{kind}");
        }
        assert_eq!(SanctionKind::Silence.ends(now, Some(60)), Ok(Some(now.plus_secs(60))));
        for wrong in [0, -1, SANCTION_SECS_MAX + 1, i64::MAX] {
            assert_eq!(SanctionKind::Suspend.ends(now, Some(wrong)), Err(Unending));
            assert_eq!(SanctionKind::Warning.ends(now, Some(wrong)), Ok(None));
        }
    }
}
