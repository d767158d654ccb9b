//! With which other nodes this one talks: what the operator decides, and what follows from it.

pub mod deciding;

use crate::context::App;
use crate::{memberships, secret, severances};
use alongside_domain::agreement::{Limit, Limits, Policy, Silence};
use alongside_domain::fold;
use alongside_domain::host_list::{Kind, Line};
use alongside_domain::id::AccountId;
use alongside_domain::limits::SEVERANCES_MAX;
use alongside_domain::notification::SeveranceKind;
use alongside_store::engine::Tx;
use alongside_store::hosts::Host;
use alongside_store::session::Session;
use alongside_store::{audit, decisions, error, hosts, partings};

/// Hosts read at once.
const PAGE: i64 = 500;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A node always talks to itself.
    #[error("{0} is this node itself")]
    Ourselves(String),
    /// The store could not do it.
    #[error("the decision could not be kept")]
    Store(#[from] error::Error),
}

/// Why this node does not talk with a host.
#[derive(Debug, thiserror::Error)]
pub enum NoTalk {
    /// It does not want to.
    #[error(transparent)]
    Silent(#[from] Silence),
    /// The store could not say whether it does.
    #[error("the store could not say whether that server is talked with")]
    Store(#[from] error::Error),
}

/// What a host is known by where its name is not shown, as clients know it: the hash of the name.
pub fn digest(host: &str) -> String {
    secret::hash(host)
}

/// Whether this node talks with a host at all. Asked for everything that arrives, is asked for, or is sent.
pub async fn may_talk(app: &App, session: &mut impl Session, host: &str) -> Result<(), NoTalk> {
    let host = fold::host(host);
    if host == app.places().host() {
        return Ok(());
    }
    let standing = hosts::standing(session, &host).await?;
    Ok(app.settings().terms.mode.talks(standing.policy)?)
}

/// Puts a host into this node's federation agreement.
pub async fn allow(app: &App, host: &str) -> Result<(), Error> {
    let mut tx = begin(app, host).await?;
    hosts::set_policy(&mut tx, host, Policy::Allow).await?;
    memberships::expel(&mut tx, app, host).await?;
    note(&mut tx, app, None, "host.allow", host, "").await?;
    tx.commit().await?;
    Ok(())
}

/// What ended because a host was blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parted {
    /// Follows across, in either direction.
    pub follows: u64,
    /// Deliveries that were waiting.
    pub deliveries: u64,
}

/// Takes nothing from a host and those below it any more, and sends them nothing. Follows across end.
pub async fn block(app: &App, host: &str) -> Result<Parted, Error> {
    let mut tx = begin(app, host).await?;
    hosts::set_policy(&mut tx, host, Policy::Block).await?;
    let parted = part(&mut tx, app, host).await?;
    note(&mut tx, app, None, "host.block", host, "").await?;
    tx.commit().await?;
    Ok(parted)
}

/// Decides within which limits a host is talked with: these, and no others.
pub async fn limit(app: &App, host: &str, limits: Limits) -> Result<(), Error> {
    let mut tx = begin(app, host).await?;
    hosts::set_limits(&mut tx, host, limits).await?;
    if limits.has(Limit::NoMedia) {
        partings::forget_media(&mut tx, host).await?;
    }
    memberships::expel(&mut tx, app, host).await?;
    note(&mut tx, app, None, "host.limit", host, &limits.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Decides nothing about a host any more: it is as any other. What ended when it was blocked stays ended.
pub async fn open(app: &App, host: &str) -> Result<(), Error> {
    let mut tx = begin(app, host).await?;
    hosts::set_policy(&mut tx, host, Policy::Open).await?;
    hosts::set_limits(&mut tx, host, Limits::default()).await?;
    hosts::set_comment(&mut tx, host, "").await?;
    memberships::expel(&mut tx, app, host).await?;
    note(&mut tx, app, None, "host.open", host, "").await?;
    tx.commit().await?;
    Ok(())
}

/// What a line of a list led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Something is decided about a host that was not before.
    Made(Line),
    /// All of it was decided before.
    Known(String),
    /// The host is in the agreement, and no list of blocked hosts takes it out.
    Agreed(String),
    /// The host is blocked, and no list of allowed hosts lets it in.
    Blocked(String),
    /// It is this node itself.
    Ourselves(String),
}

/// Decides what a list says, all of it or nothing. It adds to what was decided and takes nothing back. As a
/// trial, it says what it would do and does not do it.
pub async fn import(app: &App, lines: &[Line], trial: bool) -> Result<Vec<Change>, error::Error> {
    let mut tx = app.store().begin().await?;
    let mut changes = Vec::with_capacity(lines.len());
    for line in lines {
        changes.push(adopt(&mut tx, app, line).await?);
    }
    if trial {
        return Ok(changes);
    }
    let made = changes.iter().filter(|change| matches!(change, Change::Made(_))).count();
    note(&mut tx, app, None, "host.import", "", &format!("{made} of {} lines", lines.len())).await?;
    tx.commit().await?;
    Ok(changes)
}

async fn adopt(tx: &mut Tx, app: &App, line: &Line) -> Result<Change, error::Error> {
    let name = line.name.clone();
    if name == app.places().host() {
        return Ok(Change::Ourselves(name));
    }
    let known = hosts::find(tx, &name).await?;
    let (policy, limits) = known.map_or((Policy::Open, Limits::default()), |host| (host.policy, host.limits));
    let wanted = match (policy, line.policy) {
        (Policy::Allow, Policy::Block | Policy::Open) => return Ok(Change::Agreed(name)),
        (Policy::Block, Policy::Allow) => return Ok(Change::Blocked(name)),
        (Policy::Block, Policy::Block | Policy::Open) => Policy::Block,
        (Policy::Open | Policy::Allow, wanted) => wanted,
    };
    let all = limits.and(line.limits);
    if (wanted, all) == (policy, limits) {
        return Ok(Change::Known(name));
    }
    hosts::set_policy(tx, &name, wanted).await?;
    hosts::set_limits(tx, &name, all).await?;
    decisions::number(tx, &name, app.next_id(), app.now()).await?;
    if !line.comment.is_empty() {
        hosts::set_comment(tx, &name, &line.comment).await?;
    }
    if wanted == Policy::Block && policy != Policy::Block {
        part(tx, app, &name).await?;
    }
    if all.has(Limit::NoMedia) && !limits.has(Limit::NoMedia) {
        partings::forget_media(tx, &name).await?;
    }
    Ok(Change::Made(Line { name, policy: wanted, limits: all, comment: line.comment.clone() }))
}

/// What the operator has decided, as a list that others can import.
pub async fn export(app: &App, kind: Kind) -> Result<Vec<Line>, error::Error> {
    let mut reader = app.reader();
    let mut lines = Vec::new();
    let mut after = String::new();
    loop {
        let page = hosts::decided(&mut reader, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(lines) };
        after.clone_from(&last.name);
        let belongs = |host: &Host| match kind {
            Kind::Allowed => host.policy == Policy::Allow,
            Kind::Blocked => host.policy != Policy::Allow,
        };
        lines.extend(page.into_iter().filter(belongs).map(|host| Line {
            name: host.name,
            policy: host.policy,
            limits: host.limits.narrowing(),
            comment: host.comment,
        }));
    }
}

async fn begin(app: &App, host: &str) -> Result<Tx, Error> {
    if host == app.places().host() {
        return Err(Error::Ourselves(host.to_owned()));
    }
    Ok(app.store().begin().await?)
}

async fn part(tx: &mut Tx, app: &App, host: &str) -> Result<Parted, error::Error> {
    let crossing = partings::crossing(tx, host, SEVERANCES_MAX).await?;
    memberships::left_behind(tx, app, host).await?;
    let follows = partings::end_follows(tx, host).await?;
    severances::tell(tx, app, (SeveranceKind::Node, host), &crossing).await?;
    Ok(Parted { follows, deliveries: partings::drop_deliveries(tx, host).await? })
}

/// Numbers what was decided, and writes down that it was.
async fn note(
    tx: &mut Tx,
    app: &App,
    by: Option<AccountId>,
    verb: &str,
    host: &str,
    detail: &str,
) -> Result<(), error::Error> {
    decisions::number(tx, host, app.next_id(), app.now()).await?;
    audit::append(tx, app.ids(), app.now(), by, verb, host, detail).await
}
