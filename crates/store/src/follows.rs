//! Follows. Following a community is being its member.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, FollowId};

crate::row! {
    /// One follows another, or would like to.
    pub struct Follow {
        /// Its id.
        pub id: FollowId,
        /// Who follows.
        pub follower_id: ActorId,
        /// Whom.
        pub target_id: ActorId,
        /// It was accepted.
        pub accepted: bool,
        /// Its address in the protocol.
        pub uri: String,
        /// Boosts are shown too.
        pub show_boosts: bool,
        /// The follower is told of each post.
        pub notify: bool,
        /// Since when.
        pub at: Timestamp,
    }
}

/// The follow with this id.
pub async fn find(session: &mut impl Session, id: FollowId) -> Result<Option<Follow>, Error> {
    session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// How one follows the other, if at all.
pub async fn between(
    session: &mut impl Session,
    follower: ActorId,
    target: ActorId,
) -> Result<Option<Follow>, Error> {
    session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where follower_id = $1 and target_id = $2",
        )
        .bind(follower)
        .bind(target)
        .optional()
        .await
}

/// The follow with this address in the protocol.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Follow>, Error> {
    session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow where uri = $1",
        )
        .bind(uri)
        .optional()
        .await
}

/// Writes a follow. One that is there already is left as it is, but for its address and wishes.
pub async fn put(tx: &mut Tx, follow: &Follow) -> Result<Follow, Error> {
    tx.query(
        "insert into follow (id, follower_id, target_id, accepted, uri, show_boosts, notify, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (follower_id, target_id) do update set uri = excluded.uri, show_boosts = excluded.show_boosts,
            notify = excluded.notify
        returning id, follower_id, target_id, accepted, uri, show_boosts, notify, at",
    )
    .bind(follow.id)
    .bind(follow.follower_id)
    .bind(follow.target_id)
    .bind(follow.accepted)
    .bind(&follow.uri)
    .bind(follow.show_boosts)
    .bind(follow.notify)
    .bind(follow.at)
    .one()
    .await
}

/// Keeps in which languages the follower reads whom they follow.
pub async fn read_in(tx: &mut Tx, id: FollowId, languages: &[String]) -> Result<(), Error> {
    tx.query("update follow set languages = $2 where id = $1")
        .bind(id)
        .bind(&languages.to_vec())
        .execute()
        .await?;
    Ok(())
}

/// Marks a follow as accepted; true if it was not before.
pub async fn accept(tx: &mut Tx, id: FollowId) -> Result<bool, Error> {
    Ok(tx
        .query("update follow set accepted = true where id = $1 and not accepted")
        .bind(id)
        .execute()
        .await?
        > 0)
}

/// Ends a follow; true if there was one.
pub async fn remove(tx: &mut Tx, id: FollowId) -> Result<bool, Error> {
    Ok(tx.query("delete from follow where id = $1").bind(id).execute().await? > 0)
}

crate::row! {
    /// Somebody who is followed.
    pub struct Followed {
        /// Who.
        pub target_id: ActorId,
    }
}

/// Everybody whose lines are on somebody's home timeline, beside their own.
pub async fn of_home(session: &mut impl Session, member: ActorId) -> Result<Vec<ActorId>, Error> {
    let rows: Vec<Followed> = session
        .query("select target_id from follow where follower_id = $1 and accepted")
        .bind(member)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.target_id).collect())
}

/// Keeps the counts that profiles show, after an accepted follow began (1) or ended (-1).
pub async fn count(tx: &mut Tx, follower: ActorId, target: ActorId, by: i64) -> Result<(), Error> {
    tx.query(
        "update actor set following_count = following_count + $2 where id = $1 and following_count + $2 >= 0",
    )
    .bind(follower)
    .bind(by)
    .execute()
    .await?;
    tx.query(
        "update actor set followers_count = followers_count + $2 where id = $1 and followers_count + $2 >= 0",
    )
    .bind(target)
    .bind(by)
    .execute()
    .await?;
    Ok(())
}

/// Those who wait to be accepted by somebody, newest first.
pub async fn requests(
    session: &mut impl Session,
    target: ActorId,
    page: &Page,
) -> Result<Vec<Follow>, Error> {
    let rows = session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where target_id = $1 and not accepted and id < $2 and id > $3 order by id * $5 limit $4",
        )
        .bind(target)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// Those whom an actor follows, newest first.
pub async fn following(
    session: &mut impl Session,
    follower: ActorId,
    page: &Page,
) -> Result<Vec<Follow>, Error> {
    let rows = session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where follower_id = $1 and accepted and id < $2 and id > $3 order by id * $5 limit $4",
        )
        .bind(follower)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// Those who follow an actor, newest first.
pub async fn followers(
    session: &mut impl Session,
    target: ActorId,
    page: &Page,
) -> Result<Vec<Follow>, Error> {
    let rows = session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where target_id = $1 and accepted and id < $2 and id > $3 order by id * $5 limit $4",
        )
        .bind(target)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

crate::row! {
    /// An inbox that reaches followers elsewhere.
    pub struct Inbox {
        /// The host.
        pub host: String,
        /// The inbox: the shared one where there is one.
        pub inbox: String,
        /// The software that runs there, where it is known.
        pub software: Option<String>,
    }
}

/// The inboxes that reach every follower elsewhere, each once.
pub async fn inboxes(session: &mut impl Session, target: ActorId) -> Result<Vec<Inbox>, Error> {
    session
        .query(
            "select distinct a.host, coalesce(a.shared_inbox, a.inbox) as inbox, h.software
            from follow f join actor a on a.id = f.follower_id left join host h on h.name = a.host
            where f.target_id = $1 and f.accepted and a.host <> '' and a.deleted_at is null
                and (h.policy is null or h.policy <> 'block')
            order by a.host, inbox",
        )
        .bind(target)
        .all()
        .await
}

crate::row! {
    /// A member to be told of a post.
    pub struct Follower {
        /// Who.
        pub follower_id: ActorId,
    }
}

/// The members here who asked to be told of each post of an actor; of those only who are in a community too,
/// where the post is for its members.
pub async fn to_be_told(
    session: &mut impl Session,
    target: ActorId,
    members_of: Option<CommunityId>,
) -> Result<Vec<Follower>, Error> {
    session
        .query(
            "select f.follower_id from follow f join member m on m.actor_id = f.follower_id
            where f.target_id = $1 and f.accepted and f.notify and exists (select 1 from follow c
                where c.follower_id = f.follower_id and c.target_id = coalesce($2, f.target_id) and c.accepted)",
        )
        .bind(target)
        .bind(members_of)
        .all()
        .await
}

crate::row! {
    /// A member who follows somebody, and how they wish to.
    pub struct Here {
        /// Who.
        pub follower_id: ActorId,
        /// Boosts are shown too.
        pub show_boosts: bool,
        /// They are told of each post.
        pub notify: bool,
        /// The languages in which they read it; any, where there are none.
        pub languages: Vec<String>,
    }
}

/// The members here who follow an actor, those who began first.
pub async fn here(session: &mut impl Session, target: ActorId, limit: i64) -> Result<Vec<Here>, Error> {
    session
        .query(
            "select f.follower_id, f.show_boosts, f.notify, f.languages
            from follow f join member m on m.actor_id = f.follower_id
            where f.target_id = $1 and f.accepted order by f.id limit $2",
        )
        .bind(target)
        .bind(limit)
        .all()
        .await
}

/// Whether anybody here follows an actor.
pub async fn is_followed_here(session: &mut impl Session, target: ActorId) -> Result<bool, Error> {
    let found: Option<Follower> = session
        .query(
            "select f.follower_id from follow f join member m on m.actor_id = f.follower_id
            where f.target_id = $1 and f.accepted limit 1",
        )
        .bind(target)
        .optional()
        .await?;
    Ok(found.is_some())
}

crate::row! {
    /// Somebody elsewhere who follows.
    pub struct Uri {
        /// Their address in the protocol.
        pub uri: String,
    }
}

/// The addresses of those who follow an actor and live where addresses begin like this, in a fixed order.
pub async fn accepted_of(
    session: &mut impl Session,
    target: ActorId,
    origin: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let rows: Vec<Uri> = session
        .query(
            "select a.uri from follow f join actor a on a.id = f.follower_id
            where f.target_id = $1 and f.accepted and a.deleted_at is null
                and substr(a.uri, 1, length($2)) = $2
            order by a.id limit $3",
        )
        .bind(target)
        .bind(origin)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.uri).collect())
}

/// The follows between a member and whoever lives on a host, asked for or accepted, both ways.
pub async fn with_host(
    session: &mut impl Session,
    member: ActorId,
    host: &str,
    limit: i64,
) -> Result<Vec<Follow>, Error> {
    session
        .query(
            "select f.id, f.follower_id, f.target_id, f.accepted, f.uri, f.show_boosts, f.notify, f.at
            from follow f join actor a on a.id = f.target_id where f.follower_id = $1 and a.host = $2
            union all select f.id, f.follower_id, f.target_id, f.accepted, f.uri, f.show_boosts, f.notify, f.at
            from follow f join actor a on a.id = f.follower_id where f.target_id = $1 and a.host = $2
            order by 1 limit $3",
        )
        .bind(member)
        .bind(host)
        .bind(limit)
        .all()
        .await
}

/// The follows of communities for members by those whose addresses begin like this, asked for or accepted.
pub async fn memberships_of(
    session: &mut impl Session,
    origin: &str,
    limit: i64,
) -> Result<Vec<Follow>, Error> {
    session
        .query(
            "select f.id, f.follower_id, f.target_id, f.accepted, f.uri, f.show_boosts, f.notify, f.at from follow f
            join actor a on a.id = f.follower_id join actor t on t.id = f.target_id
            join community c on c.actor_id = f.target_id
            where t.host = '' and c.audience = 'members' and a.host <> '' and substr(a.uri, 1, length($1)) = $1
            order by f.id limit $2",
        )
        .bind(origin)
        .bind(limit)
        .all()
        .await
}
