//! The walls of communities elsewhere (FEP-400e): lists on which others hang what they write.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::id::CommunityId;

crate::row! {
    /// A wall of a community.
    pub struct Wall {
        /// Its address.
        pub uri: String,
        /// Whose it is.
        pub community_id: CommunityId,
        /// It holds the answers, and not the threads.
        pub comments: bool,
    }
}

/// The walls of these communities.
pub async fn of(session: &mut impl Session, communities: &[CommunityId]) -> Result<Vec<Wall>, Error> {
    if communities.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select uri, community_id, comments from wall
            where community_id in (select value from json_each($1)) order by uri",
        )
        .bind(numbers(communities.iter().map(|community| community.get())))
        .all()
        .await
}

/// The wall at this address.
pub async fn find(session: &mut impl Session, uri: &str) -> Result<Option<Wall>, Error> {
    session.query("select uri, community_id, comments from wall where uri = $1").bind(uri).optional().await
}

/// Keeps these walls of a community in place of those known before.
pub async fn replace(tx: &mut Tx, community: CommunityId, walls: &[Wall]) -> Result<(), Error> {
    tx.touching(&[]).query("delete from wall where community_id = $1").bind(community).execute().await?;
    for wall in walls {
        tx.touching(&[])
            .query(
                "insert into wall (uri, community_id, comments) values ($1, $2, $3)
                on conflict (uri) do update set community_id = excluded.community_id, comments = excluded.comments",
            )
            .bind(&wall.uri)
            .bind(wall.community_id)
            .bind(wall.comments)
            .execute()
            .await?;
    }
    Ok(())
}
