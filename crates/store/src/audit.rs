//! The audit trail: appended to, never changed. Each line carries the hash of the one before.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::settings;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{AccountId, AuditId, Ids};
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

/// The setting that whoever appends holds.
const LOCK: &str = "audit.lock";
/// Lines that are read at once.
const LINES_AT_ONCE: i64 = 500;

crate::row! {
    /// A line: who did what, when.
    pub struct Line {
        /// Its place in the trail.
        pub id: AuditId,
        /// When.
        pub at: Timestamp,
        /// Who; none for the node itself.
        pub account_id: Option<AccountId>,
        /// What was done.
        pub verb: String,
        /// To what.
        pub subject: String,
        /// What else is worth knowing.
        pub detail: String,
        /// The hash of the line before; empty for the first.
        pub previous: String,
        /// The hash of this line.
        pub hash: String,
    }
}

/// Appends a line. Until the transaction ends nobody else can append, so a verb does this last.
pub async fn append(
    tx: &mut Tx,
    ids: &Ids,
    now: Timestamp,
    account: Option<AccountId>,
    verb: &str,
    subject: &str,
    detail: &str,
) -> Result<(), Error> {
    let last = last(tx).await?;
    // The next line is always the one with the next higher id, whichever process writes it.
    let lowest = last.as_ref().map_or(0, |last| last.id.get() + 1);
    let fresh: AuditId = ids.next(now);
    let mut line = Line {
        id: AuditId::new(fresh.get().max(lowest)),
        at: now,
        account_id: account,
        verb: verb.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
        previous: last.map(|last| last.hash).unwrap_or_default(),
        hash: String::new(),
    };
    line.hash = hash(&line);
    insert(tx, &line).await
}

/// Reads the whole trail; gives the first line that does not follow from the one before it.
pub async fn first_broken(session: &mut impl Session) -> Result<Option<Line>, Error> {
    let (mut at, mut previous) = (AuditId::new(-1), String::new());
    loop {
        let lines = after(session, at, LINES_AT_ONCE).await?;
        if lines.is_empty() {
            return Ok(None);
        }
        for line in lines {
            if line.previous != previous || line.hash != hash(&line) {
                return Ok(Some(line));
            }
            at = line.id;
            previous = line.hash;
        }
    }
}

/// The lines after a place, oldest first.
pub async fn after(session: &mut impl Session, id: AuditId, limit: i64) -> Result<Vec<Line>, Error> {
    session
        .query(
            "select id, at, account_id, verb, subject, detail, previous, hash from audit
            where id > $1 order by id limit $2",
        )
        .bind(id)
        .bind(limit)
        .all()
        .await
}

async fn last(tx: &mut Tx) -> Result<Option<Line>, Error> {
    settings::put_first(tx, LOCK, "").await?;
    tx.query("select id, at, account_id, verb, subject, detail, previous, hash from audit order by id desc limit 1")
        .optional()
        .await
}

async fn insert(tx: &mut Tx, line: &Line) -> Result<(), Error> {
    tx.query(
        "insert into audit (id, at, account_id, verb, subject, detail, previous, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(line.id)
    .bind(line.at)
    .bind(line.account_id)
    .bind(&line.verb)
    .bind(&line.subject)
    .bind(&line.detail)
    .bind(&line.previous)
    .bind(&line.hash)
    .execute()
    .await?;
    Ok(())
}

fn hash(line: &Line) -> String {
    let account = line.account_id.map(AccountId::get);
    let (id, at) = (line.id.get(), line.at.as_micros());
    let text =
        serde_json::json!([line.previous, id, at, account, line.verb, line.subject, line.detail]).to_string();
    HEXLOWER.encode(digest(&SHA256, text.as_bytes()).as_ref())
}
