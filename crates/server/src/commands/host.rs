//! `host allow`, `host block`, `host limit`, `host open`, `host list` and `host retry`.

use crate::cli::host::LimitedHost;
use alongside_app::context::App;
use alongside_app::hosts as verbs;
use alongside_domain::agreement::{Limit, Limits, Standing};
use alongside_federation::node::Federation;
use alongside_federation::worker;
use alongside_store::engine::Reader;
use alongside_store::hosts::{self, Host};
use alongside_store::{deliveries, error};

/// Hosts read at once.
const PAGE: i64 = 200;

/// Why a command about other nodes failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was ever received from or sent to it.
    #[error("this node knows no host {0}; `alongside host list` shows those it knows")]
    Unknown(String),
    /// The decision was not taken.
    #[error(transparent)]
    Undecided(#[from] verbs::Error),
    /// The store could not do it.
    #[error("the hosts cannot be read")]
    Store(#[from] error::Error),
}

/// Puts a host into the federation agreement.
pub async fn allow(app: &App, name: &str) -> Result<String, Error> {
    verbs::allow(app, name).await?;
    Ok(format!("{name} is in this node's federation agreement."))
}

/// Has nothing to do with a host any more.
pub async fn block(app: &App, name: &str) -> Result<String, Error> {
    let parted = verbs::block(app, name).await?;
    Ok(format!(
        "{name} is blocked, and every host below it: nothing is taken from them, and nothing is sent. \
         Ended: {} follows, {} deliveries.",
        parted.follows, parted.deliveries
    ))
}

/// Decides within which limits a host is talked with.
pub async fn limit(app: &App, host: &LimitedHost) -> Result<String, Error> {
    let named = [
        (host.silence, Limit::Silence),
        (host.no_media, Limit::NoMedia),
        (host.no_reports, Limit::NoReports),
        (host.members, Limit::Members),
    ];
    let named: Vec<Limit> = named.into_iter().filter(|(is_set, _)| *is_set).map(|(_, limit)| limit).collect();
    let limits = Limits::of(&named);
    let name = &host.domain;
    verbs::limit(app, name, limits).await?;
    if named.is_empty() {
        return Ok(format!("{name} has no limits."));
    }
    let standing = hosts::standing(&mut app.reader(), name).await?;
    let idle = limits.has(Limit::Members) && !standing.takes_members_only();
    let but = if idle { " `members` counts once it is allowed." } else { "" };
    Ok(format!("{name} has these limits: {limits}.{but}"))
}

/// Decides nothing about a host any more.
pub async fn open(app: &App, name: &str) -> Result<String, Error> {
    verbs::open(app, name).await?;
    Ok(format!("Nothing is decided about {name} any more. Follows that were ended stay ended."))
}

/// Tries a host again at once.
pub async fn retry(node: &Federation, name: &str) -> Result<String, Error> {
    let mut reader = node.app().reader();
    known(&mut reader, name).await?;
    worker::hurry(node, name).await?;
    let waiting = match deliveries::waiting(&mut reader, name).await? {
        0 => "nothing waits for it".to_owned(),
        1 => "1 delivery waits for it".to_owned(),
        several => format!("{several} deliveries wait for it"),
    };
    Ok(format!("{name} is tried again at once; {waiting}."))
}

/// A table of the hosts this node knows, or of one.
pub async fn list(app: &App, only: Option<&str>) -> Result<String, Error> {
    let mut reader = app.reader();
    if let Some(name) = only {
        let host = known(&mut reader, name).await?;
        return Ok(table(&[row(&mut reader, &host).await?]));
    }
    let mut rows = Vec::new();
    let mut page = hosts::list(&mut reader, "", PAGE).await?;
    while let Some(last) = page.last() {
        let after = last.name.clone();
        for host in &page {
            rows.push(row(&mut reader, host).await?);
        }
        page = hosts::list(&mut reader, &after, PAGE).await?;
    }
    if rows.is_empty() { Ok("No other node is known yet.".to_owned()) } else { Ok(table(&rows)) }
}

async fn known(reader: &mut Reader, name: &str) -> Result<Host, Error> {
    hosts::find(reader, name).await?.ok_or_else(|| Error::Unknown(name.to_owned()))
}

type Row = [String; 6];
const HEAD: [&str; 6] = ["HOST", "POLICY", "SOFTWARE", "WAITING", "FAILURES", "LAST ERROR"];

async fn row(reader: &mut Reader, host: &Host) -> Result<Row, Error> {
    let waiting = deliveries::waiting(reader, &host.name).await?;
    let software: Vec<&str> =
        [&host.software, &host.software_version].into_iter().flatten().map(String::as_str).collect();
    Ok([
        host.name.clone(),
        decided(host, hosts::standing(reader, &host.name).await?),
        shown(&software.join(" ")),
        waiting.to_string(),
        host.failures.to_string(),
        shown(host.last_error.as_deref().unwrap_or_default()),
    ])
}

/// What holds for a host. What was not decided about itself comes from a list or from a name above it.
fn decided(host: &Host, standing: Standing) -> String {
    let mut text = format!("{} {}", standing.policy, standing.limits).trim_end().to_owned();
    if (standing.policy, standing.limits) != (host.policy, host.limits) {
        text.push_str(" (inherited)");
    }
    text
}

/// What another node says of itself may hold what a terminal would act on.
fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|char| !char.is_control()).collect();
    if plain.is_empty() { "-".to_owned() } else { plain }
}

/// Columns as wide as what is in them.
fn table(rows: &[Row]) -> String {
    let head = HEAD.map(str::to_owned);
    let lines: Vec<&Row> = std::iter::once(&head).chain(rows).collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
    });
    let padded = |line: &Row| {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.into_iter().map(padded).collect::<Vec<_>>().join("\n")
}
