//! A node's data as it is after some years: written into its database while it is stopped, and always the same.
//!
//! The rows are those the node itself would have written. They are put there by statements, because to publish a
//! million posts one by one is a measure of its own.

use crate::Failure;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use std::fmt::Write as _;
use std::path::Path;

/// Everybody who writes, beside those who read.
pub(crate) const MEMBERS: i64 = 5_000;
/// Communities.
pub(crate) const COMMUNITIES: i64 = 200;
/// Whom each reader follows, and in how many communities they are.
const FOLLOWED: i64 = 100;
const JOINED: i64 = 10;
/// Notifications of each reader.
const NOTICES: i64 = 40;
/// Replies in the thread that is read.
pub(crate) const REPLIES: i64 = 200;
/// Rows of one statement.
const ROWS_MAX: usize = 500;
/// Posts after which they, and then what belongs to them, are written: fewer rows of each than one statement takes.
const POSTS_AT_ONCE: i64 = 200;
/// What the first of the seeded people is numbered; those whom the node numbers itself come far above.
const FIRST: i64 = 1_000;
/// Milliseconds over which the posts are spread, and when the last was written.
const SPREAD_MILLIS: i64 = 30 * 24 * 3_600_000;
const LAST_MILLIS: i64 = 1_750_000_000_000;

/// Where the rows go.
pub(crate) enum Database<'a> {
    /// A file.
    Sqlite(&'a Path),
    /// A server's address.
    Postgres(&'a str),
}

enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What was put there.
#[derive(Debug)]
pub(crate) struct Seeded {
    /// The id of a post with [`REPLIES`] replies.
    pub(crate) thread: i64,
    /// The id of a community that every reader is in.
    pub(crate) community: i64,
    /// A hashtag.
    pub(crate) tag: &'static str,
    /// A word that many posts say.
    pub(crate) word: &'static str,
}

/// Rows of one table, on their way.
struct Rows {
    table: &'static str,
    text: String,
    count: usize,
}

/// Chance, the same in each run.
struct Dice(u64);

/// Fills the database with so many posts, for these readers. The addresses begin with the node's.
pub(crate) async fn fill(
    database: Database<'_>,
    base: &str,
    readers: &[i64],
    posts: i64,
) -> Result<Seeded, Failure> {
    let mut open = match database {
        Database::Sqlite(file) => {
            Open::Sqlite(SqliteConnection::connect(&format!("sqlite://{}", file.display())).await?)
        }
        Database::Postgres(address) => Open::Postgres(PgConnection::connect(address).await?),
    };
    open.run("begin".to_owned()).await?;
    people(&mut open, base).await?;
    follows(&mut open, readers).await?;
    let thread = words(&mut open, base, posts).await?;
    notices(&mut open, readers, thread).await?;
    open.run("commit".to_owned()).await?;
    open.close().await?;
    Ok(Seeded { thread, community: community(0), tag: "sleep", word: "lanterns" })
}

fn member(number: i64) -> i64 {
    FIRST + number
}

fn community(number: i64) -> i64 {
    FIRST + MEMBERS + number
}

async fn people(open: &mut Open, base: &str) -> Result<(), Failure> {
    let mut actors = Rows::of(
        "actor (id, kind, handle, handle_folded, host, uri, url, name, name_folded, note, note_source, fields, locked, \
         bot, discoverable, inbox, created_at, updated_at, last_post_at, posts_count, followers_count, following_count)",
    );
    for number in 0..MEMBERS + COMMUNITIES {
        let (kind, name) = if number < MEMBERS { ("person", "seeded") } else { ("group", "community") };
        let at = LAST_MILLIS * 1_000;
        let row = format!(
            "({id}, '{kind}', '{name}{number}', '{name}{number}', '', '{base}/actors/{name}{number}', \
             '{base}/@{name}{number}', 'Somebody called {number}', 'somebody called {number}', \
             '<p>I live by the sea and sleep badly. Number {number}.</p>', '', '[]', false, false, true, \
             '{base}/actors/{name}{number}/inbox', {at}, {at}, {at}, 20, 100, 100)",
            id = FIRST + number,
        );
        actors.push(open, &row).await?;
    }
    actors.end(open).await?;
    let mut communities = Rows::of("community (actor_id, audience, join_policy, indexable)");
    for number in 0..COMMUNITIES {
        communities.push(open, &format!("({}, 'everyone', 'open', true)", community(number))).await?;
    }
    communities.end(open).await
}

async fn follows(open: &mut Open, readers: &[i64]) -> Result<(), Failure> {
    let mut follows = Rows::of("follow (id, follower_id, target_id, accepted, uri, show_boosts, notify, at)");
    let mut id = 0;
    for (number, reader) in (0..).zip(readers) {
        let members = (0..FOLLOWED).map(|step| member((number * 37 + step * 47) % MEMBERS));
        let communities = (0..JOINED).map(|step| community((step * (number + 1)) % COMMUNITIES));
        let mut targets: Vec<i64> = members.chain(communities).collect();
        targets.sort_unstable();
        targets.dedup();
        for target in targets {
            id += 1;
            let row = format!("({id}, {reader}, {target}, true, 'urn:follow:{id}', true, false, 0)");
            follows.push(open, &row).await?;
        }
    }
    follows.end(open).await
}

/// A post on its way into the tables.
struct Draft {
    id: i64,
    at: i64,
    author: i64,
    above: Option<(i64, i64)>,
    place: Option<i64>,
    root: i64,
    visibility: &'static str,
}

/// What the next post may answer.
struct Before {
    /// The thread that is read: where it begins, and who began it.
    thread: (i64, i64),
    /// The last post of it.
    last: (i64, i64),
    /// Threads that began lately.
    lately: Vec<(i64, i64)>,
}

/// Writes the posts; which of them began the thread that is read.
async fn words(open: &mut Open, base: &str, count: i64) -> Result<i64, Failure> {
    let mut dice = Dice(7);
    let mut posts = Rows::of(
        "post (id, uri, url, author_id, community_id, reply_to_id, reply_to_author_id, reply_to_uri, root_id, content, \
         source, content_note, sensitive, visibility, language, local, published_at, replies_count, reactions_count)",
    );
    let mut entries = Rows::of(
        "entry (id, actor_id, post_id, boost, by_community, community_reply, reply_to_author_id, visibility, uri, at)",
    );
    let mut tags = Rows::of("post_tag (post_id, tag)");
    let mut before = Before { thread: (0, 0), last: (0, 0), lately: Vec::new() };
    for number in 0..count {
        let draft = draft(number, count, &mut before, &mut dice)?;
        let Draft { id, visibility, .. } = draft;
        let says = crate::api::words(usize::try_from(number)?);
        posts.push(open, &post(base, &draft, &says, dice.below(4))).await?;
        for line in lines(base, &draft) {
            entries.push(open, &line).await?;
        }
        if dice.below(10) == 0 {
            let tag = ["sleep", "work", "family", "doctors"][usize::try_from(dice.below(4))?];
            tags.push(open, &format!("({id}, '{tag}')")).await?;
        }
        if visibility == "public" {
            let words = if dice.below(10) == 0 { "lanterns by the sea" } else { "the night was long" };
            open.index(id, words).await?;
        }
        if number % POSTS_AT_ONCE == 0 {
            posts.flush(open).await?;
            entries.flush(open).await?;
            tags.flush(open).await?;
        }
    }
    posts.end(open).await?;
    entries.end(open).await?;
    tags.end(open).await?;
    Ok(before.thread.0)
}

/// A third of the posts answer others, and more than half are in a community. The thread that is read comes near the
/// end.
fn draft(number: i64, count: i64, before: &mut Before, dice: &mut Dice) -> Result<Draft, Failure> {
    const LATELY: i64 = 40;
    const DEPTH: i64 = 4;
    let millis = LAST_MILLIS - (count - number) * (SPREAD_MILLIS / count);
    let (id, author) = (millis << 16, member(dice.below(MEMBERS)));
    let in_thread = number - (count - REPLIES * 2).max(0);
    let above = match in_thread {
        0 => None,
        1..=REPLIES if in_thread % DEPTH == 0 => Some(before.thread),
        1..=REPLIES => Some(before.last),
        _ if dice.below(3) == 0 => before.lately.get(usize::try_from(dice.below(LATELY))?).copied(),
        _ => None,
    };
    let alone = (0..=REPLIES).contains(&in_thread);
    let place = (!alone && dice.below(10) < 6).then(|| community(dice.below(COMMUNITIES)));
    if in_thread == 0 {
        before.thread = (id, author);
    }
    before.last = (id, author);
    if above.is_none() {
        before.lately.insert(0, (id, author));
        before.lately.truncate(usize::try_from(LATELY)?);
    }
    let root = match (in_thread, above) {
        (1..=REPLIES, _) => before.thread.0,
        (_, Some((above, _))) => above,
        (_, None) => id,
    };
    let visibility = if place.is_some() && dice.below(20) == 0 { "members" } else { "public" };
    Ok(Draft { id, at: millis * 1_000, author, above, place, root, visibility })
}

fn post(base: &str, draft: &Draft, says: &str, reactions: i64) -> String {
    let Draft { id, at, author, above, place, root, visibility } = draft;
    let reply_uri = above.map_or_else(|| "null".to_owned(), |(above, _)| format!("'{base}/posts/{above}'"));
    format!(
        "({id}, '{base}/posts/{id}', '{base}/posts/{id}', {author}, {}, {}, {}, {reply_uri}, {root}, '<p>{says}</p>', \
         '{says}', '', false, '{visibility}', 'en', true, {at}, 0, {reactions})",
        or_null(*place),
        or_null(above.map(|(above, _)| above)),
        or_null(above.map(|(_, author)| author)),
    )
}

/// The line of its author, and the one of the community that announces it.
fn lines(base: &str, draft: &Draft) -> Vec<String> {
    let Draft { id, at, author, above, place, visibility, .. } = draft;
    let (inside, answered) = (place.is_some() && above.is_some(), or_null(above.map(|(_, author)| author)));
    let own = format!(
        "({id}, {author}, {id}, false, false, {inside}, {answered}, '{visibility}', '{base}/posts/{id}', {at})"
    );
    let announced = place.filter(|_| above.is_none()).map(|place| {
        let uri = format!("{base}/posts/{id}/announced");
        format!("({}, {place}, {id}, true, true, false, null, '{visibility}', '{uri}', {at})", id + 1)
    });
    std::iter::once(own).chain(announced).collect()
}

fn or_null(number: Option<i64>) -> String {
    number.map_or_else(|| "null".to_owned(), |number| number.to_string())
}

async fn notices(open: &mut Open, readers: &[i64], post: i64) -> Result<(), Failure> {
    let mut notices = Rows::of("notification (id, member_id, kind, from_id, post_id, subject_id, at)");
    for (number, reader) in (0..).zip(readers) {
        for step in 0..NOTICES {
            let (millis, from) = (LAST_MILLIS - step * 60_000, member((number * 11 + step * 13) % MEMBERS));
            let (kind, about) =
                if step % 2 == 0 { ("mention", post.to_string()) } else { ("follow", "null".to_owned()) };
            let row = format!(
                "({id}, {reader}, '{kind}', {from}, {about}, {step}, {at})",
                id = (millis << 16) + number,
                at = millis * 1_000,
            );
            notices.push(open, &row).await?;
        }
    }
    notices.end(open).await
}

impl Rows {
    fn of(table: &'static str) -> Self {
        Self { table, text: String::new(), count: 0 }
    }

    async fn push(&mut self, open: &mut Open, row: &str) -> Result<(), Failure> {
        if self.count > 0 {
            self.text.push(',');
        }
        self.text.push_str(row);
        self.count += 1;
        if self.count < ROWS_MAX { Ok(()) } else { self.flush(open).await }
    }

    async fn end(mut self, open: &mut Open) -> Result<(), Failure> {
        self.flush(open).await
    }

    async fn flush(&mut self, open: &mut Open) -> Result<(), Failure> {
        if self.count == 0 {
            return Ok(());
        }
        let mut statement = String::new();
        write!(statement, "insert into {} values {}", self.table, self.text)?;
        self.text.clear();
        self.count = 0;
        open.run(statement).await
    }
}

impl Open {
    async fn run(&mut self, statement: String) -> Result<(), Failure> {
        match self {
            Self::Sqlite(connection) => {
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await?;
            }
        }
        Ok(())
    }

    async fn index(&mut self, post: i64, words: &'static str) -> Result<(), Failure> {
        match self {
            Self::Sqlite(connection) => {
                let insert = sqlx::query("insert into post_search (rowid, words) values ($1, $2)");
                insert.bind(post).bind(words).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                let insert = sqlx::query(
                    "insert into post_search (rowid, words) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
                );
                insert.bind(post).bind(words).execute(connection).await?;
            }
        }
        Ok(())
    }

    async fn close(self) -> Result<(), Failure> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(mut connection) => {
                sqlx::raw_sql("vacuum analyze").execute(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}

impl Dice {
    /// A number below this one (xorshift).
    fn below(&mut self, limit: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % limit.unsigned_abs()).unwrap_or_default()
    }
}
