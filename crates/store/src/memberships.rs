//! Who is in a community and in which role, as the community's members see each other, and what each community is
//! to one member.

use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId};

crate::row! {
    /// Somebody in a community.
    pub struct Membership {
        /// Who.
        pub actor_id: ActorId,
        /// `owner` or `moderator`, if they look after it.
        pub role: Option<String>,
    }
}

/// Whose memberships are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Everybody's; else those of whoever looks after the community, and this member's own.
    pub everybody: bool,
    /// Who asks.
    pub member: ActorId,
    /// Those in this role alone.
    pub role: Option<WantedRole>,
}

/// A role that memberships are asked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedRole {
    /// Whoever opened it.
    Owner,
    /// The others who look after it.
    Steward,
    /// Those who do not.
    Member,
}

impl WantedRole {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Steward => "moderator",
            Self::Member => "",
        }
    }
}

/// Those in a community who are there, by their ids.
pub async fn page(
    session: &mut impl Session,
    id: CommunityId,
    wanted: Wanted,
    page: &Page,
) -> Result<Vec<Membership>, Error> {
    let rows = session
        .query(
            "select a.id as actor_id, r.role from (
                select follower_id as id from follow where target_id = $1 and accepted
                union select actor_id as id from community_role where community_id = $1) m
            join actor a on a.id = m.id left join community_role r on r.community_id = $1 and r.actor_id = a.id
            where ($3 or r.role is not null or a.id = $2) and (not $4 or coalesce(r.role, '') = $5)
                and a.id < $6 and a.id > $7 and a.deleted_at is null and a.suspended_at is null
            order by a.id * $9 limit $8",
        )
        .bind(id)
        .bind(wanted.member)
        .bind(wanted.everybody)
        .bind(wanted.role.is_some())
        .bind(wanted.role.map_or("", WantedRole::as_str))
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

crate::row! {
    /// What a community is to a member.
    pub struct Tie {
        /// Which.
        pub id: ActorId,
        /// They are in it.
        pub member: bool,
        /// They would like to be, and wait.
        pub requested: bool,
        /// They are told of each thread.
        pub notifying: bool,
        /// They do not see it for now.
        pub muting: bool,
        /// They were sent out, and the time is not over.
        pub banned: bool,
        /// `owner` or `moderator`, if they look after it.
        pub role: Option<String>,
        /// It lives here.
        pub local: bool,
        /// Somebody waits to be let in.
        pub somebody_waits: bool,
    }
}

/// What each of these is to a member, as far as they are communities.
pub async fn ties(
    session: &mut impl Session,
    member: ActorId,
    ids: &[ActorId],
    now: Timestamp,
) -> Result<Vec<Tie>, Error> {
    session
        .query(
            "select a.id, coalesce(f.accepted, false) as member, coalesce(not f.accepted, false) as requested,
                coalesce(f.accepted and f.notify, false) as notifying,
                exists (select 1 from mute m where m.member_id = $1 and m.target_id = a.id
                    and (m.expires_at is null or m.expires_at > $3)) as muting,
                exists (select 1 from community_ban b where b.community_id = a.id and b.actor_id = $1
                    and (b.expires_at is null or b.expires_at > $3)) as banned,
                r.role, a.host = '' as local,
                exists (select 1 from follow w where w.target_id = a.id and not w.accepted) as somebody_waits
            from community c join actor a on a.id = c.actor_id
            left join follow f on f.follower_id = $1 and f.target_id = a.id
            left join community_role r on r.community_id = a.id and r.actor_id = $1
            where a.id in (select value from json_each($2)) and a.deleted_at is null and a.suspended_at is null
            order by a.id",
        )
        .bind(member)
        .bind(numbers(ids.iter().map(|id| id.get())))
        .bind(now)
        .all()
        .await
}

crate::row! {
    /// Who opened a community.
    pub struct Owner {
        /// Which.
        pub community_id: ActorId,
        /// Who.
        pub actor_id: ActorId,
    }
}

/// Who opened each of these communities, where that is known.
pub async fn owners(session: &mut impl Session, ids: &[ActorId]) -> Result<Vec<Owner>, Error> {
    session
        .query(
            "select community_id, actor_id from community_role
            where role = 'owner' and community_id in (select value from json_each($1))
            order by community_id, created_at",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}
