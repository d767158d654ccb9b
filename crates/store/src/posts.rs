//! Posts: what they say, whom they name, what they were before.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::touched::Topic;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::post::Post;
use alongside_domain::reaction::Reaction;

impl Row for Post {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            uri: columns.get("uri")?,
            url: columns.get("url")?,
            author: columns.get("author_id")?,
            community: columns.get::<Option<i64>>("community_id")?.map(Into::into),
            reply_to: columns.get("reply_to_id")?,
            reply_to_author: columns.get("reply_to_author_id")?,
            reply_to_uri: columns.get("reply_to_uri")?,
            root: columns.get("root_id")?,
            title: columns.get("title")?,
            content: columns.get("content")?,
            source: columns.get("source")?,
            content_note: columns.get("content_note")?,
            sensitive: columns.get("sensitive")?,
            visibility: columns.get("visibility")?,
            language: columns.get("language")?,
            application: columns.get("application")?,
            poll: columns.get("poll_id")?,
            local: columns.get("local")?,
            published_at: columns.get("published_at")?,
            edited_at: columns.get("edited_at")?,
            deleted_at: columns.get("deleted_at")?,
            removed_at: columns.get("removed_at")?,
            locked_at: columns.get("locked_at")?,
            replies_count: columns.get("replies_count")?,
            boosts_count: columns.get("boosts_count")?,
            reactions_count: columns.get("reactions_count")?,
            me_too_count: columns.get("me_too_count")?,
        })
    }
}

/// The post with this id.
pub async fn find(session: &mut impl Session, id: PostId) -> Result<Option<Post>, Error> {
    Ok(find_all(session, &[id]).await?.pop())
}

/// The posts with these ids, in the order of the ids asked for.
pub async fn find_all(session: &mut impl Session, ids: &[PostId]) -> Result<Vec<Post>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut posts: Vec<Post> = session
        .query(
            "select id, uri, url, author_id, community_id, reply_to_id, reply_to_author_id, reply_to_uri, root_id, title,
                content, source, content_note, sensitive, visibility, language, application, poll_id, local, published_at,
                edited_at, deleted_at, removed_at, locked_at, replies_count, boosts_count, reactions_count, me_too_count
            from post where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await?;
    let place: std::collections::HashMap<PostId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    posts.sort_by_key(|post| place.get(&post.id).copied());
    Ok(posts)
}

/// The post with this address in the protocol.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Post>, Error> {
    let found: Option<Id> = session.query("select id from post where uri = $1").bind(uri).optional().await?;
    match found {
        Some(Id { id }) => find(session, id).await,
        None => Ok(None),
    }
}

crate::row! {
    /// Names a post.
    pub struct Id {
        /// Its id.
        pub id: PostId,
    }
}

/// Whether an id is taken.
pub async fn exists(session: &mut impl Session, id: PostId) -> Result<bool, Error> {
    let found: Option<Id> = session.query("select id from post where id = $1").bind(id).optional().await?;
    Ok(found.is_some())
}

/// Writes a new post with those it names and its hashtags. False if its address is known already.
pub async fn insert(tx: &mut Tx, post: &Post, mentions: &[ActorId], tags: &[String]) -> Result<bool, Error> {
    let inserted = tx
        .touching(&[Topic::Thread(post.root), Topic::Public])
        .query(
            "insert into post (id, uri, url, author_id, community_id, reply_to_id, reply_to_author_id, reply_to_uri,
                root_id, title, content, source, content_note, sensitive, visibility, language, application, poll_id,
                local, published_at, edited_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            on conflict (uri) do nothing",
        )
        .bind(post.id)
        .bind(&post.uri)
        .bind(&post.url)
        .bind(post.author)
        .bind(post.community)
        .bind(post.reply_to)
        .bind(post.reply_to_author)
        .bind(post.reply_to_uri.clone())
        .bind(post.root)
        .bind(post.title.clone())
        .bind(&post.content)
        .bind(&post.source)
        .bind(&post.content_note)
        .bind(post.sensitive)
        .bind(post.visibility)
        .bind(post.language.clone())
        .bind(post.application.clone())
        .bind(post.poll)
        .bind(post.local)
        .bind(post.published_at)
        .bind(post.edited_at)
        .execute()
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    name(tx, post.id, mentions, tags).await?;
    Ok(true)
}

/// Writes what its author has changed, and keeps what it said before; false if it was deleted meanwhile.
pub async fn revise(
    tx: &mut Tx,
    before: &Post,
    now: &Post,
    mentions: &[ActorId],
    tags: &[String],
) -> Result<bool, Error> {
    let revised = tx
        .query(
        "update post set title = $2, content = $3, source = $4, content_note = $5, sensitive = $6, language = $7,
            edited_at = $8, poll_id = $9
        where id = $1 and deleted_at is null",
    )
    .bind(now.id)
    .bind(now.title.clone())
    .bind(&now.content)
    .bind(&now.source)
    .bind(&now.content_note)
    .bind(now.sensitive)
    .bind(now.language.clone())
    .bind(now.edited_at)
    .bind(now.poll)
    .execute()
    .await?;
    if revised == 0 {
        return Ok(false);
    }
    keep_edit(tx, before).await?;
    tx.query("delete from post_mention where post_id = $1").bind(now.id).execute().await?;
    tx.query("delete from post_tag where post_id = $1").bind(now.id).execute().await?;
    name(tx, now.id, mentions, tags).await?;
    Ok(true)
}

async fn keep_edit(tx: &mut Tx, before: &Post) -> Result<(), Error> {
    tx.query(
        "insert into post_edit (post_id, at, title, content, content_note, sensitive) values ($1, $2, $3, $4, $5, $6)
        on conflict (post_id, at) do nothing",
    )
    .bind(before.id)
    .bind(before.edited_at.unwrap_or(before.published_at))
    .bind(before.title.clone())
    .bind(&before.content)
    .bind(&before.content_note)
    .bind(before.sensitive)
    .execute()
    .await?;
    Ok(())
}

pub(crate) async fn name(tx: &mut Tx, id: PostId, named: &[ActorId], tags: &[String]) -> Result<(), Error> {
    for actor in named {
        tx.touching(&[Topic::Post(id)])
            .query("insert into post_mention (post_id, actor_id) values ($1, $2) on conflict (post_id, actor_id) do nothing")
            .bind(id)
            .bind(*actor)
            .execute()
            .await?;
    }
    for tag in tags {
        tx.touching(&[Topic::Post(id)])
            .query(
                "insert into post_tag (post_id, tag) values ($1, $2) on conflict (post_id, tag) do nothing",
            )
            .bind(id)
            .bind(tag)
            .execute()
            .await?;
    }
    Ok(())
}

/// Marks a post as deleted; false if it was already, so that what follows from it follows once.
pub async fn mark_deleted(tx: &mut Tx, id: PostId, now: Timestamp) -> Result<bool, Error> {
    let marked = tx
        .query("update post set deleted_at = $2 where id = $1 and deleted_at is null")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(marked > 0)
}

/// Takes the words of a post away. Its place in the thread stays, so that replies to it stay readable.
pub async fn erase(tx: &mut Tx, post: &Post, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "update post set title = null, content = '', source = '', content_note = '', poll_id = null,
            deleted_at = $2
        where id = $1",
    )
    .bind(post.id)
    .bind(now)
    .execute()
    .await?;
    for statement in [
        "delete from post_edit where post_id = $1",
        "delete from post_tag where post_id = $1",
        "delete from entry where post_id = $1",
        "delete from notification where post_id = $1",
        "delete from bookmark where post_id = $1",
        "delete from pin where post_id = $1",
        "delete from post_search where rowid = $1",
        "delete from thread_context where post_id = $1",
        "update media set post_id = null where post_id = $1",
    ] {
        tx.query(statement).bind(post.id).execute().await?;
    }
    crate::activities::silence(tx, post.id).await?;
    entomb(tx, &post.uri, now).await
}

/// Remembers that what had this address is gone, so that it does not come back.
pub async fn entomb(tx: &mut Tx, uri: &str, now: Timestamp) -> Result<(), Error> {
    tx.query("insert into tombstone (uri, at) values ($1, $2) on conflict (uri) do nothing")
        .bind(uri)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

crate::row! {
    /// Something that was deleted.
    pub struct Tombstone {
        /// When.
        pub at: Timestamp,
    }
}

/// The tombstone of what had this address.
pub async fn tombstone(session: &mut impl Session, uri: &str) -> Result<Option<Tombstone>, Error> {
    session.query("select at from tombstone where uri = $1").bind(uri).optional().await
}

/// Changes how often a post was answered.
pub async fn count_reply(tx: &mut Tx, id: PostId, by: i64) -> Result<(), Error> {
    tx.touching(&[Topic::Post(id)])
        .query("update post set replies_count = replies_count + $2 where id = $1 and replies_count + $2 >= 0")
        .bind(id)
        .bind(by)
        .execute()
        .await?;
    Ok(())
}

/// Changes how often a post was boosted.
pub async fn count_boost(tx: &mut Tx, id: PostId, by: i64) -> Result<(), Error> {
    tx.touching(&[Topic::Post(id)])
        .query("update post set boosts_count = boosts_count + $2 where id = $1 and boosts_count + $2 >= 0")
        .bind(id)
        .bind(by)
        .execute()
        .await?;
    Ok(())
}

/// Changes how often a post was reacted to.
pub async fn count_reaction(tx: &mut Tx, id: PostId, kind: Reaction, by: i64) -> Result<(), Error> {
    let me_too = if kind == Reaction::MeToo { by } else { 0 };
    tx.touching(&[Topic::Post(id)])
        .query(
            "update post set reactions_count = reactions_count + $2, me_too_count = me_too_count + $3
        where id = $1 and reactions_count + $2 >= 0",
        )
        .bind(id)
        .bind(by)
        .bind(me_too)
        .execute()
        .await?;
    Ok(())
}

crate::row! {
    /// Somebody named in a post.
    pub struct Mention {
        /// The post.
        pub post_id: PostId,
        /// Who.
        pub actor_id: ActorId,
    }
}

/// Who is named in these posts.
pub async fn mentions(session: &mut impl Session, ids: &[PostId]) -> Result<Vec<Mention>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select post_id, actor_id from post_mention where post_id in (select value from json_each($1))
            order by post_id, actor_id",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

crate::row! {
    /// A hashtag of a post.
    pub struct Tag {
        /// The post.
        pub post_id: PostId,
        /// The tag, folded.
        pub tag: String,
    }
}

/// The hashtags of these posts.
pub async fn tags(session: &mut impl Session, ids: &[PostId]) -> Result<Vec<Tag>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query("select post_id, tag from post_tag where post_id in (select value from json_each($1)) order by post_id, tag")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

crate::row! {
    /// What a post said before.
    pub struct Edit {
        /// From when on it said so.
        pub at: Timestamp,
        /// Its title.
        pub title: Option<String>,
        /// What it said, as clean HTML.
        pub content: String,
        /// Its content note.
        pub content_note: String,
        /// Its images were covered.
        pub sensitive: bool,
    }
}

/// What a post said before, oldest first. What it says now is not among them.
pub async fn edits(session: &mut impl Session, id: PostId) -> Result<Vec<Edit>, Error> {
    session
        .query("select at, title, content, content_note, sensitive from post_edit where post_id = $1 order by at")
        .bind(id)
        .all()
        .await
}
