//! Sanctions, and the states they begin and end.

use crate::actors::Id;
use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, SanctionId};
use alongside_domain::sanction::{Sanction, SanctionKind};

impl Row for Sanction {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            target: columns.get("actor_id")?,
            kind: columns.get("kind")?,
            by: columns.get("by_id")?,
            report: columns.get("report_id")?,
            message: columns.get("message")?,
            at: columns.get("at")?,
            until: columns.get("until_at")?,
            ended_at: columns.get("ended_at")?,
        })
    }
}

/// Writes a sanction down.
pub async fn insert(tx: &mut Tx, sanction: &Sanction) -> Result<(), Error> {
    tx.query(
        "insert into sanction (id, actor_id, kind, by_id, report_id, message, at, until_at, ended_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(sanction.id)
    .bind(sanction.target)
    .bind(sanction.kind)
    .bind(sanction.by)
    .bind(sanction.report)
    .bind(&sanction.message)
    .bind(sanction.at)
    .bind(sanction.until)
    .bind(sanction.ended_at)
    .execute()
    .await?;
    Ok(())
}

/// The sanctions with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[SanctionId]) -> Result<Vec<Sanction>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, actor_id, kind, by_id, report_id, message, at, until_at, ended_at from sanction
            where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The sanction with this id.
pub async fn find(session: &mut impl Session, id: SanctionId) -> Result<Option<Sanction>, Error> {
    Ok(find_all(session, &[id]).await?.pop())
}

/// Marks those of a kind about somebody as ended; how many had not.
pub async fn end(tx: &mut Tx, target: ActorId, kind: SanctionKind, now: Timestamp) -> Result<u64, Error> {
    tx.query("update sanction set ended_at = $3 where actor_id = $1 and kind = $2 and ended_at is null")
        .bind(target)
        .bind(kind)
        .bind(now)
        .execute()
        .await
}

/// Begins what a sanction does, or (without a moment) ends it; false if it was so before.
pub async fn set(
    tx: &mut Tx,
    target: ActorId,
    kind: SanctionKind,
    since: Option<Timestamp>,
) -> Result<bool, Error> {
    let statement = match kind {
        SanctionKind::Warning => return Ok(false),
        SanctionKind::Sensitive => {
            "update actor set sensitized_at = $2 where id = $1 and (sensitized_at is null) <> ($3)"
        }
        SanctionKind::Silence => {
            "update actor set silenced_at = $2 where id = $1 and (silenced_at is null) <> ($3)"
        }
        SanctionKind::Disable => {
            "update member set disabled_at = $2 where actor_id = $1 and (disabled_at is null) <> ($3)"
        }
        // What their own server decides, only it takes back.
        SanctionKind::Suspend => {
            "update actor set suspended_at = $2
            where id = $1 and (suspended_at is null) <> ($3) and not (suspended_elsewhere and $3)"
        }
    };
    let changed = tx.query(statement).bind(target).bind(since).bind(since.is_none()).execute().await?;
    Ok(changed > 0)
}

/// Hides somebody because their own server says so, as of a moment at which it was asked.
pub async fn suspend_elsewhere(tx: &mut Tx, target: ActorId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "update actor set suspended_elsewhere = true, suspended_at = coalesce(suspended_at, $2), fetched_at = $2
        where id = $1",
    )
    .bind(target)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Shows somebody again because their own server does, unless the staff here have suspended them too.
pub async fn unsuspend_elsewhere(tx: &mut Tx, target: ActorId) -> Result<(), Error> {
    tx.query(
        "update actor set suspended_elsewhere = false, suspended_at = case when exists (
                select 1 from sanction s where s.actor_id = actor.id and s.kind = 'suspend' and s.ended_at is null)
            then suspended_at end
        where id = $1 and suspended_elsewhere",
    )
    .bind(target)
    .execute()
    .await?;
    Ok(())
}

/// Which of these are silenced.
pub async fn silenced_among(session: &mut impl Session, people: &[ActorId]) -> Result<Vec<ActorId>, Error> {
    let silenced = "select id from actor
        where silenced_at is not null and id in (select value from json_each($1)) order by id";
    among(session, silenced, people).await
}

/// Which of these are suspended.
pub async fn suspended_among(session: &mut impl Session, people: &[ActorId]) -> Result<Vec<ActorId>, Error> {
    let suspended = "select id from actor
        where suspended_at is not null and id in (select value from json_each($1)) order by id";
    among(session, suspended, people).await
}

async fn among(
    session: &mut impl Session,
    statement: &'static str,
    people: &[ActorId],
) -> Result<Vec<ActorId>, Error> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let people = numbers(people.iter().map(|person| person.get()));
    let found: Vec<Id> = session.query(statement).bind(people).all().await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Whether a file is a picture on the profile of somebody here who is suspended.
pub async fn hides_picture(session: &mut impl Session, file: &str) -> Result<bool, Error> {
    let found: Vec<Id> = session
        .query(
            "select id from actor where avatar = $1 and suspended_at is not null and host = ''
            union all select id from actor where header = $1 and suspended_at is not null and host = ''",
        )
        .bind(file)
        .all()
        .await?;
    Ok(!found.is_empty())
}
