//! What a signature must cover and when it must have been made: every rule that is a choice
//! and not grammar. The default is what satisfies, and protects from, today's fediverse.

use crate::refused::Refused;
use crate::time::UnixSeconds;

/// The choices of a verifier; build one with `Policy { age_secs_max: 300, ..Policy::default() }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The oldest signature accepted, in seconds. Default: 65 minutes.
    pub age_secs_max: i64,
    /// How far the signer's clock may be wrong: how many seconds a signature may lie in the
    /// future, or its `expires` in the past. Default: 60 minutes.
    pub skew_secs_max: i64,
    /// The shortest RSA key accepted, in bits. Default: 2048; keys under 1024 are never read.
    pub rsa_bits_min: u32,
    /// What the signature must cover.
    pub coverage: Coverage,
    /// Whether SHA-512 alone will do as the digest. Default: no, as most servers know SHA-256
    /// only, and a request they would refuse should not pass here.
    pub sha512_suffices: bool,
    /// Whether a draft-cavage request may be signed without its query, as several servers do.
    /// Default: yes. The query of such a request is then not authenticated.
    pub query_optional: bool,
}

/// What a signature must cover to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Everything that ties it to one request: the target (`(request-target)`, or `@method` and
    /// `@target-uri`), the host (draft-cavage; RFC 9421 has it in the target), the time, and the
    /// digest of the body unless the request is a GET or HEAD without one.
    WholeRequest,
    /// Whatever the signer chose. What it covers is checked, nothing is demanded but a time:
    /// for callers who have their own rules on top.
    AsSigned,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            age_secs_max: 65 * 60,
            skew_secs_max: 60 * 60,
            rsa_bits_min: 2048,
            coverage: Coverage::WholeRequest,
            sha512_suffices: false,
            query_optional: true,
        }
    }
}

impl Policy {
    /// Refuses a signature made at the wrong time.
    pub(crate) fn check_time(
        &self,
        signed_at: UnixSeconds,
        expires: Option<UnixSeconds>,
        now: UnixSeconds,
    ) -> Result<(), Refused> {
        let age_secs = now.since(signed_at);
        if age_secs > self.age_secs_max {
            return Err(Refused::Stale(age_secs));
        }
        let ahead_secs = signed_at.since(now);
        if ahead_secs > self.skew_secs_max {
            return Err(Refused::FromTheFuture(ahead_secs));
        }
        match expires.map(|expires| now.since(expires)) {
            Some(past_secs) if past_secs > self.skew_secs_max => Err(Refused::Expired(past_secs)),
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses a signature that leaves out a component it needs.
    pub(crate) fn demand(&self, covered: bool, what: &'static str) -> Result<(), Refused> {
        match self.coverage {
            Coverage::WholeRequest if !covered => Err(Refused::NotCovered(what)),
            Coverage::WholeRequest | Coverage::AsSigned => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_767_225_600);

    fn at(offset_secs: i64, expires: Option<i64>) -> Result<(), Refused> {
        let signed_at = UnixSeconds(NOW.0 + offset_secs);
        Policy::default().check_time(signed_at, expires.map(|secs| UnixSeconds(NOW.0 + secs)), NOW)
    }

    #[test]
    fn the_window_is_65_minutes_back_and_60_ahead() {
        assert_eq!(at(-3900, None), Ok(()));
        assert_eq!(at(-3901, None), Err(Refused::Stale(3901)));
        assert_eq!(at(3600, None), Ok(()));
        assert_eq!(at(3601, None), Err(Refused::FromTheFuture(3601)));
    }

    #[test]
    fn expires_shortens_the_window_and_never_widens_it() {
        assert_eq!(at(-3700, Some(-3600)), Ok(()));
        assert_eq!(at(-3700, Some(-3601)), Err(Refused::Expired(3601)));
        assert_eq!(at(-3901, Some(86_400)), Err(Refused::Stale(3901)));
    }

    #[test]
    fn absurd_times_do_not_overflow() {
        let policy = Policy::default();
        for signed_at in [UnixSeconds(i64::MIN), UnixSeconds(i64::MAX)] {
            assert!(policy.check_time(signed_at, None, NOW).is_err());
            assert!(policy.check_time(NOW, Some(signed_at), NOW).is_err() == (signed_at.0 < 0));
        }
    }
}
