//! Lists of hosts that the operator follows. What a list says is kept apart from what the operator decides, so
//! that it ends with the list and never touches a host that is allowed.

use crate::context::App;
use crate::effects;
use alongside_domain::host_list::Line;
use alongside_domain::job::Job;
use alongside_store::engine::Tx;
use alongside_store::host_lists::{self, HostList, Line as Kept};
use alongside_store::{audit, error};
use std::collections::HashMap;

/// How long what a list said is taken as what it still says.
const FRESH_SECS: i64 = 24 * 3_600;
/// How long to wait after it could not be read.
const RETRY_SECS: i64 = 3_600;
/// Lists that are followed at most.
const LISTS_MAX: usize = 50;

/// Why a list is not followed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There are too many.
    #[error("this node follows {LISTS_MAX} lists already, which is as many as it can")]
    TooMany,
    /// The store could not do it.
    #[error("the list could not be kept")]
    Store(#[from] error::Error),
}

/// What a list says now, against what it said before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// What it says anew, or says differently.
    pub added: Vec<Line>,
    /// The hosts it says nothing about any more.
    pub gone: Vec<String>,
}

/// What a text, read now, would change.
pub async fn compare(app: &App, url: &str, lines: &[Line]) -> Result<Difference, error::Error> {
    let before = host_lists::lines(&mut app.reader(), url).await?;
    Ok(difference(before, lines))
}

/// Follows a list, with what it says now.
pub async fn follow(app: &App, list: &HostList, lines: &[Line]) -> Result<Difference, Error> {
    let mut tx = app.store().begin().await?;
    let others = host_lists::all(&mut tx).await?;
    if others.len() >= LISTS_MAX && others.iter().all(|other| other.url != list.url) {
        return Err(Error::TooMany);
    }
    host_lists::ensure(&mut tx, &list.url, app.now()).await?;
    let changed = write(&mut tx, app, list, Some(lines)).await?;
    audit::append(&mut tx, app.ids(), app.now(), None, "host_list.follow", &list.url, "").await?;
    tx.commit().await?;
    Ok(changed)
}

/// Follows a list no more: all it said ends, and nothing else. False if it was not followed.
pub async fn leave(app: &App, url: &str) -> Result<bool, error::Error> {
    let mut tx = app.store().begin().await?;
    let was = host_lists::remove(&mut tx, url).await?;
    if was {
        audit::append(&mut tx, app.ids(), app.now(), None, "host_list.leave", url, "").await?;
    }
    tx.commit().await?;
    Ok(was)
}

/// Keeps what a list said when it was asked again; no lines, where it says what it said before. One that was
/// left in the meantime stays left.
pub async fn refreshed(
    app: &App,
    list: &HostList,
    lines: Option<&[Line]>,
) -> Result<Difference, error::Error> {
    let mut tx = app.store().begin().await?;
    if host_lists::find(&mut tx, &list.url).await?.is_none() {
        return Ok(Difference::default());
    }
    let changed = write(&mut tx, app, list, lines).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The lists to be asked again by now.
pub async fn due(app: &App) -> Result<Vec<HostList>, error::Error> {
    let mut lists = host_lists::all(&mut app.reader()).await?;
    lists.retain(|list| {
        let wait = if list.last_error.is_some() { RETRY_SECS } else { FRESH_SECS };
        list.asked_at.is_none_or(|at| at.plus_secs(wait) <= app.now())
    });
    Ok(lists)
}

/// Has the lists that are due asked again.
pub async fn ask_again(app: &App) -> Result<(), error::Error> {
    if due(app).await?.is_empty() {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    effects::push(&mut tx, app, &Job::HostLists, "host-lists").await?;
    tx.commit().await
}

async fn write(
    tx: &mut Tx,
    app: &App,
    list: &HostList,
    lines: Option<&[Line]>,
) -> Result<Difference, error::Error> {
    host_lists::asked(tx, &HostList { asked_at: Some(app.now()), ..list.clone() }).await?;
    let Some(lines) = lines else { return Ok(Difference::default()) };
    let changed = difference(host_lists::lines(tx, &list.url).await?, lines);
    for line in &changed.added {
        host_lists::put_line(tx, &list.url, &kept(line)).await?;
    }
    for name in &changed.gone {
        host_lists::remove_line(tx, &list.url, name).await?;
    }
    Ok(changed)
}

fn difference(before: Vec<Kept>, lines: &[Line]) -> Difference {
    let mut before: HashMap<String, Kept> =
        before.into_iter().map(|line| (line.name.clone(), line)).collect();
    // Of a host that is named twice, the last line counts.
    let now: HashMap<&str, &Line> = lines.iter().map(|line| (line.name.as_str(), line)).collect();
    let mut changed = Difference::default();
    for (name, line) in now {
        let known = before.remove(name);
        let same = known.is_some_and(|known| {
            (known.policy, known.limits, known.comment.as_str())
                == (line.policy, line.limits, line.comment.as_str())
        });
        if !same {
            changed.added.push(line.clone());
        }
    }
    changed.added.sort_by(|one, other| one.name.cmp(&other.name));
    changed.gone = before.into_keys().collect();
    changed.gone.sort();
    changed
}

fn kept(line: &Line) -> Kept {
    Kept { name: line.name.clone(), policy: line.policy, limits: line.limits, comment: line.comment.clone() }
}
