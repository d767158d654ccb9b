//! How large the node is, from the counts that are kept anyway.

use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;

crate::row! {
    /// How large the node is.
    pub struct Statistics {
        /// Members of this node.
        pub members: i64,
        /// Those of them who have written since some moment.
        pub active: i64,
        /// Posts and replies written here.
        pub posts: i64,
        /// Nodes this one knows.
        pub hosts: i64,
    }
}

/// How large the node is, and who has written since a moment.
pub async fn read(session: &mut impl Session, active_since: Timestamp) -> Result<Statistics, Error> {
    session
        .query(
            "select count(*) as members,
                count(case when a.last_post_at >= $1 then 1 end) as active,
                cast(coalesce(sum(a.posts_count), 0) as bigint) as posts,
                (select count(*) from host) as hosts
            from actor a join member m on m.actor_id = a.id where a.host = '' and a.deleted_at is null",
        )
        .bind(active_since)
        .one()
        .await
}
