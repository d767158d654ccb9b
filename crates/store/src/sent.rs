//! Where the words of a post went, and whoever heard of somebody here: so that a deletion can follow.

use crate::engine::Tx;
use crate::error::Error;
use crate::follows::Inbox;
use crate::session::{Session, Sql};
use alongside_domain::id::{ActorId, PostId};

crate::row! {
    /// An inbox that is known already.
    pub struct Known {
        /// Its address.
        pub inbox: String,
    }
}

/// Which of these inboxes have a number already. Until the transaction ends they keep it.
pub async fn known(tx: &mut Tx, inboxes: &[String]) -> Result<Vec<Known>, Error> {
    tx.query(KNOWN).bind(&inboxes.to_vec()).all().await
}

/// SQLite has one writer. On PostgreSQL [`sweep`] may be looking for numbers that nobody needs.
const KNOWN: Sql = Sql {
    sqlite: "select inbox from destination where inbox in (select atom from json_tree($1))",
    postgres: "select inbox from destination where inbox in (select atom from json_tree($1)) for key share",
};

/// Gives an inbox a number.
pub async fn learn(tx: &mut Tx, id: i64, host: &str, inbox: &str) -> Result<(), Error> {
    tx.query("insert into destination (id, host, inbox) values ($1, $2, $3) on conflict (inbox) do nothing")
        .bind(id)
        .bind(host)
        .bind(inbox)
        .execute()
        .await?;
    Ok(())
}

/// Notes that the words of a post go to these inboxes.
pub async fn note_words(tx: &mut Tx, post: PostId, inboxes: &[String]) -> Result<(), Error> {
    tx.query(
        "insert into sent (post_id, destination_id) select $1, d.id from destination d
            where d.inbox in (select atom from json_tree($2))
        on conflict (post_id, destination_id) do nothing",
    )
    .bind(post)
    .bind(&inboxes.to_vec())
    .execute()
    .await?;
    Ok(())
}

/// Notes that these inboxes hear of somebody here.
pub async fn note_actor(tx: &mut Tx, actor: ActorId, inboxes: &[String]) -> Result<(), Error> {
    tx.query(
        "insert into heard (actor_id, destination_id) select $1, d.id from destination d
            where d.inbox in (select atom from json_tree($2))
        on conflict (actor_id, destination_id) do nothing",
    )
    .bind(actor)
    .bind(&inboxes.to_vec())
    .execute()
    .await?;
    Ok(())
}

/// Where the words of a post went.
pub async fn of_post(session: &mut impl Session, post: PostId) -> Result<Vec<Inbox>, Error> {
    session
        .query(
            "select d.host, d.inbox, h.software from sent s join destination d on d.id = s.destination_id
            left join host h on h.name = d.host
            where s.post_id = $1 order by d.host, d.inbox",
        )
        .bind(post)
        .all()
        .await
}

/// Where anything of an actor went.
pub async fn of_actor(session: &mut impl Session, actor: ActorId) -> Result<Vec<Inbox>, Error> {
    session
        .query(
            "select d.host, d.inbox, h.software from heard s join destination d on d.id = s.destination_id
            left join host h on h.name = d.host
            where s.actor_id = $1 order by d.host, d.inbox",
        )
        .bind(actor)
        .all()
        .await
}

/// Forgets where the words of a post went, once every host was told that they are gone.
pub async fn forget_post(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    tx.query("delete from sent where post_id = $1").bind(post).execute().await?;
    Ok(())
}

/// The same for everything of an actor.
pub async fn forget_actor(tx: &mut Tx, actor: ActorId) -> Result<(), Error> {
    for statement in [
        "delete from sent where post_id in (select id from post where author_id = $1)",
        "delete from heard where actor_id = $1",
    ] {
        tx.query(statement).bind(actor).execute().await?;
    }
    Ok(())
}

/// Forgets the numbers of inboxes that nothing is remembered of any more, some at a time; how many there were.
pub async fn sweep(tx: &mut Tx, limit: i64) -> Result<u64, Error> {
    tx.query(
        "delete from destination where id in (select d.id from destination d
            where not exists (select 1 from heard h where h.destination_id = d.id)
                and not exists (select 1 from sent s where s.destination_id = d.id) limit $1)",
    )
    .bind(limit)
    .execute()
    .await
}
