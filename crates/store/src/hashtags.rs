//! Hashtags as the node's staff see them, and what they decided about some.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::trends::Trend;
use alongside_domain::clock::Timestamp;
use alongside_domain::hashtag::Hashtag;

crate::row! {
    /// What was decided about a hashtag.
    pub struct Decided {
        /// The tag, folded.
        pub tag: String,
        /// It is found by search.
        pub listable: bool,
        /// It is shown to those who look around.
        pub trendable: bool,
        /// Members of this node may write it.
        pub usable: bool,
    }
}

impl From<&Decided> for Hashtag {
    fn from(decided: &Decided) -> Self {
        Self { listable: decided.listable, trendable: decided.trendable, usable: decided.usable }
    }
}

/// What was decided about those of these hashtags that anything was decided about.
pub async fn decided(session: &mut impl Session, tags: &[String]) -> Result<Vec<Decided>, Error> {
    if tags.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select tag, listable, trendable, usable from hashtag
            where tag in (select atom from json_tree($1) where atom is not null)",
        )
        .bind(&tags.to_vec())
        .all()
        .await
}

/// Keeps what is decided about a hashtag, in place of what was before.
pub async fn put(tx: &mut Tx, tag: &str, decision: Hashtag, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into hashtag (tag, listable, trendable, usable, decided_at) values ($1, $2, $3, $4, $5)
        on conflict (tag) do update set listable = excluded.listable, trendable = excluded.trendable,
            usable = excluded.usable, decided_at = excluded.decided_at",
    )
    .bind(tag)
    .bind(decision.listable)
    .bind(decision.trendable)
    .bind(decision.usable)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Whether a hashtag is in a public post, or anything was decided about it.
pub async fn is_known(session: &mut impl Session, tag: &str) -> Result<bool, Error> {
    let found: Option<Trend> = session
        .query(
            "select tag from hashtag where tag = $1
            union all select t.tag from post_tag t join post p on p.id = t.post_id
            where t.tag = $1 and p.visibility = 'public' and p.deleted_at is null and p.removed_at is null limit 1",
        )
        .bind(tag)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// The hashtags behind this one, in their order, that are in a public post or that anything was decided about. The
/// index leads from each to the next, however often each was used.
pub async fn after(session: &mut impl Session, after: &str, limit: i64) -> Result<Vec<String>, Error> {
    let found: Vec<Trend> = session
        .query(
            "with recursive used (tag) as (
                select min(tag) from post_tag where tag > $1
                union all select (select min(t.tag) from post_tag t where t.tag > u.tag) from used u
                where u.tag is not null
            )
            select n.tag from (
                select w.tag from (select u.tag from used u where u.tag is not null and exists (
                    select 1 from post_tag t join post p on p.id = t.post_id where t.tag = u.tag
                        and p.visibility = 'public' and p.deleted_at is null and p.removed_at is null) limit $2) w
                union select d.tag from (select tag from hashtag where tag > $1 order by tag limit $2) d
            ) n order by n.tag limit $2",
        )
        .bind(after)
        .bind(limit)
        .all()
        .await?;
    Ok(found.into_iter().map(|found| found.tag).collect())
}
