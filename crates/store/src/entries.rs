//! Timelines: the lines of an actor's own, and the lists woven of several.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::{Query, Session};
use crate::touched::Topic;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, EntryId, PostId};
use alongside_domain::post::Visibility;
use std::collections::BTreeSet;

crate::row! {
    /// A line in an actor's timeline.
    pub struct Entry {
        /// Its id: that of the post itself where it is the actor's own.
        pub id: EntryId,
        /// Whose timeline.
        pub actor_id: ActorId,
        /// Which post.
        pub post_id: PostId,
        /// It is a boost.
        pub boost: bool,
        /// The actor is a community.
        pub by_community: bool,
        /// It is a comment inside a community: shown in its thread, not on home timelines.
        pub community_reply: bool,
        /// Whom the post answers.
        pub reply_to_author_id: Option<ActorId>,
        /// Who may read the post.
        pub visibility: Visibility,
        /// Its address in the protocol.
        pub uri: String,
        /// When it was made.
        pub at: Timestamp,
    }
}

/// Writes a line; false if the actor has that post already, or its address is known.
pub async fn insert(tx: &mut Tx, entry: &Entry) -> Result<bool, Error> {
    let inserted = tx
        .touching(&[Topic::Lines(entry.actor_id), Topic::Deeds(entry.actor_id)])
        .query(
            "insert into entry (id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id,
                visibility, uri, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
        )
        .bind(entry.id)
        .bind(entry.actor_id)
        .bind(entry.post_id)
        .bind(entry.boost)
        .bind(entry.by_community)
        .bind(entry.community_reply)
        .bind(entry.reply_to_author_id)
        .bind(entry.visibility)
        .bind(&entry.uri)
        .bind(entry.at)
        .execute()
        .await?;
    Ok(inserted > 0)
}

/// Takes a line away; true if it was there.
pub async fn remove(tx: &mut Tx, id: EntryId) -> Result<bool, Error> {
    Ok(tx.query("delete from entry where id = $1").bind(id).execute().await? > 0)
}

/// The lines with these ids, newest first.
pub async fn find_all(session: &mut impl Session, ids: &[EntryId]) -> Result<Vec<Entry>, Error> {
    session
        .query(
            "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
            from entry where id in (select value from json_each($1)) order by id desc",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The line with this id.
pub async fn find(session: &mut impl Session, id: EntryId) -> Result<Option<Entry>, Error> {
    Ok(find_all(session, &[id]).await?.pop())
}

/// The line with this address in the protocol.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Entry>, Error> {
    session
        .query(
            "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
            from entry where uri = $1",
        )
        .bind(uri)
        .optional()
        .await
}

/// An actor's boost of a post.
pub async fn boost_of(
    session: &mut impl Session,
    actor: ActorId,
    post: PostId,
) -> Result<Option<Entry>, Error> {
    session
        .query(
            "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
            from entry where actor_id = $1 and post_id = $2 and boost",
        )
        .bind(actor)
        .bind(post)
        .optional()
        .await
}

/// The lines that show a post, those of communities first.
pub async fn of_post(session: &mut impl Session, post: PostId, limit: i64) -> Result<Vec<Entry>, Error> {
    session
        .query(
            "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
            from entry where post_id = $1 order by by_community desc, id limit $2",
        )
        .bind(post)
        .bind(limit)
        .all()
        .await
}

/// Who boosted a post for everybody to see, communities left out, newest first.
pub async fn boosts_of(session: &mut impl Session, post: PostId, page: &Page) -> Result<Vec<Entry>, Error> {
    let statement = if page.is_upward() {
        "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
        from entry where post_id = $1 and boost and not by_community and visibility in ('public', 'unlisted')
            and id < $2 and id > $3
        order by id limit $4"
    } else {
        "select id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at
        from entry where post_id = $1 and boost and not by_community and visibility in ('public', 'unlisted')
            and id < $2 and id > $3
        order by id desc limit $4"
    };
    let rows = session.query(statement).bind(post).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}

/// What of an actor's timeline is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Leave out boosts (never those of a community: they are its posts).
    pub no_boosts: bool,
    /// Leave out replies.
    pub no_replies: bool,
    /// Only with images.
    pub only_media: bool,
}

/// The lines of an actor's own timeline that a viewer may read, newest first. Of a community it is
/// what it announced.
pub async fn of_actor(
    session: &mut impl Session,
    actor: ActorId,
    viewer: Option<ActorId>,
    wanted: Wanted,
    page: &Page,
) -> Result<Vec<EntryId>, Error> {
    let sql = if page.is_upward() { OF_ACTOR_UPWARD } else { OF_ACTOR };
    let rows: Vec<Id> = session
        .query(sql)
        .bind(actor)
        .bind_page(page)
        .bind(viewer.map_or(-1, ActorId::get))
        .bind(wanted.no_boosts)
        .bind(wanted.no_replies)
        .bind(wanted.only_media)
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

/// The threads a community announced, for anybody or for its members, newest first.
pub async fn announced(
    session: &mut impl Session,
    community: ActorId,
    page: &Page,
) -> Result<Vec<EntryId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from entry where actor_id = $1 and by_community and id < $2 and id > $3
                and visibility in ('public', 'unlisted', 'members')
            order by id desc limit $4",
        )
        .bind(community)
        .bind_page(page)
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

crate::row! {
    /// Names a line.
    pub struct Id {
        /// Its id.
        pub id: EntryId,
    }
}

const OF_ACTOR: &str = "select e.id from entry e
    where e.actor_id = $1 and e.id < $2 and e.id > $3 and e.visibility <> 'direct'
        and (e.by_community or not ($6 and e.boost))
        and not ($7 and e.reply_to_author_id is not null and e.reply_to_author_id <> e.actor_id)
        and (not $8 or exists (select 1 from media where media.post_id = e.post_id))
        and (e.visibility in ('public', 'unlisted') or e.actor_id = $5
            or (e.visibility = 'private' and exists (select 1 from follow
                where follower_id = $5 and target_id = e.actor_id and accepted))
            or (e.visibility = 'members' and exists (select 1 from follow join post on post.id = e.post_id
                where follower_id = $5 and target_id = post.community_id and accepted)))
    order by e.id desc limit $4";

const OF_ACTOR_UPWARD: &str = "select e.id from entry e
    where e.actor_id = $1 and e.id < $2 and e.id > $3 and e.visibility <> 'direct'
        and (e.by_community or not ($6 and e.boost))
        and not ($7 and e.reply_to_author_id is not null and e.reply_to_author_id <> e.actor_id)
        and (not $8 or exists (select 1 from media where media.post_id = e.post_id))
        and (e.visibility in ('public', 'unlisted') or e.actor_id = $5
            or (e.visibility = 'private' and exists (select 1 from follow
                where follower_id = $5 and target_id = e.actor_id and accepted))
            or (e.visibility = 'members' and exists (select 1 from follow join post on post.id = e.post_id
                where follower_id = $5 and target_id = post.community_id and accepted)))
    order by e.id limit $4";

/// Where a post was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Written {
    /// Anywhere.
    #[default]
    Anywhere,
    /// On this node.
    Here,
    /// On another.
    Elsewhere,
}

impl Written {
    /// What clients ask for in two words. Whoever asks for both places asks for everything.
    pub const fn asked(local: bool, remote: bool) -> Self {
        match (local, remote) {
            (true, false) => Self::Here,
            (false, true) => Self::Elsewhere,
            (true, true) | (false, false) => Self::Anywhere,
        }
    }
}

/// Which public posts are wanted.
#[derive(Debug, Clone, Default)]
pub struct PublicWanted {
    /// Where they were written.
    pub written: Written,
    /// Only with images.
    pub only_media: bool,
    /// Only with this hashtag.
    pub tag: Option<String>,
    /// Only with all of these beside it, as far as [`OTHERS_MAX`] goes.
    pub all: Vec<String>,
    /// Only with none of these, likewise.
    pub none: Vec<String>,
}

/// Hashtags that may be asked for beside the first, of each kind.
pub const OTHERS_MAX: usize = 4;

/// Public posts that begin a thread (with a hashtag: replies too), newest first.
pub async fn public(
    session: &mut impl Session,
    wanted: &PublicWanted,
    page: &Page,
) -> Result<Vec<PostId>, Error> {
    let query = match &wanted.tag {
        Some(tag) => tagged(session, wanted, tag, page),
        None => untagged(session, wanted, page),
    };
    let rows: Vec<crate::posts::Id> = query.all().await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

fn untagged<'a>(session: &'a mut impl Session, wanted: &PublicWanted, page: &Page) -> Query<'a> {
    let is_local = match wanted.written {
        Written::Anywhere => None,
        Written::Here => Some(true),
        Written::Elsewhere => Some(false),
    };
    let sql = match (is_local, page.is_upward()) {
        (None, false) => PUBLIC,
        (None, true) => PUBLIC_UPWARD,
        (Some(_), false) => PUBLIC_OF,
        (Some(_), true) => PUBLIC_OF_UPWARD,
    };
    let query = session.query(sql).bind_page(page).bind(wanted.only_media);
    match is_local {
        Some(is_local) => query.bind(is_local),
        None => query,
    }
}

fn tagged<'a>(session: &'a mut impl Session, wanted: &PublicWanted, tag: &str, page: &Page) -> Query<'a> {
    let query = session
        .query(if page.is_upward() { TAGGED_UPWARD } else { TAGGED })
        .bind_page(page)
        .bind(wanted.written == Written::Here)
        .bind(wanted.written == Written::Elsewhere)
        .bind(wanted.only_media)
        .bind(tag);
    let others = others(&wanted.all).into_iter().chain(others(&wanted.none));
    others.fold(query, Query::bind)
}

/// As many as a statement has room for, each once; no post has an empty one.
fn others(tags: &[String]) -> [String; OTHERS_MAX] {
    let once: BTreeSet<&String> = tags.iter().collect();
    let mut once = once.into_iter().cloned();
    std::array::from_fn(|_| once.next().unwrap_or_default())
}

const PUBLIC: &str = "select p.id from post p
    where p.id < $1 and p.id > $2 and p.visibility = 'public' and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null
        and (not $4 or exists (select 1 from media where media.post_id = p.id))
    order by p.id desc limit $3";

const PUBLIC_UPWARD: &str = "select p.id from post p
    where p.id < $1 and p.id > $2 and p.visibility = 'public' and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null
        and (not $4 or exists (select 1 from media where media.post_id = p.id))
    order by p.id limit $3";

/// Of this node or of others: either may have written little among what is known. It has an index of its own.
const PUBLIC_OF: &str = "select p.id from post p
    where p.id < $1 and p.id > $2 and p.visibility = 'public' and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null and p.local = $5
        and (not $4 or exists (select 1 from media where media.post_id = p.id))
    order by p.id desc limit $3";

const PUBLIC_OF_UPWARD: &str = "select p.id from post p
    where p.id < $1 and p.id > $2 and p.visibility = 'public' and p.reply_to_uri is null
        and p.deleted_at is null and p.removed_at is null and p.local = $5
        and (not $4 or exists (select 1 from media where media.post_id = p.id))
    order by p.id limit $3";

/// Walked as the index of a hashtag lies: what else is asked of a post is asked one by one, so that PostgreSQL does not
/// take it for so rare that it would gather them all first.
const TAGGED: &str = "select p.id from post_tag t join post p on p.id = t.post_id
    where t.tag = $7 and t.post_id < $1 and t.post_id > $2 and p.visibility = 'public'
        and p.deleted_at is null and p.removed_at is null
        and not ($4 and not p.local) and not ($5 and p.local)
        and (not $6 or exists (select 1 from media where media.post_id = p.id))
        and ($8 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $8))
        and ($9 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $9))
        and ($10 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $10))
        and ($11 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $11))
        and not exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag in ($12, $13, $14, $15))
    order by t.post_id desc limit $3";

const TAGGED_UPWARD: &str = "select p.id from post_tag t join post p on p.id = t.post_id
    where t.tag = $7 and t.post_id < $1 and t.post_id > $2 and p.visibility = 'public'
        and p.deleted_at is null and p.removed_at is null
        and not ($4 and not p.local) and not ($5 and p.local)
        and (not $6 or exists (select 1 from media where media.post_id = p.id))
        and ($8 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $8))
        and ($9 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $9))
        and ($10 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $10))
        and ($11 = '' or exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag = $11))
        and not exists (select 1 from post_tag o where o.post_id = t.post_id and o.tag in ($12, $13, $14, $15))
    order by t.post_id limit $3";
