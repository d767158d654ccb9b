//! Finding people, posts and hashtags. What was said to some people alone is not in here; what is for the members of a
//! community is, and is found by them.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::{Query as Statement, Session, Sql, Target};
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::fold::{fold, words};
use alongside_domain::id::{ActorId, MemberId, PostId};
use alongside_domain::plain::text;
use alongside_domain::query::Query;
use std::collections::HashSet;

/// Words that are kept of one post.
const WORDS_MAX: usize = 2_000;
/// Bytes in a word. PostgreSQL has a limit of its own, far above.
const WORD_BYTES_MAX: usize = 100;
/// Comes after every other character, and so with it the end of all that begins alike.
const LAST: char = char::MAX;
/// Words that are looked for at once.
const WANTED_MAX: usize = 12;
/// Bytes from which the last word may be the beginning of others. Almost everything begins like a shorter one.
const BEGINNING_BYTES_MIN: usize = 3;

/// Lets a post be found by what its HTML says, in place of what it said before.
pub async fn index(tx: &mut Tx, post: PostId, html: &str) -> Result<(), Error> {
    remove(tx, post).await?;
    // The index of each engine has a type of its own.
    tx.query(Sql {
        sqlite: "insert into post_search (rowid, words) values ($1, $2)",
        postgres: "insert into post_search (rowid, words) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
    })
    .bind(post)
    .bind(kept(&text(html), WORDS_MAX).join(" "))
    .execute()
    .await?;
    Ok(())
}

/// Lets a post be found no more.
pub async fn remove(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    tx.query("delete from post_search where rowid = $1").bind(post).execute().await?;
    Ok(())
}

/// The posts before this one, newest first, whomever they are for and whether they can be found or not.
pub async fn older(session: &mut impl Session, below: PostId, limit: i64) -> Result<Vec<PostId>, Error> {
    let older: Vec<Found> = session
        .query("select id from post where id < $1 order by id desc limit $2")
        .bind(below)
        .bind(limit)
        .all()
        .await?;
    Ok(older.into_iter().map(|found| found.id).collect())
}

crate::row! {
    /// A post that was found.
    pub struct Found {
        /// Its id.
        pub id: PostId,
    }
}

/// How the last word is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Whole,
    Beginning,
}

/// Posts that say all of these words, newest first; where too few do, those follow in which the last word is the beginning
/// of one. So whoever asks for more gets the same ones first. Before or after an id they are all newest first. What was
/// written in a community is found by whom it is for: by everybody, or by its members. Anything else only where its author
/// lets it be found, and by whoever wrote it, is named in it, or reacted to it, boosted it or kept it.
pub async fn posts(
    session: &mut impl Session,
    query: &Query,
    author: Option<ActorId>,
    viewer: Option<ActorId>,
    page: &Page,
) -> Result<Vec<PostId>, Error> {
    let wanted = kept(&query.words, WANTED_MAX);
    let Some(last) = wanted.last() else { return Ok(Vec::new()) };
    let mut found: Vec<Found> = Vec::new();
    // The index gives the newest that say a word at once, but all that say any with this beginning before the newest.
    for how in [Last::Whole, Last::Beginning] {
        let is_full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= page.limit;
        if is_full || (how == Last::Beginning && last.len() < BEGINNING_BYTES_MIN) {
            break;
        }
        let asked = match session.target() {
            Target::Embedded(_) | Target::EmbeddedTx(_) => each(&wanted, '"', " ", how, "*"),
            Target::PostgresPool(_) | Target::Postgres(_) => each(&wanted, '\'', " & ", how, ":*"),
        };
        let statement = session
            .query(POSTS)
            .bind(asked)
            .bind(page.below())
            .bind(page.above())
            .bind(author.map_or(-1, ActorId::get))
            .bind(page.limit);
        let statement = narrowed(statement, query).bind(viewer.map_or(-1, ActorId::get));
        let more: Vec<Found> = statement.all().await?;
        found = if page.is_bounded() { more } else { followed_by(found, more, page.limit) };
    }
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// What was found first, and behind it what was not among it.
fn followed_by(mut first: Vec<Found>, more: Vec<Found>, limit: i64) -> Vec<Found> {
    let known: HashSet<PostId> = first.iter().map(|found| found.id).collect();
    first.extend(more.into_iter().filter(|found| !known.contains(&found.id)));
    first.truncate(usize::try_from(limit).unwrap_or_default());
    first
}

/// Each engine has an operator of its own for asking its index.
const POSTS: Sql = Sql {
    sqlite: "select p.id from post_search s join post p on p.id = s.rowid
        join actor a on a.id = p.author_id
        where post_search match $1 and s.rowid < $2 and s.rowid > $3
            and p.deleted_at is null and p.removed_at is null and a.deleted_at is null
            and a.suspended_at is null and ($4 < 0 or p.author_id = $4)
            and p.published_at >= $6 and p.published_at < $7
            and ($8 = '' or lower(p.language) = $8 or lower(p.language) like $8 || '-%')
            and ($9 < 0 or ($9 = 1) = exists (select 1 from media m where m.post_id = p.id))
            and ($10 < 0 or ($10 = 1) = (p.poll_id is not null))
            and ($11 < 0 or ($11 = 1) = (p.reply_to_uri is not null))
            and ($12 < 0 or ($12 = 1) = p.sensitive)
            and p.visibility in ('public', 'unlisted', 'members')
            and (p.author_id = $13
                or (p.visibility = 'public' and (a.indexable or p.community_id is not null))
                or (p.visibility = 'members' and exists (select 1 from follow f
                    where f.follower_id = $13 and f.target_id = p.community_id and f.accepted))
                or (p.visibility <> 'members' and (
                    exists (select 1 from post_mention n where n.post_id = p.id and n.actor_id = $13)
                    or exists (select 1 from reaction r where r.post_id = p.id and r.actor_id = $13)
                    or exists (select 1 from bookmark b where b.member_id = $13 and b.post_id = p.id)
                    or exists (select 1 from entry e where e.actor_id = $13 and e.post_id = p.id and e.boost))))
        order by s.rowid desc limit $5",
    postgres: "select p.id from post_search s join post p on p.id = s.rowid
        join actor a on a.id = p.author_id
        where s.words @@ cast(cast($1 as text) as tsquery) and p.id < $2 and p.id > $3
            and p.deleted_at is null and p.removed_at is null
            and a.deleted_at is null and a.suspended_at is null and ($4 < 0 or p.author_id = $4)
            and p.published_at >= $6 and p.published_at < $7
            and ($8 = '' or lower(p.language) = $8 or lower(p.language) like $8 || '-%')
            and ($9 < 0 or ($9 = 1) = exists (select 1 from media m where m.post_id = p.id))
            and ($10 < 0 or ($10 = 1) = (p.poll_id is not null))
            and ($11 < 0 or ($11 = 1) = (p.reply_to_uri is not null))
            and ($12 < 0 or ($12 = 1) = p.sensitive)
            and p.visibility in ('public', 'unlisted', 'members')
            and (p.author_id = $13
                or (p.visibility = 'public' and (a.indexable or p.community_id is not null))
                or (p.visibility = 'members' and exists (select 1 from follow f
                    where f.follower_id = $13 and f.target_id = p.community_id and f.accepted))
                or (p.visibility <> 'members' and (
                    exists (select 1 from post_mention n where n.post_id = p.id and n.actor_id = $13)
                    or exists (select 1 from reaction r where r.post_id = p.id and r.actor_id = $13)
                    or exists (select 1 from bookmark b where b.member_id = $13 and b.post_id = p.id)
                    or exists (select 1 from entry e where e.actor_id = $13 and e.post_id = p.id and e.boost))))
        order by p.id desc limit $5",
};

/// What somebody wrote of this kind, whatever it says, newest first: their public posts or, for themselves, all.
pub async fn posts_of(
    session: &mut impl Session,
    query: &Query,
    author: ActorId,
    is_oneself: bool,
    page: &Page,
) -> Result<Vec<PostId>, Error> {
    let statement = session
        .query(
            "select p.id from post p where p.author_id = $1 and p.id < $2 and p.id > $3
                and ($4 or p.visibility = 'public') and p.deleted_at is null and p.removed_at is null
                and p.published_at >= $6 and p.published_at < $7
                and ($8 = '' or lower(p.language) = $8 or lower(p.language) like $8 || '-%')
                and ($9 < 0 or ($9 = 1) = exists (select 1 from media m where m.post_id = p.id))
                and ($10 < 0 or ($10 = 1) = (p.poll_id is not null))
                and ($11 < 0 or ($11 = 1) = (p.reply_to_uri is not null))
                and ($12 < 0 or ($12 = 1) = p.sensitive)
            order by p.id desc limit $5",
        )
        .bind(author)
        .bind(page.below())
        .bind(page.above())
        .bind(is_oneself)
        .bind(page.limit);
    let found: Vec<Found> = narrowed(statement, query).all().await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// Binds what narrows it down, behind the five values before.
fn narrowed<'a>(statement: Statement<'a>, query: &Query) -> Statement<'a> {
    statement
        .bind(query.since.unwrap_or(Timestamp::from_micros(i64::MIN)))
        .bind(query.until.unwrap_or(Timestamp::from_micros(i64::MAX)))
        .bind(query.language.clone().unwrap_or_default())
        .bind(as_number(query.media))
        .bind(as_number(query.poll))
        .bind(as_number(query.reply))
        .bind(as_number(query.sensitive))
}

/// A question as a number: open (-1), no (0) or yes (1).
fn as_number(question: Option<bool>) -> i64 {
    question.map_or(-1, i64::from)
}

/// Which members and communities are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrowed {
    /// Those the asker follows alone.
    pub only_followed: bool,
    /// Communities alone.
    pub only_communities: bool,
}

/// Members and communities whose name before the `@`, or the name they go by, begins like this. Those
/// who do not want to be found are found by their whole name alone. Those the asker follows come first.
pub async fn actors(
    session: &mut impl Session,
    name: &str,
    asker: Option<ActorId>,
    narrowed: Narrowed,
    limit: i64,
    offset: i64,
) -> Result<Vec<Actor>, Error> {
    let begins = fold(name);
    session
        .query(
            "select a.id, a.kind, a.handle, a.host, a.uri, a.url, a.name, a.note, a.note_source, a.fields, a.avatar,
                a.header, a.locked, a.bot, a.discoverable, a.inbox, a.shared_inbox, a.outbox, a.followers, a.featured,
                a.created_at, a.last_post_at, a.posts_count, a.followers_count, a.following_count, a.deleted_at,
                a.suspended_at, a.silenced_at, a.sensitized_at, a.indexable
            from actor a left join follow f on f.follower_id = $3 and f.target_id = a.id and f.accepted
            where a.id in (select id from actor where handle_folded >= $1 and handle_folded < $2
                    union select id from actor where name_folded >= $1 and name_folded < $2)
                and (a.handle_folded = $1 or a.discoverable or f.id is not null) and a.kind <> 'application'
                and a.deleted_at is null and a.suspended_at is null and (f.id is not null or not $4)
                and (a.kind = 'group' or not $7)
                and not exists (select 1 from block b where b.actor_id = a.id and b.target_id = $3)
            order by case when f.id is null then 1 else 0 end, case when a.handle_folded = $1 then 0 else 1 end,
                case when a.kind = 'group' then 0 else 1 end, a.id
            limit $5 offset $6",
        )
        .bind(&begins)
        .bind(format!("{begins}{LAST}"))
        .bind(asker.map_or(-1, ActorId::get))
        .bind(narrowed.only_followed)
        .bind(limit)
        .bind(offset)
        .bind(narrowed.only_communities)
        .all()
        .await
}

crate::row! {
    /// A hashtag that was found.
    pub struct Tag {
        /// The tag, folded, without its sign.
        pub tag: String,
        /// The public posts that carry it.
        pub posts_count: i64,
    }
}

/// Hashtags of public posts that begin like this, the most used first, without those that staff took out.
pub async fn tags(session: &mut impl Session, tag: &str, limit: i64, offset: i64) -> Result<Vec<Tag>, Error> {
    session
        .query(
            "select t.tag, count(*) as posts_count from post_tag t join post p on p.id = t.post_id
            where t.tag like $1 escape '!' and p.visibility = 'public' and p.deleted_at is null and p.removed_at is null
                and not exists (select 1 from hashtag h where h.tag = t.tag and not h.listable)
            group by t.tag order by posts_count desc, t.tag limit $2 offset $3",
        )
        .bind(beginning(tag.trim_start_matches('#')))
        .bind(limit)
        .bind(offset)
        .all()
        .await
}

crate::row! {
    /// How much a hashtag was used on one day.
    pub struct Day {
        /// The tag, folded.
        pub tag: String,
        /// Which day, counted from 1970.
        pub day: i64,
        /// Public posts with it.
        pub posts_count: i64,
        /// People who wrote them.
        pub authors_count: i64,
    }
}

/// How much a hashtag was used in public on each day since a moment.
pub async fn tag_days(session: &mut impl Session, tag: &str, since: Timestamp) -> Result<Vec<Day>, Error> {
    session
        .query(
            "select t.tag, p.published_at / 86400000000 as day, count(*) as posts_count,
                count(distinct p.author_id) as authors_count
            from post_tag t join post p on p.id = t.post_id
            where t.tag = $1 and p.published_at >= $2 and p.visibility = 'public' and p.deleted_at is null
                and p.removed_at is null
            group by t.tag, day order by day",
        )
        .bind(tag)
        .bind(since)
        .all()
        .await
}

/// The same of every hashtag that a member follows.
pub async fn followed_tag_days(
    session: &mut impl Session,
    member: MemberId,
    since: Timestamp,
) -> Result<Vec<Day>, Error> {
    session
        .query(
            "select t.tag, p.published_at / 86400000000 as day, count(*) as posts_count,
                count(distinct p.author_id) as authors_count
            from tag_follow f join post_tag t on t.tag = f.tag join post p on p.id = t.post_id
            where f.member_id = $1 and p.published_at >= $2 and p.visibility = 'public' and p.deleted_at is null
                and p.removed_at is null
            group by t.tag, day order by t.tag, day",
        )
        .bind(member)
        .bind(since)
        .all()
        .await
}

fn kept(said: &str, words_max: usize) -> Vec<String> {
    let words = words(said);
    let short = words.split(' ').filter(|word| !word.is_empty() && word.len() <= WORD_BYTES_MAX);
    short.take(words_max).map(str::to_owned).collect()
}

/// Words are letters and digits alone, so nothing in them can end the quotes.
fn each(words: &[String], quote: char, between: &str, last: Last, beginning: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{quote}{word}{quote}")).collect();
    let beginning = if last == Last::Beginning { beginning } else { "" };
    format!("{}{beginning}", quoted.join(between))
}

/// The pattern for what begins like this.
pub(crate) fn beginning(name: &str) -> String {
    let mut pattern = String::new();
    for c in fold(name).chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
