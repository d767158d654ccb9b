//! How large the node is, from the counts that are kept anyway, and how much happens here week by week.

use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::first_at;

crate::row! {
    /// How large the node is.
    pub struct Statistics {
        /// Members of this node, without those who are hidden.
        pub members: i64,
        /// Those of them who have written since some moment.
        pub active: i64,
        /// Posts and replies written here that anybody may read.
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
            from actor a join member m on m.actor_id = a.id
            where a.host = '' and a.deleted_at is null and a.suspended_at is null",
        )
        .bind(active_since)
        .one()
        .await
}

crate::row! {
    /// What members wrote in a week that anybody may read.
    pub struct Written {
        /// Which week, counted from the first that is asked for.
        pub week: i64,
        /// How many posts.
        pub posts: i64,
        /// By how many of them.
        pub authors: i64,
    }
}

/// What members wrote for anybody to read in each week since the first began; a week without any has no line. It takes a walk over all of
/// it.
pub async fn written(session: &mut impl Session, first: Timestamp) -> Result<Vec<Written>, Error> {
    session
        .query(
            "select (p.id - $1) / 39636172800000 as week, count(*) as posts, count(distinct p.author_id) as authors
            from member m join post p on p.author_id = m.actor_id
            where p.id >= $1 and p.deleted_at is null and p.removed_at is null
                and p.visibility in ('public', 'unlisted')
            group by week order by week",
        )
        .bind(first_at(first))
        .all()
        .await
}

crate::row! {
    /// Accounts that were opened in a week.
    pub struct Opened {
        /// Which week, counted from the first that is asked for.
        pub week: i64,
        /// How many.
        pub accounts: i64,
    }
}

/// Accounts that were opened in each week since the first began, and let in; a week without any has no line.
pub async fn opened(session: &mut impl Session, first: Timestamp) -> Result<Vec<Opened>, Error> {
    session
        .query(
            "select (id - $1) / 39636172800000 as week, count(*) as accounts
            from account where id >= $1 and approved_at is not null group by week order by week",
        )
        .bind(first_at(first))
        .all()
        .await
}
