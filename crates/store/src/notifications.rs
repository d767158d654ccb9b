//! What members are told about.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MemberId, NotificationId, PostId};
use alongside_domain::notification::NotificationKind;

crate::row! {
    /// A member is told of something.
    pub struct Notice {
        /// Its id.
        pub id: NotificationId,
        /// Who is told.
        pub member_id: MemberId,
        /// Why.
        pub kind: NotificationKind,
        /// Who did it.
        pub from_id: ActorId,
        /// The post it is about.
        pub post_id: Option<PostId>,
        /// What it is about, so that nobody is told twice: the post, the follow, the report or the poll.
        pub subject_id: i64,
        /// When.
        pub at: Timestamp,
        /// It waits apart until the member lets whoever caused it through.
        pub apart: bool,
    }
}

crate::row! {
    /// Names a notification.
    pub struct Id {
        /// Its id.
        pub id: NotificationId,
    }
}

/// Tells a member; false if they were told already.
pub async fn insert(tx: &mut Tx, notice: &Notice) -> Result<bool, Error> {
    let told = tx
        .query(
        "insert into notification (id, member_id, kind, from_id, post_id, subject_id, at, apart)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (member_id, kind, from_id, subject_id) do nothing",
    )
    .bind(notice.id)
    .bind(notice.member_id)
    .bind(notice.kind)
    .bind(notice.from_id)
    .bind(notice.post_id)
    .bind(notice.subject_id)
    .bind(notice.at)
    .bind(notice.apart)
    .execute()
    .await?;
    Ok(told > 0)
}

/// Takes back what a member was told of something that was taken back.
pub async fn retract(tx: &mut Tx, kind: NotificationKind, from: ActorId, subject: i64) -> Result<(), Error> {
    tx.query("delete from notification where kind = $1 and from_id = $2 and subject_id = $3")
        .bind(kind)
        .bind(from)
        .bind(subject)
        .execute()
        .await?;
    Ok(())
}

/// Which notifications are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Of these kinds.
    pub kinds: &'a [NotificationKind],
    /// What somebody did.
    pub from: Option<ActorId>,
    /// About one post.
    pub post: Option<PostId>,
    /// Also what waits apart.
    pub waiting_too: bool,
}

impl<'a> Wanted<'a> {
    /// Everything of these kinds.
    pub const fn of(kinds: &'a [NotificationKind]) -> Self {
        Self { kinds, from: None, post: None, waiting_too: false }
    }
}

/// What a member is told, newest first: nothing from those they block or mute or who are gone, and
/// nothing about threads they mute or posts that are gone. Staff are told of newcomers whom nobody else sees yet.
pub async fn page(
    session: &mut impl Session,
    member: MemberId,
    wanted: &Wanted<'_>,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Notice>, Error> {
    // SQLite walks the index only as long as there are few conditions, so some are put into one.
    let statement = if page.is_upward() {
        "select n.id, n.member_id, n.kind, n.from_id, n.post_id, n.subject_id, n.at, n.apart
        from notification n join actor a on a.id = n.from_id left join post p on p.id = n.post_id
        where n.member_id = $1 and n.id < $2 and n.id > $3 and $4 like '% ' || n.kind || ' %'
            and ($7 < 0 or n.from_id = $7) and ($8 < 0 or n.post_id = $8) and ($9 or not n.apart)
            and coalesce(a.deleted_at, case when n.kind = 'admin.sign_up' then null else a.suspended_at end,
                p.deleted_at, p.removed_at) is null
            and not exists (select 1 from block b where b.actor_id = n.member_id and b.target_id = n.from_id)
            and not exists (select 1 from mute m where m.member_id = n.member_id and m.target_id = n.from_id
                and m.notifications and (m.expires_at is null or m.expires_at > $5))
            and not exists (select 1 from member_host_block h where h.member_id = n.member_id and h.host = a.host)
            and not exists (select 1 from thread_mute t where t.member_id = n.member_id and t.root_id = p.root_id)
        order by n.id limit $6"
    } else {
        "select n.id, n.member_id, n.kind, n.from_id, n.post_id, n.subject_id, n.at, n.apart
        from notification n join actor a on a.id = n.from_id left join post p on p.id = n.post_id
        where n.member_id = $1 and n.id < $2 and n.id > $3 and $4 like '% ' || n.kind || ' %'
            and ($7 < 0 or n.from_id = $7) and ($8 < 0 or n.post_id = $8) and ($9 or not n.apart)
            and coalesce(a.deleted_at, case when n.kind = 'admin.sign_up' then null else a.suspended_at end,
                p.deleted_at, p.removed_at) is null
            and not exists (select 1 from block b where b.actor_id = n.member_id and b.target_id = n.from_id)
            and not exists (select 1 from mute m where m.member_id = n.member_id and m.target_id = n.from_id
                and m.notifications and (m.expires_at is null or m.expires_at > $5))
            and not exists (select 1 from member_host_block h where h.member_id = n.member_id and h.host = a.host)
            and not exists (select 1 from thread_mute t where t.member_id = n.member_id and t.root_id = p.root_id)
        order by n.id desc limit $6"
    };
    let rows = session
        .query(statement)
        .bind(member)
        .bind(page.below())
        .bind(page.above())
        .bind(in_a_row(wanted.kinds))
        .bind(now)
        .bind(page.limit)
        .bind(wanted.from.map_or(-1, ActorId::get))
        .bind(wanted.post.map_or(-1, PostId::get))
        .bind(wanted.waiting_too)
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// One notification of a member, if [`page`] would give it.
pub async fn shown(
    session: &mut impl Session,
    member: MemberId,
    id: NotificationId,
    now: Timestamp,
) -> Result<Option<Notice>, Error> {
    let (above, below) = (id.get().saturating_sub(1), id.get().saturating_add(1));
    let alone = Page { max_id: Some(below), since_id: Some(above), ..Page::newest(1) };
    Ok(self::page(session, member, &Wanted::of(NotificationKind::ALL), &alone, now).await?.pop())
}

/// One notification of a member.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    id: NotificationId,
) -> Result<Option<Notice>, Error> {
    session
        .query(
            "select id, member_id, kind, from_id, post_id, subject_id, at, apart from notification
            where id = $1 and member_id = $2",
        )
        .bind(id)
        .bind(member)
        .optional()
        .await
}

/// Those of a member whose ids are no further than this from a number, newest first.
pub async fn around(
    session: &mut impl Session,
    member: MemberId,
    id: i64,
    distance: i64,
) -> Result<Vec<NotificationId>, Error> {
    let near: Vec<Id> = session
        .query("select id from notification where member_id = $1 and id >= $2 and id <= $3 order by id desc")
        .bind(member)
        .bind(id.saturating_sub(distance))
        .bind(id.saturating_add(distance))
        .all()
        .await?;
    Ok(near.into_iter().map(|near| near.id).collect())
}

/// Forgets one; false if the member has no such notice.
pub async fn dismiss(tx: &mut Tx, member: MemberId, id: NotificationId) -> Result<bool, Error> {
    let gone = tx
        .query("delete from notification where id = $1 and member_id = $2")
        .bind(id)
        .bind(member)
        .execute()
        .await?;
    Ok(gone > 0)
}

/// Forgets everything of one kind between two ids, about one post or (without it) about any; says how many.
pub async fn dismiss_alike(
    tx: &mut Tx,
    member: MemberId,
    kind: NotificationKind,
    post: Option<PostId>,
    above: i64,
    below: i64,
) -> Result<u64, Error> {
    tx.query(
        "delete from notification where member_id = $1 and kind = $2 and id > $3 and id < $4
            and ($5 < 0 or post_id = $5)",
    )
    .bind(member)
    .bind(kind)
    .bind(above)
    .bind(below)
    .bind(post.map_or(-1, PostId::get))
    .execute()
    .await
}

/// Forgets everything a member was told.
pub async fn clear(tx: &mut Tx, member: MemberId) -> Result<(), Error> {
    tx.query("delete from notification where member_id = $1").bind(member).execute().await?;
    Ok(())
}

/// Forgets everything a member was told of somebody.
pub async fn clear_from(tx: &mut Tx, member: MemberId, from: ActorId) -> Result<(), Error> {
    tx.query("delete from notification where member_id = $1 and from_id = $2")
        .bind(member)
        .bind(from)
        .execute()
        .await?;
    Ok(())
}

/// Forgets everything a member was told of whoever lives on a host.
pub async fn clear_from_host(tx: &mut Tx, member: MemberId, host: &str) -> Result<(), Error> {
    tx.query(
        "delete from notification where member_id = $1 and from_id in (select id from actor where host = $2)",
    )
    .bind(member)
    .bind(host)
    .execute()
    .await?;
    Ok(())
}

fn in_a_row(kinds: &[NotificationKind]) -> String {
    let mut row = String::from(" ");
    for kind in kinds {
        row.push_str(kind.as_str());
        row.push(' ');
    }
    row
}
