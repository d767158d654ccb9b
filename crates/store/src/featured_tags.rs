//! Hashtags that a member shows on their profile, and how often they used them in public.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, FeaturedTagId, MemberId};

crate::row! {
    /// A hashtag on a profile.
    pub struct FeaturedTag {
        /// Its id.
        pub id: FeaturedTagId,
        /// The tag, folded.
        pub tag: String,
        /// Public posts of the member with it.
        pub posts_count: i64,
        /// The last of them.
        pub last_at: Option<Timestamp>,
    }
}

/// Shows a hashtag on a profile; it may be there already.
pub async fn add(tx: &mut Tx, member: MemberId, id: FeaturedTagId, tag: &str) -> Result<(), Error> {
    tx.query(
        "insert into featured_tag (id, member_id, tag) values ($1, $2, $3) on conflict (member_id, tag) do nothing",
    )
    .bind(id)
    .bind(member)
    .bind(tag)
    .execute()
    .await?;
    Ok(())
}

/// Takes a hashtag off a profile; false if it is not there.
pub async fn remove(tx: &mut Tx, member: MemberId, id: FeaturedTagId) -> Result<bool, Error> {
    let sql = "delete from featured_tag where member_id = $1 and id = $2";
    Ok(tx.query(sql).bind(member).bind(id).execute().await? > 0)
}

/// The hashtags on a profile, in the order they came there.
pub async fn of_member(session: &mut impl Session, member: ActorId) -> Result<Vec<FeaturedTag>, Error> {
    session
        .query(
            "select f.id, f.tag, count(p.id) as posts_count, max(p.published_at) as last_at
            from featured_tag f
            left join post p on p.author_id = f.member_id and p.deleted_at is null and p.removed_at is null
                and p.visibility in ('public', 'unlisted')
                and exists (select 1 from post_tag t where t.post_id = p.id and t.tag = f.tag)
            where f.member_id = $1 group by f.id, f.tag order by f.id",
        )
        .bind(member)
        .all()
        .await
}

crate::row! {
    /// A hashtag.
    pub struct Used {
        /// The tag, folded.
        pub tag: String,
    }
}

/// The hashtags that a member used most in public since a moment, without those on their profile.
pub async fn used(
    session: &mut impl Session,
    member: MemberId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let used: Vec<Used> = session
        .query(
            "select t.tag from post p join post_tag t on t.post_id = p.id
            where p.author_id = $1 and p.published_at >= $2 and p.deleted_at is null and p.removed_at is null
                and p.visibility in ('public', 'unlisted')
                and t.tag not in (select tag from featured_tag where member_id = $1)
            group by t.tag order by count(*) desc, t.tag limit $3",
        )
        .bind(member)
        .bind(since)
        .bind(limit)
        .all()
        .await?;
    Ok(used.into_iter().map(|used| used.tag).collect())
}
