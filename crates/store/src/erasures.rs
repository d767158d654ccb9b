//! Words that somebody here took back everywhere, and what each host answered.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::{ActorId, DeliveryId, ErasureId, PostId};

crate::row! {
    /// Words that were taken back.
    pub struct Erasure {
        /// Its id.
        pub id: ErasureId,
        /// Whose they were.
        pub actor_id: ActorId,
        /// The post; none, where all of theirs went.
        pub post_id: Option<PostId>,
        /// The address that is gone.
        pub uri: String,
        /// When.
        pub at: Timestamp,
        /// When it was worked out which hosts to tell.
        pub told_at: Option<Timestamp>,
    }
}

/// Begins an erasure. A post is erased once.
pub async fn insert(tx: &mut Tx, erasure: &Erasure) -> Result<(), Error> {
    tx.query(
        "insert into erasure (id, actor_id, post_id, uri, at) values ($1, $2, $3, $4, $5)
        on conflict (post_id) do nothing",
    )
    .bind(erasure.id)
    .bind(erasure.actor_id)
    .bind(erasure.post_id)
    .bind(&erasure.uri)
    .bind(erasure.at)
    .execute()
    .await?;
    Ok(())
}

/// The erasure of a post.
pub async fn of_post(session: &mut impl Session, post: PostId) -> Result<Option<Erasure>, Error> {
    session
        .query("select id, actor_id, post_id, uri, at, told_at from erasure where post_id = $1")
        .bind(post)
        .optional()
        .await
}

/// The newest erasures of posts of an actor.
pub async fn newest_of(
    session: &mut impl Session,
    actor: ActorId,
    limit: i64,
) -> Result<Vec<Erasure>, Error> {
    session
        .query(
            "select id, actor_id, post_id, uri, at, told_at from erasure
            where actor_id = $1 and post_id is not null order by id desc limit $2",
        )
        .bind(actor)
        .bind(limit)
        .all()
        .await
}

/// The erasure of everything of an actor.
pub async fn of_actor(session: &mut impl Session, actor: ActorId) -> Result<Option<Erasure>, Error> {
    session
        .query(
            "select id, actor_id, post_id, uri, at, told_at from erasure
            where actor_id = $1 and post_id is null order by id desc limit 1",
        )
        .bind(actor)
        .optional()
        .await
}

/// Notes that it was worked out which hosts to tell.
pub async fn told(tx: &mut Tx, id: ErasureId, now: Timestamp) -> Result<(), Error> {
    tx.query("update erasure set told_at = $2 where id = $1 and told_at is null")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Notes that one more delivery of it is on its way to a host.
pub async fn expect(tx: &mut Tx, id: ErasureId, host: &str, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into receipt (erasure_id, host, open, state, at) values ($1, $2, 1, $3, $4)
        on conflict (erasure_id, host) do update set open = receipt.open + 1",
    )
    .bind(id)
    .bind(host)
    .bind(ReceiptState::Waiting)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Notes that a host is not told, because nobody here talks with it.
pub async fn cancelled(tx: &mut Tx, id: ErasureId, host: &str, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into receipt (erasure_id, host, open, state, at) values ($1, $2, 0, $3, $4)
        on conflict (erasure_id, host) do nothing",
    )
    .bind(id)
    .bind(host)
    .bind(ReceiptState::Cancelled)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Notes how a delivery of it ended. A host that took one of several has taken it; it has refused when
/// there is nothing left that it could take.
pub async fn answered(
    tx: &mut Tx,
    id: ErasureId,
    host: &str,
    end: ReceiptState,
    answer: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "update receipt set open = case when open > 0 then open - 1 else 0 end,
            answer = case when state = 'arrived' then answer else $4 end,
            at = case when state = 'arrived' then at else $5 end,
            state = case when state = 'arrived' or (open > 1 and $3 <> 'arrived') then state else $3 end
        where erasure_id = $1 and host = $2",
    )
    .bind(id)
    .bind(host)
    .bind(end)
    .bind(answer)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Notes that what waits for a host, or what waits since before an id was made, never will arrive.
pub async fn close_host(
    tx: &mut Tx,
    host: &str,
    before: Option<DeliveryId>,
    end: ReceiptState,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "update receipt set open = 0, state = $3, at = $4 where host = $1 and state = 'waiting' and erasure_id in (
            select d.erasure_id from delivery d where d.host = $1 and d.erasure_id is not null
                and d.id < coalesce($2, 9223372036854775807))",
    )
    .bind(host)
    .bind(before)
    .bind(end)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

crate::row! {
    /// What a host answered.
    pub struct Receipt {
        /// Which.
        pub host: String,
        /// What became of it there.
        pub state: ReceiptState,
        /// In its words, or ours.
        pub answer: Option<String>,
        /// When it came to that.
        pub at: Timestamp,
        /// When it is next tried, where it still waits.
        pub next_at: Option<Timestamp>,
        /// Why it still waits, where that is known.
        pub last_error: Option<String>,
    }
}

/// What the hosts answered, by their names.
pub async fn receipts(
    session: &mut impl Session,
    id: ErasureId,
    after: &str,
    limit: i64,
) -> Result<Vec<Receipt>, Error> {
    session
        .query(
            "select r.host, r.state, r.answer, r.at,
                case when r.state = 'waiting' then h.next_at end as next_at,
                case when r.state = 'waiting' then h.last_error end as last_error
            from receipt r left join host h on h.name = r.host
            where r.erasure_id = $1 and r.host > $2 order by r.host limit $3",
        )
        .bind(id)
        .bind(after)
        .bind(limit)
        .all()
        .await
}

crate::row! {
    /// A host that has not taken the deletion.
    pub struct Holdout {
        /// Which.
        pub host: String,
        /// What became of it there.
        pub state: ReceiptState,
    }
}

/// The hosts that have not taken a deletion, by their names.
pub async fn holdouts(session: &mut impl Session, id: ErasureId, limit: i64) -> Result<Vec<Holdout>, Error> {
    session
        .query(
            "select host, state from receipt where erasure_id = $1 and state <> 'arrived' order by host limit $2",
        )
        .bind(id)
        .bind(limit)
        .all()
        .await
}

crate::row! {
    /// How many hosts answered the same.
    pub struct Count {
        /// What became of it.
        pub state: ReceiptState,
        /// On how many.
        pub count: i64,
    }
}

/// How many hosts answered what.
pub async fn counts(session: &mut impl Session, id: ErasureId) -> Result<Vec<Count>, Error> {
    session
        .query(
            "select state, count(*) as count from receipt where erasure_id = $1 group by state order by state",
        )
        .bind(id)
        .all()
        .await
}

/// Forgets erasures from before a moment that no host is still told of, some at a time; how many there were.
pub async fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.query(
        "delete from receipt where erasure_id in (select e.id from erasure e where e.at < $1
            and not exists (select 1 from receipt r where r.erasure_id = e.id and r.state = 'waiting')
            order by e.at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await?;
    tx.query(
        "delete from erasure where id in (select e.id from erasure e where e.at < $1 and e.told_at is not null
            and not exists (select 1 from receipt r where r.erasure_id = e.id) order by e.at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
