//! `host allow`, `host block`, `host limit`, `host open`, `host list`, `host retry` and `host drop`.

use crate::cli::host::LimitedHost;
use alongside_app::backlogs::{self, Backlog};
use alongside_app::context::App;
use alongside_app::hosts as verbs;
use alongside_domain::agreement::{Limit, Limits, Standing};
use alongside_federation::node::Federation;
use alongside_federation::worker;
use alongside_store::error;
use alongside_store::hosts::{self, Host};

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
    let backlog = known(node.app(), name).await?;
    worker::hurry(node, name).await?;
    let waiting = match backlog.waiting {
        0 => "nothing waits for it".to_owned(),
        1 => "1 delivery waits for it".to_owned(),
        several => format!("{several} deliveries wait for it"),
    };
    Ok(format!("{name} is tried again at once; {waiting}."))
}

/// Takes back what waits for a host.
pub async fn drop_waiting(app: &App, name: &str) -> Result<String, Error> {
    known(app, name).await?;
    Ok(match backlogs::take_back(app, name).await? {
        0 => format!("Nothing waits for {name}."),
        1 => format!("1 delivery to {name} was taken back."),
        several => format!("{several} deliveries to {name} were taken back."),
    })
}

/// A table of the hosts this node knows, or of one.
pub async fn list(app: &App, only: Option<&str>) -> Result<String, Error> {
    if let Some(name) = only {
        return Ok(table(&[row(app, &known(app, name).await?).await?]));
    }
    let mut rows = Vec::new();
    let mut page = backlogs::page(app, "", PAGE).await?;
    while let Some(last) = page.last() {
        let after = last.host.name.clone();
        for backlog in &page {
            rows.push(row(app, backlog).await?);
        }
        page = backlogs::page(app, &after, PAGE).await?;
    }
    if rows.is_empty() { Ok("No other node is known yet.".to_owned()) } else { Ok(table(&rows)) }
}

async fn known(app: &App, name: &str) -> Result<Backlog, Error> {
    backlogs::of(app, name).await?.ok_or_else(|| Error::Unknown(name.to_owned()))
}

type Row = [String; 8];
const HEAD: [&str; 8] = ["HOST", "POLICY", "STATE", "WAITING", "LAG", "NEXT TRY", "SOFTWARE", "LAST ERROR"];

async fn row(app: &App, backlog: &Backlog) -> Result<Row, Error> {
    let (host, now) = (&backlog.host, app.now());
    let decision = hosts::standing(&mut app.reader(), &host.name).await?;
    let software: Vec<&str> =
        [&host.software, &host.software_version].into_iter().flatten().map(String::as_str).collect();
    let next_secs = host.next_at.filter(|_| backlog.waiting > 0).map(|at| at.as_secs() - now.as_secs());
    Ok([
        host.name.clone(),
        decided(host, decision),
        backlog.word().to_owned(),
        backlog.waiting.to_string(),
        if backlog.waiting > 0 { span(backlog.lag_secs(now)) } else { "-".to_owned() },
        next_secs.map_or("-".to_owned(), |secs| {
            if secs > 0 { format!("in {}", span(secs)) } else { "now".to_owned() }
        }),
        shown(&software.join(" ")),
        shown(host.last_error.as_deref().unwrap_or_default()),
    ])
}

/// A span of time in its two largest units.
fn span(secs: i64) -> String {
    match secs {
        ..60 => format!("{secs} s"),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => format!("{} h {} min", secs / 3_600, secs / 60 % 60),
        _ => format!("{} d {} h", secs / 86_400, secs / 3_600 % 24),
    }
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
    let widths: [usize; 8] = std::array::from_fn(|column| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)
    });
    let padded = |line: &Row| {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.into_iter().map(padded).collect::<Vec<_>>().join("\n")
}
