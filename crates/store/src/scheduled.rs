//! Posts that wait for their moment.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{MemberId, ScheduledId};
use alongside_domain::scheduled::Scheduled;

impl Row for Scheduled {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        let id: ScheduledId = columns.get("id")?;
        let draft: String = columns.get("draft")?;
        let draft = serde_json::from_str(&draft).map_err(|error| Error::Inconsistent {
            column: "draft",
            reason: format!("scheduled post {id}: {error}"),
        })?;
        Ok(Self {
            id,
            member: columns.get("member_id")?,
            draft,
            application: columns.get("application")?,
            idempotency_key: columns.get("idempotency_key")?,
            due_at: columns.get("due_at")?,
            error: columns.get("error")?,
        })
    }
}

/// Writes one; false if the member has one with the same key.
pub async fn insert(tx: &mut Tx, scheduled: &Scheduled) -> Result<bool, Error> {
    let draft = serde_json::to_string(&scheduled.draft)
        .map_err(|error| Error::Inconsistent { column: "draft", reason: error.to_string() })?;
    let inserted = tx
        .query(
            "insert into scheduled_post (id, member_id, draft, application, idempotency_key, due_at)
            values ($1, $2, $3, $4, $5, $6) on conflict (member_id, idempotency_key) do nothing",
        )
        .bind(scheduled.id)
        .bind(scheduled.member)
        .bind(draft)
        .bind(scheduled.application.clone())
        .bind(scheduled.idempotency_key.clone())
        .bind(scheduled.due_at)
        .execute()
        .await?;
    Ok(inserted > 0)
}

/// The one with this id, if it is the member's.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    id: ScheduledId,
) -> Result<Option<Scheduled>, Error> {
    session
        .query(
            "select id, member_id, draft, application, idempotency_key, due_at, error from scheduled_post
            where id = $1 and member_id = $2",
        )
        .bind(id)
        .bind(member)
        .optional()
        .await
}

/// The one that a member sent with this key and that still waits.
pub async fn by_key(
    session: &mut impl Session,
    member: MemberId,
    key: &str,
) -> Result<Option<Scheduled>, Error> {
    session
        .query(
            "select id, member_id, draft, application, idempotency_key, due_at, error from scheduled_post
            where member_id = $1 and idempotency_key = $2",
        )
        .bind(member)
        .bind(key)
        .optional()
        .await
}

/// A member's, the newest first.
pub async fn page(
    session: &mut impl Session,
    member: MemberId,
    page: &Page,
) -> Result<Vec<Scheduled>, Error> {
    let rows = session
        .query(if page.is_upward() { UPWARD } else { DOWNWARD })
        .bind(member)
        .bind_page(page)
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

const DOWNWARD: &str =
    "select id, member_id, draft, application, idempotency_key, due_at, error from scheduled_post
    where member_id = $1 and id < $2 and id > $3 order by id desc limit $4";

const UPWARD: &str =
    "select id, member_id, draft, application, idempotency_key, due_at, error from scheduled_post
    where member_id = $1 and id < $2 and id > $3 order by id limit $4";

crate::row! {
    /// How many a member has.
    pub struct Count {
        /// In all.
        pub total: i64,
        /// Due on one day.
        pub that_day: i64,
    }
}

/// How many a member has beside one, and how many of them are due on the day that begins at a moment.
pub async fn count(
    session: &mut impl Session,
    member: MemberId,
    beside: ScheduledId,
    midnight: Timestamp,
) -> Result<Count, Error> {
    session
        .query(
            "select count(*) as total, count(case when due_at >= $3 and due_at < $4 then 1 end) as that_day
            from scheduled_post where member_id = $1 and id <> $2",
        )
        .bind(member)
        .bind(beside)
        .bind(midnight)
        .bind(midnight.plus_secs(86_400))
        .one()
        .await
}

/// Puts one off, or brings it forward; what went wrong before is forgotten. False if it was published meanwhile.
pub async fn set_due(tx: &mut Tx, id: ScheduledId, due_at: Timestamp) -> Result<bool, Error> {
    let waits = tx
        .query("update scheduled_post set due_at = $2, error = null where id = $1")
        .bind(id)
        .bind(due_at)
        .execute()
        .await?;
    Ok(waits > 0)
}

/// Takes the one whose moment has come, for whoever publishes it: nobody else gets it any more.
pub async fn take(tx: &mut Tx, id: ScheduledId, now: Timestamp) -> Result<Option<Scheduled>, Error> {
    tx.query(
        "delete from scheduled_post where id = $1 and due_at <= $2 and error is null
        returning id, member_id, draft, application, idempotency_key, due_at, error",
    )
    .bind(id)
    .bind(now)
    .optional()
    .await
}

/// Notes why one was not published.
pub async fn fail(tx: &mut Tx, id: ScheduledId, now: Timestamp, error: &str) -> Result<(), Error> {
    tx.query("update scheduled_post set error = $3 where id = $1 and due_at <= $2")
        .bind(id)
        .bind(now)
        .bind(error)
        .execute()
        .await?;
    Ok(())
}

/// Forgets one; false if it was published meanwhile.
pub async fn remove(tx: &mut Tx, id: ScheduledId) -> Result<bool, Error> {
    Ok(tx.query("delete from scheduled_post where id = $1").bind(id).execute().await? > 0)
}
