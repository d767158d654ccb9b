//! How far members have read.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::MemberId;
use alongside_domain::marker::{Marker, Timeline};

impl Row for Marker {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            timeline: columns.get("timeline")?,
            last_read_id: columns.get("last_read_id")?,
            version: columns.get("version")?,
            at: columns.get("at")?,
        })
    }
}

/// The places a member has kept.
pub async fn of_member(session: &mut impl Session, member: MemberId) -> Result<Vec<Marker>, Error> {
    session
        .query(
            "select timeline, last_read_id, version, at from marker where member_id = $1 order by timeline",
        )
        .bind(member)
        .all()
        .await
}

/// Keeps a place, and gives it as it is kept.
pub async fn put(
    tx: &mut Tx,
    member: MemberId,
    timeline: Timeline,
    last_read_id: i64,
    now: Timestamp,
) -> Result<Marker, Error> {
    tx.query(
        "insert into marker (member_id, timeline, last_read_id, version, at) values ($1, $2, $3, 0, $4)
        on conflict (member_id, timeline) do update set last_read_id = excluded.last_read_id,
            version = marker.version + 1, at = excluded.at
        returning timeline, last_read_id, version, at",
    )
    .bind(member)
    .bind(timeline)
    .bind(last_read_id)
    .bind(now)
    .one()
    .await
}
