//! Lists of hosts: `host import`, `host export`, `host subscribe`, `host unsubscribe`, `host subscriptions`.

use alongside_app::context::App;
use alongside_app::host_lists::{self as lists, Difference};
use alongside_app::hosts::{self, Change};
use alongside_domain::agreement::Policy;
use alongside_domain::host_list::{self, Kind, Line, List, Unusable};
use alongside_federation::fetch::marks::Known;
use alongside_federation::host_lists as elsewhere;
use alongside_federation::node::Federation;
use alongside_store::error;
use alongside_store::host_lists::{self as kept, HostList};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use url::Url;

/// Why a command about a list failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{} cannot be read", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is no list.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// It could not be read where it lies.
    #[error(transparent)]
    Elsewhere(#[from] elsewhere::Error),
    /// It is not followed.
    #[error(transparent)]
    Follow(#[from] lists::Error),
    /// Nobody follows it.
    #[error("this node does not follow {0}; `alongside host subscriptions` shows what it follows")]
    Unknown(String),
    /// The store could not do it.
    #[error("the lists cannot be read or kept")]
    Store(#[from] error::Error),
}

/// What a list is of.
pub const fn kind(allow: bool) -> Kind {
    if allow { Kind::Allowed } else { Kind::Blocked }
}

/// Decides what a file says.
pub async fn import(app: &App, file: &Path, kind: Kind, trial: bool) -> Result<String, Error> {
    let text = text_of(file).map_err(|source| Error::File { file: file.to_owned(), source })?;
    let list = host_list::read(&text, kind)?;
    let changes = hosts::import(app, &list.lines, trial).await?;
    let mut says: Vec<String> = changes.iter().filter_map(|change| told(change, trial)).collect();
    says.extend(misread(&list));
    let made = changes.iter().filter(|change| matches!(change, Change::Made(_))).count();
    says.push(format!("{} of {} lines {}.", made, list.lines.len(), changing(made, trial)));
    Ok(says.join("\n"))
}

/// What was decided, as a list.
pub async fn export(app: &App, kind: Kind) -> Result<String, Error> {
    let lines = hosts::export(app, kind).await?;
    Ok(host_list::write(&lines, kind).trim_end().to_owned())
}

/// Follows a list.
pub async fn subscribe(node: &Federation, url: &Url, trial: bool) -> Result<String, Error> {
    let read = elsewhere::read(node, url, &Known::default()).await?;
    // Nothing was known of it, so its server has no reason to say that it has not changed.
    let read = read.ok_or(elsewhere::Error::Nothing)?;
    let lines = &read.list.lines;
    let changed = if trial {
        lists::compare(node.app(), url.as_str(), lines).await?
    } else {
        let list = HostList {
            url: url.to_string(),
            etag: read.known.etag.clone(),
            modified: read.known.modified.clone(),
            added_at: node.app().now(),
            asked_at: None,
            last_error: None,
        };
        lists::follow(node.app(), &list, lines).await?
    };
    let mut says = said_of(node.app(), &changed, trial).await?;
    says.extend(misread(&read.list));
    let follows = if trial { "would be followed" } else { "is followed" };
    says.push(format!("{url} {follows}: {} hosts.", lines.len()));
    Ok(says.join("\n"))
}

/// Follows a list no more.
pub async fn unsubscribe(app: &App, url: &str) -> Result<String, Error> {
    if !lists::leave(app, url).await? {
        return Err(Error::Unknown(url.to_owned()));
    }
    Ok(format!("{url} is followed no more; what it alone decided does not hold any longer."))
}

/// The lists that are followed.
pub async fn subscriptions(app: &App) -> Result<String, Error> {
    let mut reader = app.reader();
    let mut says = Vec::new();
    for list in kept::all(&mut reader).await? {
        let hosts = kept::lines(&mut reader, &list.url).await?.len();
        let state =
            list.last_error.map_or_else(String::new, |error| format!("; not read the last time: {error}"));
        says.push(format!("{}: {hosts} hosts{state}", list.url));
    }
    if says.is_empty() { Ok("No list is followed.".to_owned()) } else { Ok(says.join("\n")) }
}

/// What a list changes, but for hosts that it cannot touch.
async fn said_of(app: &App, changed: &Difference, trial: bool) -> Result<Vec<String>, error::Error> {
    let mut reader = app.reader();
    let mut says = Vec::new();
    for line in &changed.added {
        let own = alongside_store::hosts::find(&mut reader, &line.name).await?;
        if own.is_some_and(|own| own.policy == Policy::Allow) {
            says.push(format!("{}: left as it is, because it is allowed", line.name));
        } else {
            says.push(decision(line, trial));
        }
    }
    says.extend(changed.gone.iter().map(|name| format!("{name}: on the list no more")));
    Ok(says)
}

/// A file, up to one byte more than a list may have.
fn text_of(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(host_list::BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn told(change: &Change, trial: bool) -> Option<String> {
    Some(match change {
        Change::Made(line) => decision(line, trial),
        Change::Known(_) => return None,
        Change::Agreed(name) => format!("{name}: left as it is, because it is allowed"),
        Change::Blocked(name) => format!("{name}: left as it is, because it is blocked"),
        Change::Ourselves(name) => format!("{name}: left out, because it is this node itself"),
    })
}

fn decision(line: &Line, trial: bool) -> String {
    let would = if trial { "would be " } else { "" };
    let decided = match line.policy {
        Policy::Open => "limited",
        Policy::Allow => "allowed",
        Policy::Block => "blocked",
    };
    let limits = line.limits.to_string();
    let within = if limits.is_empty() { String::new() } else { format!(" ({limits})") };
    format!("{}: {would}{decided}{within}", line.name)
}

fn misread(list: &List) -> impl Iterator<Item = String> {
    list.bad.iter().map(|(number, reason)| format!("line {number} was left out: {reason}"))
}

const fn changing(made: usize, trial: bool) -> &'static str {
    match (made, trial) {
        (1, false) => "changes something",
        (_, false) => "change something",
        (_, true) => "would change something, and nothing was changed",
    }
}
