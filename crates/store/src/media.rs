//! Images and other files that go with posts.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MediaId, PostId};
use alongside_domain::media::Media;

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
            remote_url: columns.get("remote_url")?,
            description: columns.get("description")?,
            focus_x: columns.get("focus_x")?,
            focus_y: columns.get("focus_y")?,
            blurhash: columns.get("blurhash")?,
            width: columns.get("width")?,
            height: columns.get("height")?,
            created_at: columns.get("created_at")?,
        })
    }
}

/// Writes an uploaded file's row.
pub async fn insert_upload(tx: &mut Tx, media: &Media) -> Result<(), Error> {
    insert(tx, media, 0).await
}

/// Writes a file's row, at this place among the files of its post.
async fn insert(tx: &mut Tx, media: &Media, position: i64) -> Result<(), Error> {
    tx.query(
        "insert into media (id, owner_id, post_id, position, kind, mime, file, preview, remote_url, description, focus_x,
            focus_y, blurhash, width, height, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
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
    .execute()
    .await?;
    Ok(())
}

/// The file with this id.
pub async fn find(session: &mut impl Session, id: MediaId) -> Result<Option<Media>, Error> {
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at
            from media where id = $1",
        )
        .bind(id)
        .optional()
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
                width, height, created_at
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

/// Lets uploaded files go with a post, in this order; false if one is not this owner's, or goes with
/// another post.
pub async fn attach(tx: &mut Tx, owner: ActorId, post: PostId, ids: &[MediaId]) -> Result<bool, Error> {
    for (position, id) in (0_i64..).zip(ids) {
        let attached = tx
            .query(
                "update media set post_id = $3, position = $4
                where id = $1 and owner_id = $2 and (post_id is null or post_id = $3)",
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

/// Forgets a file that goes with no post; false if it does.
pub async fn remove(tx: &mut Tx, id: MediaId) -> Result<bool, Error> {
    Ok(tx.query("delete from media where id = $1 and post_id is null").bind(id).execute().await? > 0)
}

/// Files that were uploaded before a moment and go with no post.
pub async fn unused(session: &mut impl Session, before: Timestamp, limit: i64) -> Result<Vec<Media>, Error> {
    session
        .query(
            "select id, owner_id, post_id, kind, mime, file, preview, remote_url, description, focus_x, focus_y, blurhash,
                width, height, created_at
            from media where post_id is null and created_at < $1 order by id limit $2",
        )
        .bind(before)
        .bind(limit)
        .all()
        .await
}
