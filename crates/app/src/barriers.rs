//! From where nobody signs up, as administrators decide: hosts of e-mail addresses, networks, and single addresses.

use crate::context::App;
use crate::secret;
use crate::staff::{self, Acting};
use alongside_domain::account::Email;
use alongside_domain::agreement;
use alongside_domain::barrier::{self, Entrance, Network, NoNetwork, Severity};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{BarrierId, MemberId};
use alongside_domain::limits::{COMMENT_CHARS_MAX, NETWORKS_MAX};
use alongside_domain::policy::Refusal;
use alongside_domain::staff::Duty;
use alongside_store::barriers::{self, Hashed, Kept, MailHost};
use alongside_store::engine::Tx;
use alongside_store::page::Page;
use alongside_store::{audit, error};
use std::net::IpAddr;

/// Days for which it is known how many tried.
pub const DAYS_KNOWN: i64 = 7;
const DAY_SECS: i64 = 86_400;

/// Why nothing was decided. The texts are shown to administrators.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or there is nothing of that id.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is no name of a host.
    #[error("Validation failed: that is not the name of a host")]
    Host,
    /// It is no network.
    #[error("Validation failed: {0}")]
    Network(#[from] NoNetwork),
    /// It would never begin.
    #[error("Validation failed: a block ends in the future, or not by itself")]
    Until,
    /// Whoever decides would be kept out too, and could not take it back.
    #[error("Validation failed: you are in that network yourself, and would be kept out")]
    Oneself,
    /// The comment is too long.
    #[error("Validation failed: a comment may have {COMMENT_CHARS_MAX} characters")]
    Comment,
    /// There are enough.
    #[error("Validation failed: {NETWORKS_MAX} networks are kept out, which is as many as can be")]
    TooMany,
    /// It is neither an address nor the hash of one.
    #[error("Validation failed: that is neither an e-mail address nor the SHA-256 hash of one")]
    Address,
    /// It is there already.
    #[error("Validation failed: that is blocked already")]
    Known,
    /// The store could not do it.
    #[error("the block could not be kept")]
    Store(#[from] error::Error),
}

/// How somebody with this address comes in, from where they are.
pub async fn entrance(app: &App, email: &Email, from: IpAddr) -> Result<Entrance, error::Error> {
    let hash = secret::hash(&barrier::canonical(email));
    let mut tx = app.store().begin().await?;
    let names: Vec<String> = names_of(email);
    let hosts = barriers::mail_hosts_among(&mut tx, &names).await?;
    for host in &hosts {
        barriers::count_attempt(&mut tx, host.id, today(app), today(app) - DAYS_KNOWN + 1).await?;
    }
    let is_known = barriers::address_of(&mut tx, &hash).await?.is_some();
    tx.commit().await?;
    let from_there = severity(&out_of_reach(app).await?, from, app.now());
    Ok(match from_there {
        Some(Severity::NoSignUp | Severity::NoAccess) => Entrance::Barred,
        Some(Severity::Waits) | None if is_known || hosts.iter().any(|host| !host.lets_wait) => {
            Entrance::Barred
        }
        None if hosts.is_empty() => Entrance::Free,
        Some(Severity::Waits) | None => Entrance::Watched,
    })
}

/// The networks that are kept out.
pub async fn out_of_reach(app: &App) -> Result<Vec<Kept>, error::Error> {
    let all = Page::newest(i64::try_from(NETWORKS_MAX).unwrap_or(i64::MAX));
    barriers::networks(&mut app.reader(), &all, app.now()).await
}

/// What is kept from whoever comes from an address: the strictest of what was decided about the networks it lies in.
pub fn severity(networks: &[Kept], from: IpAddr, now: Timestamp) -> Option<Severity> {
    let around = networks.iter().filter(|kept| kept.network.contains(from));
    around.filter(|kept| kept.expires_at.is_none_or(|end| end > now)).map(|kept| kept.severity).max()
}

/// Whether nothing is answered to whoever comes from an address.
pub fn keeps_out(networks: &[Kept], from: IpAddr, now: Timestamp) -> bool {
    severity(networks, from, now) == Some(Severity::NoAccess)
}

/// The day it is, counted from 1970.
pub fn today(app: &App) -> i64 {
    app.now().as_secs().div_euclid(DAY_SECS)
}

/// Keeps out the addresses of a host and those below it.
pub async fn block_host(app: &App, by: MemberId, name: &str, lets_wait: bool) -> Result<MailHost, Error> {
    let domain = barrier::mail_host(name).ok_or(Error::Host)?;
    let (mut tx, by) = begin(app, by).await?;
    let host = MailHost { id: app.next_id(), domain, lets_wait, created_at: app.now() };
    if !barriers::insert_mail_host(&mut tx, &host).await? {
        return Err(Error::Known);
    }
    note(&mut tx, app, &by, "email_domain.block", &host.domain).await?;
    tx.commit().await?;
    Ok(host)
}

/// Lets the addresses of a host in again.
pub async fn open_host(app: &App, by: MemberId, id: BarrierId) -> Result<(), Error> {
    let (mut tx, by) = begin(app, by).await?;
    let host = barriers::mail_host(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    barriers::remove_mail_host(&mut tx, id).await?;
    note(&mut tx, app, &by, "email_domain.open", &host.domain).await?;
    tx.commit().await?;
    Ok(())
}

/// What is decided about a network.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The network.
    pub network: Option<String>,
    /// What is kept from whoever comes from there.
    pub severity: Option<Severity>,
    /// Why.
    pub comment: Option<String>,
    /// For how long.
    pub lasting: Lasting,
}

/// How long a network is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lasting {
    /// As was decided before; for good, if nothing was.
    #[default]
    AsBefore,
    /// For good.
    ForGood,
    /// So many seconds from now.
    Secs(i64),
}

/// Keeps out a network, but not the one that whoever decides asks from.
pub async fn block_network(app: &App, by: MemberId, from: IpAddr, wish: Wish) -> Result<Kept, Error> {
    let fresh = Kept {
        id: app.next_id(),
        network: wish.network.as_deref().unwrap_or_default().parse()?,
        severity: wish.severity.unwrap_or(Severity::NoSignUp),
        comment: String::new(),
        created_at: app.now(),
        expires_at: None,
    };
    let kept = adjusted(app, fresh, from, wish)?;
    let (mut tx, by) = begin(app, by).await?;
    barriers::sweep(&mut tx, app.now()).await?;
    let all = Page::newest(i64::try_from(NETWORKS_MAX).unwrap_or(i64::MAX));
    if barriers::networks(&mut tx, &all, app.now()).await?.len() >= NETWORKS_MAX {
        return Err(Error::TooMany);
    }
    keep(&mut tx, app, &by, "ip.block", &kept).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Changes what was decided about a network.
pub async fn change_network(
    app: &App,
    by: MemberId,
    from: IpAddr,
    id: BarrierId,
    wish: Wish,
) -> Result<Kept, Error> {
    let (mut tx, by) = begin(app, by).await?;
    let before = barriers::network(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    let kept = adjusted(app, before, from, wish)?;
    keep(&mut tx, app, &by, "ip.change", &kept).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Lets a network in again.
pub async fn open_network(app: &App, by: MemberId, id: BarrierId) -> Result<(), Error> {
    let (mut tx, by) = begin(app, by).await?;
    let kept = barriers::network(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    barriers::remove_network(&mut tx, id).await?;
    note(&mut tx, app, &by, "ip.open", &kept.id.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// The single address that is kept out and that another spelling of this one leads to.
pub async fn test_address(app: &App, email: &str) -> Result<Option<Hashed>, Error> {
    let email = Email::parse(email).map_err(|_| Error::Address)?;
    let hash = secret::hash(&barrier::canonical(&email));
    Ok(barriers::address_of(&mut app.reader(), &hash).await?)
}

/// Keeps out a single address in all its spellings: given itself, or by its hash.
pub async fn block_address(
    app: &App,
    by: MemberId,
    email: Option<&str>,
    hash: Option<&str>,
) -> Result<Hashed, Error> {
    let hash = match (email.and_then(|email| Email::parse(email).ok()), hash) {
        (Some(email), _) => secret::hash(&barrier::canonical(&email)),
        (None, Some(hash)) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            hash.to_ascii_lowercase()
        }
        (None, Some(_) | None) => return Err(Error::Address),
    };
    let (mut tx, by) = begin(app, by).await?;
    let address = Hashed { id: app.next_id(), hash };
    if !barriers::insert_address(&mut tx, &address).await? {
        return Err(Error::Known);
    }
    note(&mut tx, app, &by, "email.block", &address.id.to_string()).await?;
    tx.commit().await?;
    Ok(address)
}

/// Lets a single address in again.
pub async fn open_address(app: &App, by: MemberId, id: BarrierId) -> Result<(), Error> {
    let (mut tx, by) = begin(app, by).await?;
    if !barriers::remove_address(&mut tx, id).await? {
        return Err(Refusal::Hidden.into());
    }
    note(&mut tx, app, &by, "email.open", &id.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// The host of an address and the names it lies below.
fn names_of(email: &Email) -> Vec<String> {
    agreement::names(barrier::host(email))
        .iter()
        .filter(|name| !name.is_empty())
        .map(ToString::to_string)
        .collect()
}

fn adjusted(app: &App, kept: Kept, from: IpAddr, wish: Wish) -> Result<Kept, Error> {
    let network: Network = match wish.network {
        Some(network) => network.parse()?,
        None => kept.network,
    };
    let comment = wish.comment.unwrap_or(kept.comment);
    if comment.chars().count() > COMMENT_CHARS_MAX {
        return Err(Error::Comment);
    }
    let expires_at = match wish.lasting {
        Lasting::AsBefore => kept.expires_at,
        Lasting::ForGood => None,
        Lasting::Secs(secs) if secs > 0 => Some(app.now().plus_secs(secs)),
        Lasting::Secs(_) => return Err(Error::Until),
    };
    let severity = wish.severity.unwrap_or(kept.severity);
    if severity == Severity::NoAccess && network.contains(from) {
        return Err(Error::Oneself);
    }
    Ok(Kept { network, severity, comment, expires_at, ..kept })
}

async fn keep(tx: &mut Tx, app: &App, by: &Acting, verb: &str, kept: &Kept) -> Result<(), Error> {
    if !barriers::put_network(tx, kept).await? {
        return Err(Error::Known);
    }
    // The trail is never changed, so it names no place that somebody may live at.
    let detail = format!("{} {}", kept.id, kept.severity);
    Ok(note(tx, app, by, verb, &detail).await?)
}

async fn begin(app: &App, by: MemberId) -> Result<(Tx, Acting), Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Barriers).await??;
    Ok((tx, by))
}

async fn note(tx: &mut Tx, app: &App, by: &Acting, verb: &str, what: &str) -> Result<(), error::Error> {
    audit::append(tx, app.ids(), app.now(), Some(by.account), verb, what, "").await
}
