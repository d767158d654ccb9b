//! What two people are to each other, as one of them sees it.

use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;

crate::row! {
    /// What somebody is to a member.
    pub struct Relationship {
        /// Who.
        pub id: ActorId,
        /// The member follows them.
        pub following: bool,
        /// With their boosts.
        pub showing_boosts: bool,
        /// And is told of each post.
        pub notifying: bool,
        /// In these languages alone; in any, where there are none.
        pub languages: Vec<String>,
        /// The member would like to follow them, and waits.
        pub requested: bool,
        /// They follow the member.
        pub followed_by: bool,
        /// They would like to, and wait.
        pub requested_by: bool,
        /// The member blocks them.
        pub blocking: bool,
        /// They block the member.
        pub blocked_by: bool,
        /// The member mutes them.
        pub muting: bool,
        /// And is told nothing of them.
        pub muting_notifications: bool,
        /// Until when, if the mute ends.
        pub muting_expires_at: Option<Timestamp>,
        /// The member blocks the host they live on.
        pub host_blocking: bool,
        /// The member recommends them.
        pub endorsed: bool,
        /// What the member noted about them.
        pub note: String,
    }
}

/// What each of these is to a member.
pub async fn of(
    session: &mut impl Session,
    member: ActorId,
    targets: &[ActorId],
    now: Timestamp,
) -> Result<Vec<Relationship>, Error> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select a.id,
                coalesce(o.accepted, false) as following,
                coalesce(o.accepted and o.show_boosts, false) as showing_boosts,
                coalesce(o.accepted and o.notify, false) as notifying,
                case when o.accepted then o.languages else '[]' end as languages,
                coalesce(not o.accepted, false) as requested,
                coalesce(i.accepted, false) as followed_by,
                coalesce(not i.accepted, false) as requested_by,
                exists (select 1 from block b where b.actor_id = $1 and b.target_id = a.id) as blocking,
                exists (select 1 from block b where b.actor_id = a.id and b.target_id = $1) as blocked_by,
                m.id is not null as muting,
                coalesce(m.notifications, false) as muting_notifications,
                m.expires_at as muting_expires_at,
                exists (select 1 from member_host_block h where h.member_id = $1 and h.host = a.host) as host_blocking,
                exists (select 1 from endorsement e where e.member_id = $1 and e.target_id = a.id) as endorsed,
                coalesce(n.text, '') as note
            from actor a
            left join follow o on o.follower_id = $1 and o.target_id = a.id
            left join follow i on i.follower_id = a.id and i.target_id = $1
            left join mute m on m.member_id = $1 and m.target_id = a.id and (m.expires_at is null or m.expires_at > $3)
            left join private_note n on n.member_id = $1 and n.target_id = a.id
            where a.id in (select value from json_each($2)) order by a.id",
        )
        .bind(member)
        .bind(numbers(targets.iter().map(|target| target.get())))
        .bind(now)
        .all()
        .await
}
