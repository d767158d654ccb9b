//! Hashtags that a member follows.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::id::MemberId;

crate::row! {
    /// A hashtag that is followed.
    pub struct TagFollow {
        /// The tag, folded.
        pub tag: String,
    }
}

/// Follows a hashtag.
pub async fn add(tx: &mut Tx, member: MemberId, tag: &str) -> Result<(), Error> {
    tx.query(
        "insert into tag_follow (member_id, tag) values ($1, $2) on conflict (member_id, tag) do nothing",
    )
    .bind(member)
    .bind(tag)
    .execute()
    .await?;
    Ok(())
}

/// Follows a hashtag no more.
pub async fn remove(tx: &mut Tx, member: MemberId, tag: &str) -> Result<(), Error> {
    tx.query("delete from tag_follow where member_id = $1 and tag = $2")
        .bind(member)
        .bind(tag)
        .execute()
        .await?;
    Ok(())
}

/// Whether a member follows a hashtag.
pub async fn exists(session: &mut impl Session, member: MemberId, tag: &str) -> Result<bool, Error> {
    let found: Option<TagFollow> = session
        .query("select tag from tag_follow where member_id = $1 and tag = $2")
        .bind(member)
        .bind(tag)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// The hashtags a member follows, by name, after one.
pub async fn after(
    session: &mut impl Session,
    member: MemberId,
    tag: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let follows: Vec<TagFollow> = session
        .query("select tag from tag_follow where member_id = $1 and tag > $2 order by tag limit $3")
        .bind(member)
        .bind(tag)
        .bind(limit)
        .all()
        .await?;
    Ok(follows.into_iter().map(|follow| follow.tag).collect())
}
