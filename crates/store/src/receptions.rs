//! Whose notifications wait apart: what members want, whom they let through, and those who wait.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MemberId, PostId};
use alongside_domain::reception::Reception;

impl Row for Reception {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            not_following: columns.get("not_following")?,
            not_followers: columns.get("not_followers")?,
            new_accounts: columns.get("new_accounts")?,
            private_mentions: columns.get("private_mentions")?,
            limited_accounts: columns.get("limited_accounts")?,
        })
    }
}

/// What a member wants, or what holds for everybody.
pub async fn of_member(session: &mut impl Session, member: MemberId) -> Result<Reception, Error> {
    let wanted: Option<Reception> = session
        .query(
            "select not_following, not_followers, new_accounts, private_mentions, limited_accounts
            from notification_policy where member_id = $1",
        )
        .bind(member)
        .optional()
        .await?;
    Ok(wanted.unwrap_or_default())
}

/// Keeps what a member wants.
pub async fn put(tx: &mut Tx, member: MemberId, wanted: Reception) -> Result<(), Error> {
    tx.query(
        "insert into notification_policy (member_id, not_following, not_followers, new_accounts, private_mentions,
            limited_accounts)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (member_id) do update set not_following = excluded.not_following,
            not_followers = excluded.not_followers, new_accounts = excluded.new_accounts,
            private_mentions = excluded.private_mentions, limited_accounts = excluded.limited_accounts",
    )
    .bind(member)
    .bind(wanted.not_following)
    .bind(wanted.not_followers)
    .bind(wanted.new_accounts)
    .bind(wanted.private_mentions)
    .bind(wanted.limited_accounts)
    .execute()
    .await?;
    Ok(())
}

crate::row! {
    /// What somebody is to a member whom they would notify.
    pub struct Circumstances {
        /// The member follows them.
        pub followed: bool,
        /// Since when they follow the member.
        pub follower_since: Option<Timestamp>,
        /// When they came.
        pub came_at: Timestamp,
        /// The member let them through before, or they look after this node.
        pub let_through: bool,
    }
}

/// What somebody is to a member whom they would notify.
pub async fn circumstances(
    session: &mut impl Session,
    member: MemberId,
    from: ActorId,
) -> Result<Option<Circumstances>, Error> {
    session
        .query(
            "select coalesce(o.accepted, false) as followed,
                case when i.accepted then i.at end as follower_since, a.created_at as came_at,
                exists (select 1 from notification_permission p where p.member_id = $1 and p.from_id = a.id)
                    or exists (select 1 from member m join account c on c.id = m.account_id
                        where m.actor_id = a.id and c.role <> 'member') as let_through
            from actor a
            left join follow o on o.follower_id = $1 and o.target_id = a.id
            left join follow i on i.follower_id = a.id and i.target_id = $1
            where a.id = $2",
        )
        .bind(member)
        .bind(from)
        .optional()
        .await
}

/// Lets somebody through of whom something waits: that is told, and whatever comes. Says how much waited.
pub async fn let_through(tx: &mut Tx, member: MemberId, from: ActorId) -> Result<u64, Error> {
    let waited = tx
        .query("update notification set apart = false where member_id = $1 and from_id = $2 and apart")
        .bind(member)
        .bind(from)
        .execute()
        .await?;
    if waited > 0 {
        tx.query(
            "insert into notification_permission (member_id, from_id) values ($1, $2)
            on conflict (member_id, from_id) do nothing",
        )
        .bind(member)
        .bind(from)
        .execute()
        .await?;
    }
    Ok(waited)
}

/// Forgets what waits of somebody. Says how much did.
pub async fn turn_away(tx: &mut Tx, member: MemberId, from: ActorId) -> Result<u64, Error> {
    tx.query("delete from notification where member_id = $1 and from_id = $2 and apart")
        .bind(member)
        .bind(from)
        .execute()
        .await
}

crate::row! {
    /// Somebody whose notifications wait.
    pub struct Waiting {
        /// Who.
        pub from_id: ActorId,
        /// How many.
        pub count: i64,
        /// When the first came.
        pub first_at: Timestamp,
        /// When the last came.
        pub last_at: Timestamp,
        /// The last one, which a list of them is cut by.
        pub last_id: i64,
        /// The newest post they are about.
        pub last_post_id: Option<PostId>,
    }
}

/// Those whose notifications wait, who came last first: not those a member blocks or mutes, or who are gone.
pub async fn waiting(
    session: &mut impl Session,
    member: MemberId,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Waiting>, Error> {
    let rows = session
        .query(
            "select n.from_id, count(*) as count, min(n.at) as first_at, max(n.at) as last_at, max(n.id) as last_id,
                max(n.post_id) as last_post_id
            from notification n join actor a on a.id = n.from_id
            where n.member_id = $1 and n.apart and a.deleted_at is null and a.suspended_at is null
                and not exists (select 1 from block b where b.actor_id = n.member_id and b.target_id = n.from_id)
                and not exists (select 1 from mute m where m.member_id = n.member_id and m.target_id = n.from_id
                    and m.notifications and (m.expires_at is null or m.expires_at > $5))
                and not exists (select 1 from member_host_block h where h.member_id = n.member_id and h.host = a.host)
            group by n.from_id having max(n.id) < $2 and max(n.id) > $3 order by max(n.id) * $6 limit $4",
        )
        .bind(member)
        .bind_page(page)
        .bind(now)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}
