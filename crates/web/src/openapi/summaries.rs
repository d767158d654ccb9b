//! The sentence that says what an address is for. They stand in `summaries.txt`, a line each: the method, the address
//! and the sentence, which ends with `(deprecated)` where clients should use another.

use crate::routes::Route;

const LINES: &str = include_str!("summaries.txt");

/// The sentence; nothing where nobody has written it yet, which a test finds.
pub(super) fn of(route: &Route) -> &'static str {
    let name = format!("{} {}", route.method.to_ascii_uppercase(), route.path);
    lines().find(|(address, _)| *address == name).map_or("", |(_, sentence)| sentence)
}

/// Every method and address that has a sentence.
#[cfg(test)]
pub(super) fn addresses() -> impl Iterator<Item = &'static str> {
    lines().map(|(address, _)| address)
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    LINES.lines().filter_map(|line| {
        let end = line.match_indices(' ').nth(1)?.0;
        Some((&line[..end], &line[end + 1..]))
    })
}
