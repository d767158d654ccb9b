//! Direct conversations, as each member sees them.

use crate::engine::Tx;
use crate::error::Error;
use crate::members;
use crate::page::Page;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, ConversationId, Ids, MemberId, PostId};
use alongside_domain::post::Post;

crate::row! {
    /// A conversation.
    pub struct Conversation {
        /// Its id, for this member.
        pub id: ConversationId,
        /// Whose view this is.
        pub member_id: MemberId,
        /// The post it began with.
        pub root_id: PostId,
        /// The newest post in it.
        pub last_post_id: PostId,
        /// There is something new in it.
        pub unread: bool,
    }
}

crate::row! {
    /// Somebody in a conversation.
    pub struct Participant {
        /// The newest post of the conversation.
        pub post_id: PostId,
        /// Who.
        pub actor_id: ActorId,
    }
}

/// Puts a post at the end of a member's conversation, which may begin with it.
async fn put(tx: &mut Tx, conversation: &Conversation) -> Result<(), Error> {
    tx.query(
        "insert into conversation (id, member_id, root_id, last_post_id, unread) values ($1, $2, $3, $4, $5)
        on conflict (member_id, root_id) do update set last_post_id = excluded.last_post_id, unread = excluded.unread
        where conversation.last_post_id < excluded.last_post_id",
    )
    .bind(conversation.id)
    .bind(conversation.member_id)
    .bind(conversation.root_id)
    .bind(conversation.last_post_id)
    .bind(conversation.unread)
    .execute()
    .await?;
    Ok(())
}

/// Puts a direct post at the end of its conversation for its author and everybody it names who lives
/// here. It is new to all but the author.
pub async fn post_arrived(
    tx: &mut Tx,
    ids: &Ids,
    now: Timestamp,
    post: &Post,
    mentions: &[ActorId],
) -> Result<(), Error> {
    for person in std::iter::once(&post.author).chain(mentions) {
        if members::exists(tx, *person).await? {
            let conversation = Conversation {
                id: ids.next(now),
                member_id: MemberId::of(*person),
                root_id: post.root,
                last_post_id: post.id,
                unread: *person != post.author,
            };
            put(tx, &conversation).await?;
        }
    }
    Ok(())
}

/// Takes a post that is gone out of the conversations in which it stands last: the one before it stands there then, and
/// a conversation with nothing left in it ends.
pub async fn post_gone(tx: &mut Tx, post: &Post) -> Result<(), Error> {
    tx.query(
        "update conversation set last_post_id = coalesce((select max(p.id) from post p
            where p.root_id = $1 and p.id <> $2 and p.visibility = 'direct' and p.deleted_at is null
                and (p.author_id = conversation.member_id or exists (select 1 from post_mention m
                    where m.post_id = p.id and m.actor_id = conversation.member_id))), last_post_id)
        where root_id = $1 and last_post_id = $2",
    )
    .bind(post.root)
    .bind(post.id)
    .execute()
    .await?;
    tx.query("delete from conversation where root_id = $1 and last_post_id = $2")
        .bind(post.root)
        .bind(post.id)
        .execute()
        .await?;
    Ok(())
}

/// The conversations of a member, the one that was last written in first. A page is cut by that post's id.
pub async fn page(
    session: &mut impl Session,
    member: MemberId,
    page: &Page,
) -> Result<Vec<Conversation>, Error> {
    let statement = if page.is_upward() {
        "select c.id, c.member_id, c.root_id, c.last_post_id, c.unread
        from conversation c join post p on p.id = c.last_post_id
        where c.member_id = $1 and c.last_post_id < $2 and c.last_post_id > $3 and p.deleted_at is null
        order by c.last_post_id limit $4"
    } else {
        "select c.id, c.member_id, c.root_id, c.last_post_id, c.unread
        from conversation c join post p on p.id = c.last_post_id
        where c.member_id = $1 and c.last_post_id < $2 and c.last_post_id > $3 and p.deleted_at is null
        order by c.last_post_id desc limit $4"
    };
    let rows = session.query(statement).bind(member).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}

/// One conversation of a member.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    id: ConversationId,
) -> Result<Option<Conversation>, Error> {
    session
        .query(
            "select id, member_id, root_id, last_post_id, unread from conversation where id = $1 and member_id = $2",
        )
        .bind(id)
        .bind(member)
        .optional()
        .await
}

/// A member's conversation that began with this post.
pub async fn of_root(
    session: &mut impl Session,
    member: MemberId,
    root: PostId,
) -> Result<Option<Conversation>, Error> {
    session
        .query(
            "select id, member_id, root_id, last_post_id, unread from conversation
            where member_id = $1 and root_id = $2",
        )
        .bind(member)
        .bind(root)
        .optional()
        .await
}

/// Who wrote these posts and who is named in them, but for the member who asks.
pub async fn participants(
    session: &mut impl Session,
    member: MemberId,
    posts: &[PostId],
) -> Result<Vec<Participant>, Error> {
    session
        .query(
            "select p.id as post_id, p.author_id as actor_id from post p
            where p.id in (select value from json_each($1)) and p.author_id <> $2
            union
            select m.post_id, m.actor_id from post_mention m
            where m.post_id in (select value from json_each($1)) and m.actor_id <> $2
            order by post_id, actor_id",
        )
        .bind(numbers(posts.iter().map(|post| post.get())))
        .bind(member)
        .all()
        .await
}

/// Notes whether there is something in a conversation that a member has not read; false if there is none.
pub async fn mark(tx: &mut Tx, member: MemberId, id: ConversationId, unread: bool) -> Result<bool, Error> {
    let marked = tx
        .query("update conversation set unread = $3 where id = $1 and member_id = $2")
        .bind(id)
        .bind(member)
        .bind(unread)
        .execute()
        .await?;
    Ok(marked > 0)
}

/// Takes a conversation out of a member's view; false if there is none.
pub async fn remove(tx: &mut Tx, member: MemberId, id: ConversationId) -> Result<bool, Error> {
    let gone = tx
        .query("delete from conversation where id = $1 and member_id = $2")
        .bind(id)
        .bind(member)
        .execute()
        .await?;
    Ok(gone > 0)
}
