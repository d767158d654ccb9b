//! What whoever runs the node tells every member, who has read it, and what they answered it with.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::announcement::{Announcement, Emoji};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{AnnouncementId, MemberId};

impl Row for Announcement {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            source: columns.get("source")?,
            content: columns.get("content")?,
            starts_at: columns.get("starts_at")?,
            ends_at: columns.get("ends_at")?,
            published_at: columns.get("published_at")?,
            updated_at: columns.get("updated_at")?,
        })
    }
}

/// Writes an announcement, new or changed.
pub async fn put(tx: &mut Tx, announcement: &Announcement) -> Result<(), Error> {
    tx.query(
        "insert into announcement (id, source, content, starts_at, ends_at, published_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update set source = excluded.source, content = excluded.content,
            starts_at = excluded.starts_at, ends_at = excluded.ends_at, updated_at = excluded.updated_at",
    )
    .bind(announcement.id)
    .bind(&announcement.source)
    .bind(&announcement.content)
    .bind(announcement.starts_at)
    .bind(announcement.ends_at)
    .bind(announcement.published_at)
    .bind(announcement.updated_at)
    .execute()
    .await?;
    Ok(())
}

/// Takes an announcement back; false if there is none.
pub async fn remove(tx: &mut Tx, id: AnnouncementId) -> Result<bool, Error> {
    tx.query("delete from announcement_read where announcement_id = $1").bind(id).execute().await?;
    tx.query("delete from announcement_reaction where announcement_id = $1").bind(id).execute().await?;
    Ok(tx.query("delete from announcement where id = $1").bind(id).execute().await? > 0)
}

/// One of them, also when it has ended.
pub async fn find(session: &mut impl Session, id: AnnouncementId) -> Result<Option<Announcement>, Error> {
    session
        .query(
            "select id, source, content, starts_at, ends_at, published_at, updated_at from announcement where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// Those that have not ended, oldest first.
pub async fn current(
    session: &mut impl Session,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Announcement>, Error> {
    session
        .query(
            "select id, source, content, starts_at, ends_at, published_at, updated_at from announcement
            where ends_at is null or ends_at > $1 order by id limit $2",
        )
        .bind(now)
        .bind(limit)
        .all()
        .await
}

crate::row! {
    /// An announcement that somebody has read.
    pub struct Read {
        /// Which.
        pub announcement_id: AnnouncementId,
    }
}

/// Which announcements a member has read.
pub async fn read_by(session: &mut impl Session, member: MemberId) -> Result<Vec<AnnouncementId>, Error> {
    let read: Vec<Read> = session
        .query("select announcement_id from announcement_read where member_id = $1")
        .bind(member)
        .all()
        .await?;
    Ok(read.into_iter().map(|read| read.announcement_id).collect())
}

/// Notes that a member has read an announcement.
pub async fn mark_read(tx: &mut Tx, id: AnnouncementId, member: MemberId) -> Result<(), Error> {
    tx.query(
        "insert into announcement_read (announcement_id, member_id) values ($1, $2)
        on conflict (announcement_id, member_id) do nothing",
    )
    .bind(id)
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

crate::row! {
    /// A sign that members answered with.
    pub struct Reaction {
        /// To what.
        pub announcement_id: AnnouncementId,
        /// The emoji.
        pub name: String,
        /// How many did.
        pub count: i64,
        /// The one who asks is among them.
        pub own: bool,
    }
}

/// What members answered these announcements with, each sign once.
pub async fn reactions(
    session: &mut impl Session,
    ids: &[AnnouncementId],
    member: MemberId,
) -> Result<Vec<Reaction>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select announcement_id, name, count(*) as count, count(case when member_id = $2 then 1 end) > 0 as own
            from announcement_reaction where announcement_id in (select value from json_each($1))
            group by announcement_id, name order by announcement_id, count desc, name",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .bind(member)
        .all()
        .await
}

/// Answers an announcement with a sign; it may be there already.
pub async fn react(tx: &mut Tx, id: AnnouncementId, member: MemberId, emoji: &Emoji) -> Result<(), Error> {
    tx.query(
        "insert into announcement_reaction (announcement_id, name, member_id) values ($1, $2, $3)
        on conflict (announcement_id, name, member_id) do nothing",
    )
    .bind(id)
    .bind(emoji.as_str())
    .bind(member)
    .execute()
    .await?;
    Ok(())
}

/// Takes a sign back; false if there was none.
pub async fn unreact(
    tx: &mut Tx,
    id: AnnouncementId,
    member: MemberId,
    emoji: &Emoji,
) -> Result<bool, Error> {
    let gone = tx
        .query(
            "delete from announcement_reaction where announcement_id = $1 and name = $2 and member_id = $3",
        )
        .bind(id)
        .bind(emoji.as_str())
        .bind(member)
        .execute()
        .await?;
    Ok(gone > 0)
}
