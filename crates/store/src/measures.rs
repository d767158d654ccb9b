//! Measures of moderators, and what they change of posts.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, MeasureId, PostId};
use alongside_domain::moderation::{Measure, MeasureKind, Taken};

impl Row for Taken {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            community: columns.get("community_id")?,
            by: columns.get("by_id")?,
            measure: measure(columns)?,
            reason: columns.get("reason")?,
            at: columns.get("at")?,
        })
    }
}

fn measure(columns: &Columns<'_>) -> Result<Measure, Error> {
    let post = || required::<PostId>(columns, "post_id");
    let member = || required::<ActorId>(columns, "member_id");
    Ok(match columns.get::<MeasureKind>("kind")? {
        MeasureKind::Remove => Measure::Remove(post()?),
        MeasureKind::Restore => Measure::Restore(post()?),
        MeasureKind::Lock => Measure::Lock(post()?),
        MeasureKind::Unlock => Measure::Unlock(post()?),
        MeasureKind::Feature => Measure::Feature(post()?),
        MeasureKind::Unfeature => Measure::Unfeature(post()?),
        MeasureKind::Appoint => Measure::Appoint(member()?),
        MeasureKind::Dismiss => Measure::Dismiss(member()?),
        MeasureKind::Ban => Measure::Ban {
            member: member()?,
            until: columns.get("until_at")?,
            removes_posts: columns.get("removes_posts")?,
        },
        MeasureKind::Unban => Measure::Unban(member()?),
    })
}

fn required<Id: From<i64>>(columns: &Columns<'_>, column: &'static str) -> Result<Id, Error> {
    let missing = || Error::Inconsistent { column, reason: "this kind of measure needs it".to_owned() };
    columns.get::<Option<i64>>(column)?.map(Id::from).ok_or_else(missing)
}

/// Writes a measure down.
pub async fn insert(tx: &mut Tx, taken: &Taken) -> Result<(), Error> {
    let (until, removes_posts) = match taken.measure {
        Measure::Ban { until, removes_posts, .. } => (until, removes_posts),
        Measure::Remove(_)
        | Measure::Restore(_)
        | Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_)
        | Measure::Appoint(_)
        | Measure::Dismiss(_)
        | Measure::Unban(_) => (None, false),
    };
    tx.query(
        "insert into measure (id, community_id, by_id, kind, post_id, member_id, until_at, removes_posts, reason, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(taken.id)
    .bind(taken.community)
    .bind(taken.by)
    .bind(taken.measure.kind())
    .bind(taken.measure.post())
    .bind(taken.measure.member())
    .bind(until)
    .bind(removes_posts)
    .bind(&taken.reason)
    .bind(taken.at)
    .execute()
    .await?;
    Ok(())
}

/// The measure with this id.
pub async fn find(session: &mut impl Session, id: MeasureId) -> Result<Option<Taken>, Error> {
    session
        .query(
            "select id, community_id, by_id, kind, post_id, member_id, until_at, removes_posts, reason, at
            from measure where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// The measures with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[MeasureId]) -> Result<Vec<Taken>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, community_id, by_id, kind, post_id, member_id, until_at, removes_posts, reason, at
            from measure where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The newest measure of a kind about the same post or person that was taken before this one.
pub async fn before(
    session: &mut impl Session,
    taken: &Taken,
    kind: MeasureKind,
) -> Result<Option<Taken>, Error> {
    session
        .query(
            "select id, community_id, by_id, kind, post_id, member_id, until_at, removes_posts, reason, at
            from measure where community_id = $1 and kind = $2 and id < $3
                and coalesce(post_id, -1) = $4 and coalesce(member_id, -1) = $5
            order by id desc limit 1",
        )
        .bind(taken.community)
        .bind(kind)
        .bind(taken.id)
        .bind(taken.measure.post().map_or(-1, PostId::get))
        .bind(taken.measure.member().map_or(-1, ActorId::get))
        .optional()
        .await
}

/// Marks a post as removed from its community, or (without a moment) as back; false if it was so before.
pub async fn set_removed(tx: &mut Tx, id: PostId, at: Option<Timestamp>) -> Result<bool, Error> {
    let changed = tx
        .query(
            "update post set removed_at = $2
            where id = $1 and deleted_at is null and (removed_at is null) <> (cast($2 as bigint) is null)",
        )
        .bind(id)
        .bind(at)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// Closes a thread to new replies, or (without a moment) opens it again; false if it was so before.
pub async fn set_locked(tx: &mut Tx, id: PostId, at: Option<Timestamp>) -> Result<bool, Error> {
    let changed = tx
        .query(
            "update post set locked_at = $2
            where id = $1 and deleted_at is null and (locked_at is null) <> (cast($2 as bigint) is null)",
        )
        .bind(id)
        .bind(at)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// What somebody has in a community that is there, newest first.
pub async fn posts_of(
    session: &mut impl Session,
    community: CommunityId,
    author: ActorId,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where author_id = $1 and community_id = $2
                and deleted_at is null and removed_at is null order by id desc limit $3",
        )
        .bind(author)
        .bind(community)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether somebody has ever written in a community.
pub async fn has_written(
    session: &mut impl Session,
    community: CommunityId,
    author: ActorId,
) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query("select id from post where author_id = $1 and community_id = $2 limit 1")
        .bind(author)
        .bind(community)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// What of somebody's was removed from a community at one moment: by one measure.
pub async fn removed_at(
    session: &mut impl Session,
    community: CommunityId,
    author: ActorId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where author_id = $1 and community_id = $2 and removed_at = $3
            order by id desc limit $4",
        )
        .bind(author)
        .bind(community)
        .bind(at)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Forgets measures that were taken before an id was made and hold no more, some at a time; how many there were. One holds
/// until it is taken back or taken again, runs out, or what it is about is deleted.
pub async fn forget(tx: &mut Tx, before: MeasureId, now: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.query(
        "delete from measure where id in (select m.id from measure m left join post p on p.id = m.post_id
            where m.id < $1 and (m.kind in ('restore', 'unlock', 'unfeature', 'dismiss', 'unban')
                or m.until_at < $2 or p.deleted_at is not null
                or exists (select 1 from measure n where n.post_id = m.post_id and n.community_id = m.community_id
                    and n.id > m.id and n.kind in (m.kind, case m.kind when 'remove' then 'restore'
                        when 'lock' then 'unlock' else 'unfeature' end))
                or exists (select 1 from measure n where n.member_id = m.member_id and n.community_id = m.community_id
                    and n.id > m.id and n.kind in (m.kind, case m.kind when 'ban' then 'unban' else 'dismiss' end)))
            order by m.id limit $3)",
    )
    .bind(before)
    .bind(now)
    .bind(limit)
    .execute()
    .await
}
