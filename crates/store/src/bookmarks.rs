//! Posts a member keeps for later. Only they know.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::id::{MemberId, PostId};

crate::row! {
    /// A post that is kept.
    pub struct Bookmark {
        /// Its place in the list.
        pub id: i64,
        /// The post.
        pub post_id: PostId,
    }
}

/// Keeps a post.
pub async fn add(tx: &mut Tx, id: i64, member: MemberId, post: PostId) -> Result<(), Error> {
    tx.query(
        "insert into bookmark (id, member_id, post_id) values ($1, $2, $3) on conflict (member_id, post_id) do nothing",
    )
    .bind(id)
    .bind(member)
    .bind(post)
    .execute()
    .await?;
    Ok(())
}

/// Keeps a post no more.
pub async fn remove(tx: &mut Tx, member: MemberId, post: PostId) -> Result<(), Error> {
    tx.query("delete from bookmark where member_id = $1 and post_id = $2")
        .bind(member)
        .bind(post)
        .execute()
        .await?;
    Ok(())
}

/// What a member keeps, what was kept last first.
pub async fn page(session: &mut impl Session, member: MemberId, page: &Page) -> Result<Vec<Bookmark>, Error> {
    let statement = if page.is_upward() {
        "select id, post_id from bookmark where member_id = $1 and id < $2 and id > $3 order by id limit $4"
    } else {
        "select id, post_id from bookmark where member_id = $1 and id < $2 and id > $3 order by id desc limit $4"
    };
    let rows = session.query(statement).bind(member).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}
