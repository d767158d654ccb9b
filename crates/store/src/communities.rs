//! Communities: their settings, who looks after them, and who somebody is to them.

use crate::actors::Id;
use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::actor::ActorKind;
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Community;
use alongside_domain::id::{ActorId, CommunityId};

impl Row for Community {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get::<i64>("id")?.into(),
            audience: columns.get("audience")?,
            join_policy: columns.get("join_policy")?,
            indexable: columns.get("indexable")?,
            safeguarding_contact: columns.get("safeguarding_contact")?,
            local: columns.get::<String>("host")?.is_empty(),
        })
    }
}

crate::row! {
    /// Somebody who looks after a community.
    pub struct Steward {
        /// Who.
        pub actor_id: ActorId,
        /// `owner` or `moderator`.
        pub role: String,
        /// Since when.
        pub created_at: Timestamp,
    }
}

/// The settings of a community.
pub async fn find(session: &mut impl Session, id: ActorId) -> Result<Option<Community>, Error> {
    session
        .query(
            "select a.id, c.audience, c.join_policy, c.indexable, c.safeguarding_contact, a.host
            from community c join actor a on a.id = c.actor_id where c.actor_id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// Which of these actors are communities, with their settings.
pub async fn among(session: &mut impl Session, ids: &[ActorId]) -> Result<Vec<Community>, Error> {
    session
        .query(
            "select a.id, c.audience, c.join_policy, c.indexable, c.safeguarding_contact, a.host
            from community c join actor a on a.id = c.actor_id
            where c.actor_id in (select value from json_each($1)) order by a.id",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// The communities of this node, oldest first.
pub async fn local(session: &mut impl Session, limit: i64) -> Result<Vec<Community>, Error> {
    session
        .query(
            "select a.id, c.audience, c.join_policy, c.indexable, c.safeguarding_contact, a.host
            from community c join actor a on a.id = c.actor_id
            where a.host = '' and a.deleted_at is null order by a.id limit $1",
        )
        .bind(limit)
        .all()
        .await
}

/// The communities of another host that are known here.
pub async fn at(session: &mut impl Session, host: &str, limit: i64) -> Result<Vec<Community>, Error> {
    session
        .query(
            "select a.id, c.audience, c.join_policy, c.indexable, c.safeguarding_contact, a.host
            from community c join actor a on a.id = c.actor_id where a.host = $1 order by a.id limit $2",
        )
        .bind(host)
        .bind(limit)
        .all()
        .await
}

crate::row! {
    /// A community that somebody joined.
    pub struct Joined {
        /// Which.
        pub actor_id: ActorId,
        /// The name it goes by.
        pub name: String,
    }
}

/// The communities that somebody joined, here and elsewhere, by their names.
pub async fn joined(session: &mut impl Session, actor: ActorId, limit: i64) -> Result<Vec<Joined>, Error> {
    session
        .query(
            "select a.id as actor_id, a.name from follow f join actor a on a.id = f.target_id
            where f.follower_id = $1 and f.accepted and a.kind = $2 and a.deleted_at is null
                and a.suspended_at is null
            order by a.name_folded, a.id limit $3",
        )
        .bind(actor)
        .bind(ActorKind::Group)
        .bind(limit)
        .all()
        .await
}

/// One community, if somebody joined it.
pub async fn joined_one(
    session: &mut impl Session,
    actor: ActorId,
    id: ActorId,
) -> Result<Option<Joined>, Error> {
    session
        .query(
            "select a.id as actor_id, a.name from follow f join actor a on a.id = f.target_id
            where f.follower_id = $1 and f.target_id = $2 and f.accepted and a.kind = $3
                and a.deleted_at is null and a.suspended_at is null",
        )
        .bind(actor)
        .bind(id)
        .bind(ActorKind::Group)
        .optional()
        .await
}

/// Writes the settings of a community, new or changed.
pub async fn put(tx: &mut Tx, community: &Community) -> Result<(), Error> {
    tx.query(
        "insert into community (actor_id, audience, join_policy, indexable, safeguarding_contact)
        values ($1, $2, $3, $4, $5)
        on conflict (actor_id) do update set audience = excluded.audience, join_policy = excluded.join_policy,
            indexable = excluded.indexable, safeguarding_contact = excluded.safeguarding_contact",
    )
    .bind(community.id)
    .bind(community.audience)
    .bind(community.join_policy)
    .bind(community.indexable)
    .bind(community.safeguarding_contact.clone())
    .execute()
    .await?;
    Ok(())
}

/// What a community asks of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guidance {
    /// Its rules, the first one first.
    pub rules: Vec<String>,
    /// When somebody looks after it, in words.
    pub staffed_hours: String,
}

impl Row for Guidance {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        let rules: String = columns.get("rules")?;
        let rules = serde_json::from_str(&rules)
            .map_err(|error| Error::Inconsistent { column: "rules", reason: error.to_string() })?;
        Ok(Self { rules, staffed_hours: columns.get("staffed_hours")? })
    }
}

/// What a community asks of its members.
pub async fn guidance(session: &mut impl Session, id: CommunityId) -> Result<Guidance, Error> {
    session.query("select rules, staffed_hours from community where actor_id = $1").bind(id).one().await
}

/// Keeps what a community asks of its members.
pub async fn set_guidance(
    tx: &mut Tx,
    id: CommunityId,
    rules: &[String],
    staffed_hours: &str,
) -> Result<(), Error> {
    tx.query("update community set rules = $2, staffed_hours = $3 where actor_id = $1")
        .bind(id)
        .bind(&rules.to_vec())
        .bind(staffed_hours)
        .execute()
        .await?;
    Ok(())
}

/// Makes somebody look after a community.
pub async fn appoint(
    tx: &mut Tx,
    id: CommunityId,
    actor: ActorId,
    role: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "insert into community_role (community_id, actor_id, role, created_at) values ($1, $2, $3, $4)
        on conflict (community_id, actor_id) do update set role = excluded.role",
    )
    .bind(id)
    .bind(actor)
    .bind(role)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Those who look after a community, the longest-serving first.
pub async fn stewards(session: &mut impl Session, id: CommunityId) -> Result<Vec<Steward>, Error> {
    session
        .query(
            "select actor_id, role, created_at from community_role where community_id = $1
            order by created_at, actor_id",
        )
        .bind(id)
        .all()
        .await
}

crate::row! {
    /// The addresses of a community's lists.
    pub struct Lists {
        /// What it shows first.
        pub featured: Option<String>,
        /// Who looks after it.
        pub moderators: Option<String>,
    }
}

/// The addresses of a community's lists, as its document has them.
pub async fn lists(session: &mut impl Session, id: CommunityId) -> Result<Lists, Error> {
    session.query("select featured, moderators from actor where id = $1").bind(id).one().await
}

/// Ends that somebody looks after a community; false if they did not.
pub async fn dismiss(tx: &mut Tx, id: CommunityId, actor: ActorId) -> Result<bool, Error> {
    let dismissed = tx
        .query("delete from community_role where community_id = $1 and actor_id = $2")
        .bind(id)
        .bind(actor)
        .execute()
        .await?;
    Ok(dismissed > 0)
}

/// In which role somebody looks after a community, if they do.
pub async fn steward(
    session: &mut impl Session,
    id: CommunityId,
    actor: ActorId,
) -> Result<Option<Steward>, Error> {
    session
        .query(
            "select actor_id, role, created_at from community_role where community_id = $1 and actor_id = $2",
        )
        .bind(id)
        .bind(actor)
        .optional()
        .await
}

crate::row! {
    /// Who somebody is to a community.
    pub struct Standing {
        /// They look after it.
        pub steward: bool,
        /// They are accepted members, by following it.
        pub member: bool,
        /// They were sent out and the time is not over.
        pub banned: bool,
    }
}

/// Who somebody is to a community.
pub async fn standing(
    session: &mut impl Session,
    id: CommunityId,
    actor: ActorId,
    now: Timestamp,
) -> Result<Standing, Error> {
    session
        .query(
            "select
                exists (select 1 from community_role where community_id = $1 and actor_id = $2) as steward,
                exists (select 1 from follow where target_id = $1 and follower_id = $2 and accepted) as member,
                exists (select 1 from community_ban where community_id = $1 and actor_id = $2
                    and (expires_at is null or expires_at > $3)) as banned",
        )
        .bind(id)
        .bind(actor)
        .bind(now)
        .one()
        .await
}

/// The communities that somebody looks after.
pub async fn looked_after_by(session: &mut impl Session, actor: ActorId) -> Result<Vec<CommunityId>, Error> {
    let rows: Vec<Id> = session
        .query("select community_id as id from community_role where actor_id = $1 order by community_id")
        .bind(actor)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| CommunityId::of(row.id)).collect())
}

/// Whether somebody elsewhere is an accepted member of a community who lives where addresses begin like this.
pub async fn has_member_at(
    session: &mut impl Session,
    id: CommunityId,
    origin: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query(
            "select a.id from follow f join actor a on a.id = f.follower_id
            where f.target_id = $1 and f.accepted and a.host <> '' and a.deleted_at is null
                and a.suspended_at is null and substr(a.uri, 1, length($2)) = $2
                and not exists (select 1 from community_ban b where b.community_id = $1
                    and b.actor_id = a.id and (b.expires_at is null or b.expires_at > $3))
            limit 1",
        )
        .bind(id)
        .bind(origin)
        .bind(now)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Whether somebody has written something in a community that is still there: for a community elsewhere the
/// only sign that they are a member.
pub async fn has_writer(session: &mut impl Session, id: CommunityId, actor: ActorId) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query(
            "select author_id as id from post where author_id = $2 and community_id = $1
                and deleted_at is null and removed_at is null limit 1",
        )
        .bind(id)
        .bind(actor)
        .optional()
        .await?;
    Ok(found.is_some())
}
