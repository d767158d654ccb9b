//! Threads as a whole: the collection that their origin keeps of them, and the posts of one that anybody may read.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::id::PostId;

crate::row! {
    /// Where a post from elsewhere says that its thread is kept.
    pub struct Context {
        /// The post.
        pub post_id: PostId,
        /// The address of the collection.
        pub uri: String,
    }
}

/// Remembers where a post from elsewhere says that its thread is kept.
pub async fn put(tx: &mut Tx, post: PostId, uri: &str) -> Result<(), Error> {
    tx.query(
        "insert into thread_context (post_id, uri) values ($1, $2) on conflict (post_id) do update set uri = excluded.uri",
    )
    .bind(post)
    .bind(uri)
    .execute()
    .await?;
    Ok(())
}

/// What these posts say of where their threads are kept, those that say something.
pub async fn of(session: &mut impl Session, posts: &[PostId]) -> Result<Vec<Context>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query("select post_id, uri from thread_context where post_id in (select value from json_each($1))")
        .bind(numbers(posts.iter().map(|id| id.get())))
        .all()
        .await
}

/// The posts of a thread that anybody may read, in the order they were written, those after this one. What somebody wrote who
/// is suspended is not there.
pub async fn open_posts(
    session: &mut impl Session,
    root: PostId,
    after: i64,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where root_id = $1 and id > $2 and visibility in ('public', 'unlisted')
                and deleted_at is null and removed_at is null
                and not exists (select 1 from actor a where a.id = post.author_id and a.suspended_at is not null)
            order by id limit $3",
        )
        .bind(root)
        .bind(after)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

crate::row! {
    /// How many there are.
    pub struct Total {
        /// The number.
        pub count: i64,
    }
}

/// How many there are of these.
pub async fn count_open(session: &mut impl Session, root: PostId) -> Result<i64, Error> {
    let total: Total = session
        .query(
            "select count(*) as count from post where root_id = $1 and visibility in ('public', 'unlisted')
                and deleted_at is null and removed_at is null
                and not exists (select 1 from actor a where a.id = post.author_id and a.suspended_at is not null)",
        )
        .bind(root)
        .one()
        .await?;
    Ok(total.count)
}
