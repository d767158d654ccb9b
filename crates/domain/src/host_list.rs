//! Lists of hosts as administrators exchange them: the CSV that Mastodon imports and exports, of blocked hosts
//! and of allowed ones, or plainly one name a line.

use crate::agreement::{Limit, Limits, Policy};
use crate::fold;

/// Bytes in a list.
pub const BYTES_MAX: usize = 4 * 1024 * 1024;
/// Hosts in a list.
pub const LINES_MAX: usize = 20_000;
/// Characters kept of what a list says about a host.
const COMMENT_CHARS_MAX: usize = 500;

/// What the first line of a list of blocked hosts says.
const HEAD: &str = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate";
/// What the first line of a list of allowed hosts says.
const HEAD_ALLOWED: &str = "#domain";

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hosts that are blocked or limited.
    Blocked,
    /// Hosts in an agreement.
    Allowed,
}

/// What a list says about a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Whether it is blocked or allowed.
    pub policy: Policy,
    /// Its limits.
    pub limits: Limits,
    /// Why, for everybody to read.
    pub comment: String,
}

/// What could be read of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// What it says.
    pub lines: Vec<Line>,
    /// What was not understood: the number of the line, and why.
    pub bad: Vec<(usize, &'static str)>,
}

/// Why nothing of a list can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is too long.
    #[error("the list is longer than {BYTES_MAX} bytes or {LINES_MAX} lines")]
    TooLong,
    /// Its first line has no column of names.
    #[error("the first line of the list names no column `domain`")]
    NoDomain,
    /// Everybody on a list of friends would be blocked.
    #[error("the list has names and no `severity`, as a list of allowed hosts has: import it with --allow")]
    LooksAllowed,
}

/// Reads a list. A line that is not understood is left out and named.
pub fn read(text: &str, kind: Kind) -> Result<List, Unusable> {
    if text.len() > BYTES_MAX {
        return Err(Unusable::TooLong);
    }
    let mut rows = rows(text.trim_start_matches('\u{feff}')).into_iter().peekable();
    let mut columns = Columns::default();
    if let Some((_, first)) = rows.next_if(|(_, cells)| is_head(cells)) {
        columns = Columns::of(&first)?;
        if kind == Kind::Blocked && columns.severity.is_none() {
            return Err(Unusable::LooksAllowed);
        }
    }
    let mut list = List::default();
    for (number, cells) in rows {
        if list.lines.len() + list.bad.len() >= LINES_MAX {
            return Err(Unusable::TooLong);
        }
        match line(&columns, &cells, kind) {
            Ok(line) => list.lines.push(line),
            Err(reason) => list.bad.push((number, reason)),
        }
    }
    Ok(list)
}

/// Writes a list.
pub fn write(lines: &[Line], kind: Kind) -> String {
    let head = match kind {
        Kind::Blocked => HEAD,
        Kind::Allowed => HEAD_ALLOWED,
    };
    let mut rows = vec![head.to_owned()];
    rows.extend(lines.iter().map(|line| row(line, kind)));
    // The last line ends as the others do.
    rows.push(String::new());
    rows.join("\n")
}

fn row(line: &Line, kind: Kind) -> String {
    let name = &line.name;
    match kind {
        Kind::Allowed => name.clone(),
        Kind::Blocked => {
            let severity = match line.policy {
                Policy::Block => "suspend",
                Policy::Open | Policy::Allow if line.limits.has(Limit::Silence) => "silence",
                Policy::Open | Policy::Allow => "noop",
            };
            let (media, reports) = (line.limits.has(Limit::NoMedia), line.limits.has(Limit::NoReports));
            format!("{name},{severity},{media},{reports},{},false", quoted(&line.comment))
        }
    }
}

/// Where in a line each thing stands.
#[derive(Debug, Default)]
struct Columns {
    domain: usize,
    severity: Option<usize>,
    media: Option<usize>,
    reports: Option<usize>,
    comment: Option<usize>,
}

impl Columns {
    fn of(head: &[String]) -> Result<Self, Unusable> {
        let place = |name: &str| head.iter().position(|cell| column(cell) == name);
        Ok(Self {
            domain: place("domain").ok_or(Unusable::NoDomain)?,
            severity: place("severity"),
            media: place("reject_media"),
            reports: place("reject_reports"),
            comment: place("public_comment"),
        })
    }
}

fn is_head(cells: &[String]) -> bool {
    cells.first().is_some_and(|cell| cell.starts_with('#'))
        || cells.iter().any(|cell| column(cell) == "domain")
}

fn column(cell: &str) -> String {
    cell.trim().trim_start_matches('#').to_ascii_lowercase()
}

fn line(columns: &Columns, cells: &[String], kind: Kind) -> Result<Line, &'static str> {
    let cell = |place: Option<usize>| place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim());
    let written = cell(Some(columns.domain));
    // What is decided about a name holds for all below it anyway.
    let name = fold::name_of_host(written.strip_prefix("*.").unwrap_or(written));
    let name = name.ok_or(if written.contains('*') {
        "the name is hidden behind asterisks"
    } else {
        "that is not the name of a host"
    })?;
    if kind == Kind::Allowed {
        let (policy, limits) = (Policy::Allow, Limits::default());
        return Ok(Line { name, policy, limits, comment: String::new() });
    }
    let mut limits = Vec::new();
    let policy = match (columns.severity, cell(columns.severity)) {
        (None, _) | (_, "suspend") => Policy::Block,
        (_, "silence") => {
            limits.push(Limit::Silence);
            Policy::Open
        }
        (_, "noop" | "") => Policy::Open,
        _ => return Err("the severity is not suspend, silence or noop"),
    };
    if yes(cell(columns.media))? {
        limits.push(Limit::NoMedia);
    }
    if yes(cell(columns.reports))? {
        limits.push(Limit::NoReports);
    }
    let comment = cell(columns.comment).chars().filter(|c| !c.is_control()).take(COMMENT_CHARS_MAX).collect();
    Ok(Line { name, policy, limits: Limits::of(&limits), comment })
}

fn yes(cell: &str) -> Result<bool, &'static str> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" => Ok(true),
        "false" | "f" | "0" | "no" | "" => Ok(false),
        _ => Err("a column of yes and no says neither"),
    }
}

/// The rows of a CSV (RFC 4180) that hold something, each with the number of its first line.
fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut number, mut began, mut in_quotes) = (1, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if in_quotes && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => cells.push(std::mem::take(&mut cell)),
            '\n' if !in_quotes => {
                cells.push(std::mem::take(&mut cell));
                rows.push((began, std::mem::take(&mut cells)));
                began = number + 1;
            }
            c => cell.push(c),
        }
        number += usize::from(c == '\n');
    }
    cells.push(cell);
    rows.push((began, cells));
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    rows
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocked(text: &str) -> List {
        read(text, Kind::Blocked).unwrap()
    }

    #[test]
    fn a_list_of_mastodon_is_read_and_written_as_it_was() {
        let text = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
            spam.example,suspend,false,false,\"selling, and \"\"shouting\"\"\",false\n\
            loud.example,silence,true,false,,false\n\
            odd.example,noop,false,true,,false\n";
        let list = blocked(text);
        assert_eq!(list.bad, []);
        assert_eq!(list.lines[0].policy, Policy::Block);
        assert_eq!(list.lines[0].comment, "selling, and \"shouting\"");
        assert_eq!(list.lines[1].limits, Limits::of(&[Limit::Silence, Limit::NoMedia]));
        assert_eq!(
            (list.lines[2].policy, list.lines[2].limits),
            (Policy::Open, Limits::of(&[Limit::NoReports]))
        );
        assert_eq!(write(&list.lines, Kind::Blocked), text);
    }

    #[test]
    fn columns_may_come_in_any_order_and_names_in_any_spelling() {
        let list =
            blocked("\u{feff}severity,domain\r\nsuspend,*.Spam.Example.\r\n\r\nsuspend,bücher.example");
        let names: Vec<&str> = list.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((names, list.bad), (vec!["spam.example", "xn--bcher-kva.example"], vec![]));
    }

    #[test]
    fn names_alone_are_blocked_or_allowed_as_it_is_said() {
        assert!(blocked("spam.example\nloud.example").lines.iter().all(|line| line.policy == Policy::Block));
        let allowed = read("#domain\ntrust.example\n", Kind::Allowed).unwrap();
        assert_eq!(allowed.lines[0].policy, Policy::Allow);
        assert_eq!(write(&allowed.lines, Kind::Allowed), "#domain\ntrust.example\n");
        assert_eq!(read("#domain\ntrust.example\n", Kind::Blocked), Err(Unusable::LooksAllowed));
        assert_eq!(read("#host,#severity\n", Kind::Blocked), Err(Unusable::NoDomain));
    }

    #[test]
    fn each_line_that_is_not_understood_is_named_and_the_others_count() {
        let list = blocked(
            "#domain,#severity,#reject_media,#public_comment\n\
            sp*m.example,suspend,false,\"two\nlines\"\n\
            not a host,suspend,false,\n\
            a.example,shout,false,\n\
            b.example,suspend,maybe,\n\
            c.example,suspend\n",
        );
        assert_eq!(list.lines.len(), 1);
        assert_eq!(list.bad.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 4, 5, 6]);
    }

    #[test]
    fn a_list_without_end_is_not_read() {
        assert_eq!(read(&"a.example\n".repeat(LINES_MAX + 1), Kind::Blocked), Err(Unusable::TooLong));
        assert_eq!(read(&"x".repeat(BYTES_MAX + 1), Kind::Blocked), Err(Unusable::TooLong));
        assert_eq!(blocked(&format!("\"{}", "x,\n".repeat(1_000))).lines, [], "a quote that never ends");
        assert_eq!(blocked(""), List::default());
    }
}
