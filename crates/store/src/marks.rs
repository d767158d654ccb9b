//! What a member did with the posts of a page: reacted, boosted, kept, pinned, muted.

use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::id::{ActorId, PostId};

crate::row! {
    /// What a member did with a post.
    pub struct Marks {
        /// The post.
        pub post_id: PostId,
        /// They reacted to it.
        pub reacted: bool,
        /// They boosted it.
        pub boosted: bool,
        /// They keep it for later.
        pub bookmarked: bool,
        /// It stands first on their profile.
        pub pinned: bool,
        /// They want to hear nothing more of its thread.
        pub muted: bool,
    }
}

/// What a member did with each of these posts.
pub async fn of(session: &mut impl Session, member: ActorId, posts: &[PostId]) -> Result<Vec<Marks>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select p.id as post_id,
                exists (select 1 from reaction where post_id = p.id and actor_id = $1) as reacted,
                exists (select 1 from entry where actor_id = $1 and post_id = p.id and boost) as boosted,
                exists (select 1 from bookmark where member_id = $1 and post_id = p.id) as bookmarked,
                exists (select 1 from pin where actor_id = $1 and post_id = p.id) as pinned,
                exists (select 1 from thread_mute where member_id = $1 and root_id = p.root_id) as muted
            from post p where p.id in (select value from json_each($2))",
        )
        .bind(member)
        .bind(numbers(posts.iter().map(|post| post.get())))
        .all()
        .await
}
