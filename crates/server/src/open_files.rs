//! How many files and connections the process may have open. Hosts that hang keep connections open, and nobody else
//! may want for one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as there is any use for.
const WANTED: u64 = 65_536;
/// With fewer, hosts that hang may keep others waiting.
const ENOUGH: u64 = 8_192;

/// Raises the limit as far as the system lets us, and warns where that is not far.
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(WANTED).min(WANTED);
    let now = limit.current.unwrap_or(WANTED);
    if now < most {
        // Where it is refused, the limit is what it was, and is looked at below.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum });
    }
    let reached = getrlimit(Resource::Nofile).current.unwrap_or(WANTED);
    if reached < ENOUGH {
        tracing::warn!(
            limit = reached,
            "few files may be open: raise LimitNOFILE, or hosts that hang delay others"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_never_falls() {
        let before = getrlimit(Resource::Nofile).current;
        raise();
        let after = getrlimit(Resource::Nofile).current;
        assert!(before.is_none() || after.is_none() || after >= before);
    }
}
