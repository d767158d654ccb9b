//! Members' own lists, and who is in them.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::id::{ActorId, ListId, MemberId};
use alongside_domain::list::List;

impl Row for List {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            title: columns.get("title")?,
            replies_policy: columns.get("replies_policy")?,
            exclusive: columns.get("exclusive")?,
        })
    }
}

/// The lists of a member, oldest first.
pub async fn of_member(session: &mut impl Session, member: MemberId) -> Result<Vec<List>, Error> {
    session
        .query("select id, title, replies_policy, exclusive from list where member_id = $1 order by id")
        .bind(member)
        .all()
        .await
}

/// The list with this id, if it is the member's.
pub async fn find(session: &mut impl Session, member: MemberId, id: ListId) -> Result<Option<List>, Error> {
    session
        .query("select id, title, replies_policy, exclusive from list where id = $1 and member_id = $2")
        .bind(id)
        .bind(member)
        .optional()
        .await
}

/// The lists of a member that somebody is in.
pub async fn with(session: &mut impl Session, member: MemberId, actor: ActorId) -> Result<Vec<List>, Error> {
    session
        .query(
            "select l.id, l.title, l.replies_policy, l.exclusive from list l join list_entry e on e.list_id = l.id
            where l.member_id = $1 and e.actor_id = $2 order by l.id",
        )
        .bind(member)
        .bind(actor)
        .all()
        .await
}

/// Writes a list, new or changed. The caller has seen that it is the member's.
pub async fn put(tx: &mut Tx, member: MemberId, list: &List) -> Result<(), Error> {
    tx.query(
        "insert into list (id, member_id, title, replies_policy, exclusive) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set title = excluded.title, replies_policy = excluded.replies_policy,
            exclusive = excluded.exclusive",
    )
    .bind(list.id)
    .bind(member)
    .bind(&list.title)
    .bind(list.replies_policy)
    .bind(list.exclusive)
    .execute()
    .await?;
    Ok(())
}

/// Forgets a list.
pub async fn remove(tx: &mut Tx, id: ListId) -> Result<(), Error> {
    tx.query("delete from list_entry where list_id = $1").bind(id).execute().await?;
    tx.query("delete from list where id = $1").bind(id).execute().await?;
    Ok(())
}

/// Puts somebody into a list; false if they are in it.
pub async fn add(tx: &mut Tx, id: ListId, actor: ActorId) -> Result<bool, Error> {
    let added = tx
        .query("insert into list_entry (list_id, actor_id) values ($1, $2) on conflict (list_id, actor_id) do nothing")
        .bind(id)
        .bind(actor)
        .execute()
        .await?;
    Ok(added > 0)
}

/// Takes somebody out of a list.
pub async fn take_out(tx: &mut Tx, id: ListId, actor: ActorId) -> Result<(), Error> {
    tx.query("delete from list_entry where list_id = $1 and actor_id = $2")
        .bind(id)
        .bind(actor)
        .execute()
        .await?;
    Ok(())
}

/// Takes somebody out of every list of a member, because they are not followed any more.
pub async fn take_out_of_all(tx: &mut Tx, member: MemberId, actor: ActorId) -> Result<(), Error> {
    tx.query("delete from list_entry where actor_id = $2 and list_id in (select id from list where member_id = $1)")
        .bind(member)
        .bind(actor)
        .execute()
        .await?;
    Ok(())
}

crate::row! {
    /// Somebody in a list.
    pub struct Listed {
        /// Who.
        pub actor_id: ActorId,
    }
}

/// Who is in a list and still there, by their ids, below one.
pub async fn actors(
    session: &mut impl Session,
    id: ListId,
    below: i64,
    limit: i64,
) -> Result<Vec<ActorId>, Error> {
    let listed: Vec<Listed> = session
        .query(
            "select e.actor_id from list_entry e join actor a on a.id = e.actor_id
            where e.list_id = $1 and e.actor_id < $2 and a.deleted_at is null and a.suspended_at is null
            order by e.actor_id desc limit $3",
        )
        .bind(id)
        .bind(below)
        .bind(limit)
        .all()
        .await?;
    Ok(listed.into_iter().map(|listed| listed.actor_id).collect())
}
