//! Polls, their choices, and who chose what.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PollId, PostId};
use alongside_domain::poll::{Choice, Poll};

crate::row! {
    /// A poll without its choices.
    pub struct Head {
        /// Its id.
        pub id: PollId,
        /// The post it belongs to.
        pub post_id: PostId,
        /// More than one choice may be taken.
        pub multiple: bool,
        /// The counts are shown at the end only.
        pub hide_totals: bool,
        /// When it closes.
        pub closes_at: Option<Timestamp>,
        /// When those who took part were told.
        pub ended_at: Option<Timestamp>,
        /// How many voted.
        pub voters_count: i64,
    }
}

crate::row! {
    /// A choice and its poll.
    pub struct OptionRow {
        /// The poll.
        pub poll_id: PollId,
        /// What it says.
        pub title: String,
        /// How many took it.
        pub votes_count: i64,
    }
}

crate::row! {
    /// A choice somebody made.
    pub struct Vote {
        /// In which poll.
        pub poll_id: PollId,
        /// Which of its choices.
        pub position: i64,
    }
}

/// The polls with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[PollId]) -> Result<Vec<Poll>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = numbers(ids.iter().map(|id| id.get()));
    let heads: Vec<Head> = session
        .query(
            "select id, post_id, multiple, hide_totals, closes_at, ended_at, voters_count from poll
            where id in (select value from json_each($1))",
        )
        .bind(&ids)
        .all()
        .await?;
    let options: Vec<OptionRow> = session
        .query(
            "select poll_id, title, votes_count from poll_option
            where poll_id in (select value from json_each($1)) order by poll_id, position",
        )
        .bind(&ids)
        .all()
        .await?;
    Ok(heads.iter().map(|head| whole(head, &options)).collect())
}

/// The poll with this id.
pub async fn find(session: &mut impl Session, id: PollId) -> Result<Option<Poll>, Error> {
    Ok(find_all(session, &[id]).await?.pop())
}

/// Writes a new poll with its choices.
pub async fn insert(tx: &mut Tx, poll: &Poll) -> Result<(), Error> {
    tx.query(
        "insert into poll (id, post_id, multiple, hide_totals, closes_at, voters_count) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(poll.id)
    .bind(poll.post)
    .bind(poll.multiple)
    .bind(poll.hide_totals)
    .bind(poll.closes_at)
    .bind(poll.voters_count)
    .execute()
    .await?;
    put_choices(tx, poll.id, &poll.choices).await
}

/// Forgets a poll and every vote in it, before its post gets another or none.
pub async fn remove(tx: &mut Tx, id: PollId) -> Result<(), Error> {
    tx.query("delete from poll_vote where poll_id = $1").bind(id).execute().await?;
    tx.query("delete from poll_option where poll_id = $1").bind(id).execute().await?;
    tx.query("delete from poll where id = $1").bind(id).execute().await?;
    Ok(())
}

/// Writes how a poll from elsewhere stands there.
pub async fn update_remote(tx: &mut Tx, poll: &Poll) -> Result<(), Error> {
    tx.query("update poll set closes_at = $2, voters_count = $3 where id = $1")
        .bind(poll.id)
        .bind(poll.closes_at)
        .bind(poll.voters_count)
        .execute()
        .await?;
    put_choices(tx, poll.id, &poll.choices).await
}

/// Holds a poll, so that until the transaction ends nobody else votes in it.
pub async fn hold(tx: &mut Tx, id: PollId) -> Result<(), Error> {
    tx.query("update poll set voters_count = voters_count where id = $1").bind(id).execute().await?;
    Ok(())
}

/// What somebody chose in these polls.
pub async fn votes_of(
    session: &mut impl Session,
    actor: ActorId,
    polls: &[PollId],
) -> Result<Vec<Vote>, Error> {
    if polls.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select poll_id, position from poll_vote
            where actor_id = $1 and poll_id in (select value from json_each($2)) order by poll_id, at, position",
        )
        .bind(actor)
        .bind(numbers(polls.iter().map(|poll| poll.get())))
        .all()
        .await
}

/// Counts one choice of somebody; false if it was counted before.
pub async fn vote(
    tx: &mut Tx,
    poll: PollId,
    actor: ActorId,
    position: i64,
    now: Timestamp,
) -> Result<bool, Error> {
    let counted = tx
        .query(
            "insert into poll_vote (poll_id, actor_id, position, at) values ($1, $2, $3, $4)
            on conflict (poll_id, actor_id, position) do nothing",
        )
        .bind(poll)
        .bind(actor)
        .bind(position)
        .bind(now)
        .execute()
        .await?;
    if counted == 0 {
        return Ok(false);
    }
    tx.query("update poll_option set votes_count = votes_count + 1 where poll_id = $1 and position = $2")
        .bind(poll)
        .bind(position)
        .execute()
        .await?;
    Ok(true)
}

/// Counts somebody who voted for the first time.
pub async fn count_voter(tx: &mut Tx, poll: PollId) -> Result<(), Error> {
    tx.query("update poll set voters_count = voters_count + 1 where id = $1").bind(poll).execute().await?;
    Ok(())
}

crate::row! {
    /// Somebody who voted.
    pub struct Voter {
        /// Who.
        pub actor_id: ActorId,
    }
}

/// The members here who voted.
pub async fn voters_here(session: &mut impl Session, poll: PollId) -> Result<Vec<ActorId>, Error> {
    let voters: Vec<Voter> = session
        .query(
            "select distinct v.actor_id from poll_vote v join member m on m.actor_id = v.actor_id
            where v.poll_id = $1 order by v.actor_id",
        )
        .bind(poll)
        .all()
        .await?;
    Ok(voters.into_iter().map(|voter| voter.actor_id).collect())
}

/// Notes that a poll has ended; false if that was noted before.
pub async fn end(tx: &mut Tx, id: PollId, now: Timestamp) -> Result<bool, Error> {
    let ended = tx
        .query("update poll set ended_at = $2 where id = $1 and ended_at is null")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(ended > 0)
}

async fn put_choices(tx: &mut Tx, poll: PollId, choices: &[Choice]) -> Result<(), Error> {
    for (position, choice) in (0_i64..).zip(choices) {
        tx.query(
            "insert into poll_option (poll_id, position, title, votes_count) values ($1, $2, $3, $4)
            on conflict (poll_id, position) do update set title = excluded.title, votes_count = excluded.votes_count",
        )
        .bind(poll)
        .bind(position)
        .bind(&choice.title)
        .bind(choice.votes_count)
        .execute()
        .await?;
    }
    Ok(())
}

fn whole(head: &Head, options: &[OptionRow]) -> Poll {
    let own = options.iter().filter(|option| option.poll_id == head.id);
    Poll {
        id: head.id,
        post: head.post_id,
        multiple: head.multiple,
        hide_totals: head.hide_totals,
        closes_at: head.closes_at,
        ended_at: head.ended_at,
        voters_count: head.voters_count,
        choices: own
            .map(|option| Choice { title: option.title.clone(), votes_count: option.votes_count })
            .collect(),
    }
}
