//! What went wrong, for whoever looks after the node: an error, and what caused it.

use std::error::Error;
use std::iter;

/// All of it as one line.
pub fn line(error: &(dyn Error + 'static)) -> String {
    all(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// What the system or the other side said. What stands above it often only repeats that something failed.
pub fn root(error: &(dyn Error + 'static)) -> String {
    all(error).last().unwrap_or(error).to_string()
}

fn all<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| (**error).source())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[derive(Debug, thiserror::Error)]
    #[error("the file cannot be read")]
    struct Unreadable(#[source] io::Error);

    #[test]
    fn an_error_is_told_with_what_caused_it() {
        let error = Unreadable(io::Error::other("the disk is gone"));
        assert_eq!(line(&error), "the file cannot be read: the disk is gone");
        assert_eq!(root(&error), "the disk is gone");
        assert_eq!(line(&io::Error::other("alone")), "alone");
    }
}
