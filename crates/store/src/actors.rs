//! Members, communities and nodes, here and elsewhere.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::touched::Topic;
use crate::value::numbers;
use alongside_domain::actor::{Actor, ActorKind, Field};
use alongside_domain::clock::Timestamp;
use alongside_domain::fold::fold;
use alongside_domain::id::ActorId;

/// What is written of an actor, here or elsewhere. Its counts are kept by other statements.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it is.
    pub kind: ActorKind,
    /// Its name before the `@`, as written.
    pub handle: String,
    /// The host it lives on; empty for here.
    pub host: String,
    /// Its address in the protocol.
    pub uri: String,
    /// Its page.
    pub url: String,
    /// The name it goes by.
    pub name: String,
    /// About it, as clean HTML.
    pub note: String,
    /// About it, as typed.
    pub note_source: String,
    /// The lines of its table.
    pub fields: Vec<Field>,
    /// Its picture.
    pub avatar: Option<String>,
    /// Its banner.
    pub header: Option<String>,
    /// Follows wait for approval.
    pub locked: bool,
    /// It says that it is a program.
    pub bot: bool,
    /// It may be found by search.
    pub discoverable: bool,
    /// Where activities for it alone go.
    pub inbox: String,
    /// Where activities for everybody on its host go.
    pub shared_inbox: Option<String>,
    /// What it wrote.
    pub outbox: Option<String>,
    /// The collection of its followers.
    pub followers: Option<String>,
    /// What it has pinned.
    pub featured: Option<String>,
    /// The collection of those who look after it.
    pub moderators: Option<String>,
    /// Since when it exists.
    pub created_at: Timestamp,
}

impl Row for Actor {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        let fields: String = columns.get("fields")?;
        Ok(Self {
            id: columns.get("id")?,
            kind: columns.get("kind")?,
            handle: columns.get("handle")?,
            host: columns.get("host")?,
            uri: columns.get("uri")?,
            url: columns.get("url")?,
            name: columns.get("name")?,
            note: columns.get("note")?,
            note_source: columns.get("note_source")?,
            fields: serde_json::from_str(&fields)
                .map_err(|error| Error::Inconsistent { column: "fields", reason: error.to_string() })?,
            avatar: columns.get("avatar")?,
            header: columns.get("header")?,
            locked: columns.get("locked")?,
            bot: columns.get("bot")?,
            discoverable: columns.get("discoverable")?,
            inbox: columns.get("inbox")?,
            shared_inbox: columns.get("shared_inbox")?,
            outbox: columns.get("outbox")?,
            followers: columns.get("followers")?,
            featured: columns.get("featured")?,
            created_at: columns.get("created_at")?,
            last_post_at: columns.get("last_post_at")?,
            posts_count: columns.get("posts_count")?,
            followers_count: columns.get("followers_count")?,
            following_count: columns.get("following_count")?,
            deleted_at: columns.get("deleted_at")?,
            suspended_at: columns.get("suspended_at")?,
            silenced_at: columns.get("silenced_at")?,
            sensitized_at: columns.get("sensitized_at")?,
            indexable: columns.get("indexable")?,
        })
    }
}

/// The actor with this id.
pub async fn find(session: &mut impl Session, id: ActorId) -> Result<Option<Actor>, Error> {
    session
        .query(
            "select id, kind, handle, host, uri, url, name, note, note_source, fields, avatar, header, locked, bot,
                discoverable, inbox, shared_inbox, outbox, followers, featured, created_at, last_post_at, posts_count,
                followers_count, following_count, deleted_at, suspended_at, silenced_at, sensitized_at, indexable
            from actor where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// The actors with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[ActorId]) -> Result<Vec<Actor>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select id, kind, handle, host, uri, url, name, note, note_source, fields, avatar, header, locked, bot,
                discoverable, inbox, shared_inbox, outbox, followers, featured, created_at, last_post_at, posts_count,
                followers_count, following_count, deleted_at, suspended_at, silenced_at, sensitized_at, indexable
            from actor where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The actor with this address in the protocol.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Actor>, Error> {
    session
        .query(
            "select id, kind, handle, host, uri, url, name, note, note_source, fields, avatar, header, locked, bot,
                discoverable, inbox, shared_inbox, outbox, followers, featured, created_at, last_post_at, posts_count,
                followers_count, following_count, deleted_at, suspended_at, silenced_at, sensitized_at, indexable
            from actor where uri = $1",
        )
        .bind(uri)
        .optional()
        .await
}

/// The actor of this name on this host; an empty host means here.
pub async fn find_by_address(
    session: &mut impl Session,
    name: &str,
    host: &str,
) -> Result<Option<Actor>, Error> {
    session
        .query(
            "select id, kind, handle, host, uri, url, name, note, note_source, fields, avatar, header, locked, bot,
                discoverable, inbox, shared_inbox, outbox, followers, featured, created_at, last_post_at, posts_count,
                followers_count, following_count, deleted_at, suspended_at, silenced_at, sensitized_at, indexable
            from actor where host = $1 and handle_folded = $2",
        )
        .bind(host)
        .bind(fold(name))
        .optional()
        .await
}

/// Writes a new actor.
pub async fn insert(tx: &mut Tx, id: ActorId, profile: &Profile, now: Timestamp) -> Result<(), Error> {
    // Who is new is on no page yet.
    tx.touching(&[]).query(
        "insert into actor (id, kind, handle, handle_folded, host, uri, url, name, name_folded, note, note_source, fields,
            avatar, header, locked, bot, discoverable, inbox, shared_inbox, outbox, followers, featured, moderators,
            created_at, updated_at, fetched_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26)",
    )
    .bind(id)
    .bind(profile.kind)
    .bind(&profile.handle)
    .bind(fold(&profile.handle))
    .bind(&profile.host)
    .bind(&profile.uri)
    .bind(&profile.url)
    .bind(&profile.name)
    .bind(fold(&profile.name))
    .bind(&profile.note)
    .bind(&profile.note_source)
    .bind(profile.fields.as_slice())
    .bind(profile.avatar.clone())
    .bind(profile.header.clone())
    .bind(profile.locked)
    .bind(profile.bot)
    .bind(profile.discoverable)
    .bind(&profile.inbox)
    .bind(profile.shared_inbox.clone())
    .bind(profile.outbox.clone())
    .bind(profile.followers.clone())
    .bind(profile.featured.clone())
    .bind(profile.moderators.clone())
    .bind(profile.created_at)
    .bind(now)
    .bind((!profile.host.is_empty()).then_some(now))
    .execute()
    .await?;
    Ok(())
}

/// Writes what may change of an actor. Its kind, name before the `@`, host and address never do.
pub async fn update(tx: &mut Tx, id: ActorId, profile: &Profile, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "update actor set url = $2, name = $3, name_folded = $4, note = $5, note_source = $6,
            fields = $7, avatar = $8, header = $9, locked = $10, bot = $11, discoverable = $12, inbox = $13,
            shared_inbox = $14, outbox = $15, followers = $16, featured = $17, moderators = $18, updated_at = $19,
            fetched_at = $20
        where id = $1",
    )
    .bind(id)
    .bind(&profile.url)
    .bind(&profile.name)
    .bind(fold(&profile.name))
    .bind(&profile.note)
    .bind(&profile.note_source)
    .bind(profile.fields.as_slice())
    .bind(profile.avatar.clone())
    .bind(profile.header.clone())
    .bind(profile.locked)
    .bind(profile.bot)
    .bind(profile.discoverable)
    .bind(&profile.inbox)
    .bind(profile.shared_inbox.clone())
    .bind(profile.outbox.clone())
    .bind(profile.followers.clone())
    .bind(profile.featured.clone())
    .bind(profile.moderators.clone())
    .bind(now)
    .bind((!profile.host.is_empty()).then_some(now))
    .execute()
    .await?;
    Ok(())
}

/// Keeps whether what a member writes for everybody may be found by its words.
pub async fn set_indexable(tx: &mut Tx, id: ActorId, indexable: bool) -> Result<(), Error> {
    tx.query("update actor set indexable = $2 where id = $1").bind(id).bind(indexable).execute().await?;
    Ok(())
}

/// Writes what a community of ours is called and for, and its pictures.
pub async fn present(
    tx: &mut Tx,
    id: ActorId,
    name: &str,
    note_source: &str,
    avatar: Option<String>,
    header: Option<String>,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "update actor set name = $2, name_folded = $3, note_source = $4, avatar = $5, header = $6, updated_at = $7
        where id = $1",
    )
    .bind(id)
    .bind(name)
    .bind(fold(name))
    .bind(note_source)
    .bind(avatar)
    .bind(header)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Writes the note of a community of ours and the lines of its table.
pub async fn describe(
    tx: &mut Tx,
    id: ActorId,
    note: &str,
    fields: &[Field],
    now: Timestamp,
) -> Result<(), Error> {
    tx.query("update actor set note = $2, fields = $3, updated_at = $4 where id = $1")
        .bind(id)
        .bind(note)
        .bind(fields)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

crate::row! {
    /// Names somebody.
    pub struct Id {
        /// Who.
        pub id: ActorId,
    }
}

crate::row! {
    /// When an actor from elsewhere was last read at its origin.
    pub struct Freshness {
        /// The moment, for one that was ever fetched.
        pub fetched_at: Option<Timestamp>,
    }
}

/// When the actor with this address was last read at its origin.
pub async fn freshness(session: &mut impl Session, uri: &str) -> Result<Option<Freshness>, Error> {
    session.query("select fetched_at from actor where uri = $1").bind(uri).optional().await
}

/// Marks an actor as deleted by itself, and empties what it said about itself. The name stays taken.
pub async fn delete(tx: &mut Tx, id: ActorId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "update actor set deleted_at = $2, name = '', name_folded = '', note = '',
            note_source = '', fields = '[]', avatar = null, header = null
        where id = $1",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Changes how many posts an actor has made, and when it last wrote.
pub async fn count_post(tx: &mut Tx, id: ActorId, by: i64, at: Option<Timestamp>) -> Result<(), Error> {
    tx.touching(&[Topic::Actor(id)])
        .query(
            "update actor set posts_count = case when posts_count + $2 < 0 then 0 else posts_count + $2 end,
            last_post_at = coalesce($3, last_post_at)
        where id = $1",
        )
        .bind(id)
        .bind(by)
        .bind(at)
        .execute()
        .await?;
    Ok(())
}
