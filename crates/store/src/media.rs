//! Images and other files that go with posts.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::touched::Topic;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MediaId, PostId, ScheduledId};
use alongside_domain::media::{Media, Playing};

impl Row for Media {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            owner: columns.get("owner_id")?,
            post: columns.get("post_id")?,
            kind: columns.get("kind")?,
            mime: columns.get("mime")?,
            file: columns.get("file")?,
            preview: columns.get("preview")?,
            cover: cover(columns)?,
            remote_url: columns.get("remote_url")?,
            description: columns.get("description")?,
            focus_x: columns.get("focus_x")?,
            focus_y: columns.get("focus_y")?,
            blurhash: columns.get("blurhash")?,
            width: columns.get("width")?,
            height: columns.get("height")?,
            playing: playing(columns)?,
            state: columns.get("state")?,
            created_at: columns.get("created_at")?,
        })
    }
}

fn cover(columns: &Columns<'_>) -> Result<Option<(i64, i64)>, Error> {
    let (width, height): (Option<i64>, Option<i64>) =
        (columns.get("cover_width")?, columns.get("cover_height")?);
    Ok(width.zip(height))
}

fn playing(columns: &Columns<'_>) -> Result<Option<Playing>, Error> {
    let Some(millis) = columns.get("duration_millis")? else { return Ok(None) };
    let bitrate: Option<i64> = columns.get("bitrate")?;
    Ok(Some(Playing { millis, frame_rate: columns.get("frame_rate")?, bitrate: bitrate.unwrap_or_default() }))
}

/// Writes an uploaded file's row.
pub async fn insert_upload(tx: &mut Tx, media: &Media) -> Result<(), Error> {
    insert(tx, media, 0).await
}

/// Writes a file's row, at this place among the files of its post.
async fn insert(tx: &mut Tx, media: &Media, position: i64) -> Result<(), Error> {
    tx.query(
        "insert into media (id, owner_id, post_id, position, kind, mime, file, preview, remote_url, description, focus_x,
            focus_y, blurhash, width, height, created_at, state, duration_millis, frame_rate, bitrate, cover_width,
            cover_height)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
    )
    .bind(media.id)
    .bind(media.owner)
    .bind(media.post)
    .bind(position)
    .bind(media.kind)
    .bind(&media.mime)
    .bind(media.file.clone())
    .bind(media.preview.clone())
    .bind(media.remote_url.clone())
    .bind(media.description.clone())
    .bind(media.focus_x)
    .bind(media.focus_y)
    .bind(media.blurhash.clone())
    .bind(media.width)
    .bind(media.height)
    .bind(media.created_at)
    .bind(media.state)
    .bind(media.playing.as_ref().map(|playing| playing.millis))
    .bind(media.playing.as_ref().and_then(|playing| playing.frame_rate.clone()))
    .bind(media.playing.as_ref().map(|playing| playing.bitrate))
    .bind(media.cover.map(|(width, _)| width))
    .bind(media.cover.map(|(_, height)| height))
    .execute()
    .await?;
    Ok(())
}

/// The file with this id.
pub async fn find(session: &mut impl Session, id: MediaId) -> Result<Option<Media>, Error> {
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at, state, duration_millis, frame_rate, bitrate, cover_width, cover_height
            from media where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// The files with these ids.
pub async fn find_all(session: &mut impl Session, ids: &[MediaId]) -> Result<Vec<Media>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at, state, duration_millis, frame_rate, bitrate, cover_width, cover_height
            from media where id in (select value from json_each($1)) order by id",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The files of these posts, in each post's order.
pub async fn of_posts(session: &mut impl Session, posts: &[PostId]) -> Result<Vec<Media>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at, state, duration_millis, frame_rate, bitrate, cover_width, cover_height
            from media where post_id in (select value from json_each($1)) order by post_id, position, id",
        )
        .bind(numbers(posts.iter().map(|post| post.get())))
        .all()
        .await
}

/// Writes the files of a post from elsewhere, in their order.
pub async fn insert_remote(tx: &mut Tx, media: &[Media]) -> Result<(), Error> {
    for (position, media) in (0_i64..).zip(media) {
        insert(tx, media, position).await?;
    }
    Ok(())
}

/// Forgets the files of a post from elsewhere, before those it has now are written.
pub async fn clear_remote(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    tx.query("delete from media where post_id = $1 and file is null").bind(post).execute().await?;
    Ok(())
}

/// Lets uploaded files go with a post, in this order; false if one is not this owner's, goes with another
/// post, or is not ready.
pub async fn attach(tx: &mut Tx, owner: ActorId, post: PostId, ids: &[MediaId]) -> Result<bool, Error> {
    for (position, id) in (0_i64..).zip(ids) {
        let attached = tx
            .touching(&[Topic::Post(post)])
            .query(
                "update media set post_id = $3, position = $4
                where id = $1 and owner_id = $2 and scheduled_id is null and (post_id is null or post_id = $3)
                    and state = 'ready'",
            )
            .bind(*id)
            .bind(owner)
            .bind(post)
            .bind(position)
            .execute()
            .await?;
        if attached == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lets these files go with a post instead of those that did. The others are swept later.
pub async fn replace(tx: &mut Tx, owner: ActorId, post: PostId, ids: &[MediaId]) -> Result<bool, Error> {
    tx.query("update media set post_id = null where post_id = $1").bind(post).execute().await?;
    attach(tx, owner, post, ids).await
}

/// What an owner may say of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// What one would see.
    pub description: Option<String>,
    /// The point to keep in sight: across.
    pub focus_x: f64,
    /// The same: down.
    pub focus_y: f64,
}

/// Keeps what the owner says of a file.
pub async fn describe(tx: &mut Tx, id: MediaId, words: &Words) -> Result<(), Error> {
    tx.query("update media set description = $2, focus_x = $3, focus_y = $4 where id = $1")
        .bind(id)
        .bind(words.description.clone())
        .bind(words.focus_x)
        .bind(words.focus_y)
        .execute()
        .await?;
    Ok(())
}

/// Keeps which picture is shown first of a file, the pixels of it across and down, and the blurred impression of it.
pub async fn show_first(
    tx: &mut Tx,
    id: MediaId,
    preview: &str,
    (width, height): (i64, i64),
    blurhash: Option<String>,
) -> Result<(), Error> {
    tx.query(
        "update media set preview = $2, cover_width = $3, cover_height = $4, blurhash = $5 where id = $1",
    )
    .bind(id)
    .bind(preview)
    .bind(width)
    .bind(height)
    .bind(blurhash)
    .execute()
    .await?;
    Ok(())
}

/// Keeps uploaded files for a scheduled post; false if one is not this owner's, or goes with another post.
pub async fn reserve(
    tx: &mut Tx,
    owner: ActorId,
    scheduled: ScheduledId,
    ids: &[MediaId],
) -> Result<bool, Error> {
    for id in ids {
        let reserved = tx
            .query(
                "update media set scheduled_id = $3
                where id = $1 and owner_id = $2 and post_id is null and scheduled_id is null and state = 'ready'",
            )
            .bind(*id)
            .bind(owner)
            .bind(scheduled)
            .execute()
            .await?;
        if reserved == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives back the files that were kept for a scheduled post.
pub async fn give_back(tx: &mut Tx, scheduled: ScheduledId) -> Result<(), Error> {
    tx.query("update media set scheduled_id = null where scheduled_id = $1")
        .bind(scheduled)
        .execute()
        .await?;
    Ok(())
}

/// Forgets a file that goes with no post and is kept for none; false if it is.
pub async fn remove(tx: &mut Tx, id: MediaId) -> Result<bool, Error> {
    let removed = tx
        .query("delete from media where id = $1 and post_id is null and scheduled_id is null")
        .bind(id)
        .execute()
        .await?;
    Ok(removed > 0)
}

/// Whether one of these is this owner's and still being made ready.
pub async fn is_any_waiting(
    session: &mut impl Session,
    owner: ActorId,
    ids: &[MediaId],
) -> Result<bool, Error> {
    let found: Waiting = session
        .query(
            "select count(*) as waiting from media where owner_id = $1 and state = 'waiting'
                and id in (select value from json_each($2))",
        )
        .bind(owner)
        .bind(numbers(ids.iter().map(|id| id.get())))
        .one()
        .await?;
    Ok(found.waiting > 0)
}

crate::row! {
    /// How many files are still being made ready.
    pub struct Waiting {
        /// So many.
        pub waiting: i64,
    }
}

/// How many of an owner's files are still being made ready.
pub async fn count_waiting(session: &mut impl Session, owner: ActorId) -> Result<i64, Error> {
    let found: Waiting = session
        .query("select count(*) as waiting from media where owner_id = $1 and state = 'waiting'")
        .bind(owner)
        .one()
        .await?;
    Ok(found.waiting)
}

/// Keeps what became of a file that was waiting; false if it waits no more. A picture that its owner chose to be shown
/// first stays.
pub async fn settle(tx: &mut Tx, media: &Media) -> Result<bool, Error> {
    let settled = tx
        .query(
            "update media set state = $2, kind = $3, mime = $4, file = $5, preview = coalesce(preview, $6),
                blurhash = case when preview is null then $7 else blurhash end, width = $8, height = $9,
                duration_millis = $10, frame_rate = $11, bitrate = $12
            where id = $1 and state = 'waiting'",
        )
        .bind(media.id)
        .bind(media.state)
        .bind(media.kind)
        .bind(&media.mime)
        .bind(media.file.clone())
        .bind(media.preview.clone())
        .bind(media.blurhash.clone())
        .bind(media.width)
        .bind(media.height)
        .bind(media.playing.as_ref().map(|playing| playing.millis))
        .bind(media.playing.as_ref().and_then(|playing| playing.frame_rate.clone()))
        .bind(media.playing.as_ref().map(|playing| playing.bitrate))
        .execute()
        .await?;
    Ok(settled > 0)
}

/// Files that were uploaded before a moment, go with no post and are kept for none.
pub async fn unused(session: &mut impl Session, before: Timestamp, limit: i64) -> Result<Vec<Media>, Error> {
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at, state, duration_millis, frame_rate, bitrate, cover_width, cover_height
            from media where post_id is null and scheduled_id is null and created_at < $1 order by id limit $2",
        )
        .bind(before)
        .bind(limit)
        .all()
        .await
}
