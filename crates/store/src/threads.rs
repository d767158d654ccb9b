//! Threads: what stands above a post and below it, and who somebody is to the posts of a page.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::{Session, Sql};
use crate::value::numbers;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::post::Post;
use std::collections::BTreeMap;

/// What a post answers, and what that answers, the beginning of the thread first.
pub async fn above(session: &mut impl Session, id: PostId, limit: i64) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "with recursive above (id, parent, depth) as (
                select id, reply_to_id, 0 from post where id = $1
                union all select p.id, p.reply_to_id, a.depth + 1 from post p join above a on p.id = a.parent
                where a.depth < $2
            )
            select id from above where depth > 0 order by depth desc",
        )
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

crate::row! {
    /// A post that answers another.
    pub struct Answer {
        /// Its id.
        pub id: PostId,
        /// What it answers.
        pub parent: PostId,
    }
}

/// The answers to a post and the answers to these, branch by branch: each stands behind what it answers, and answers to
/// the same post in the order they were written. So Mastodon has it, and clients show them as they come.
pub async fn below(session: &mut impl Session, id: PostId, limit: i64) -> Result<Vec<PostId>, Error> {
    let answers: Vec<Answer> = session
        .query(
            "with recursive below (id, parent) as (
                select id, reply_to_id from post where reply_to_id = $1
                union select p.id, p.reply_to_id from post p join below b on p.reply_to_id = b.id
            )
            select id, parent from below order by id limit $2",
        )
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    Ok(by_branches(id, &answers))
}

fn by_branches(top: PostId, answers: &[Answer]) -> Vec<PostId> {
    let mut waiting: BTreeMap<PostId, Vec<PostId>> = BTreeMap::new();
    // The newest first: the last of a list is taken first.
    for answer in answers.iter().rev() {
        waiting.entry(answer.parent).or_default().push(answer.id);
    }
    let mut ordered = Vec::with_capacity(answers.len());
    let mut next = waiting.remove(&top).unwrap_or_default();
    while let Some(id) = next.pop() {
        ordered.push(id);
        next.append(&mut waiting.remove(&id).unwrap_or_default());
    }
    ordered
}

/// Holds these addresses until the transaction ends, so that a post and what answers it do not miss each
/// other, nor one post comes twice.
pub async fn hold(tx: &mut Tx, uris: &[&str]) -> Result<(), Error> {
    let mut uris = uris.to_vec();
    // Whoever holds several takes them in the same order.
    uris.sort_unstable();
    for uri in uris {
        tx.query(HOLD).bind(uri).execute().await?;
    }
    Ok(())
}

/// SQLite has one writer at a time, who holds everything.
const HOLD: Sql =
    Sql { sqlite: "select $1", postgres: "select pg_advisory_xact_lock(hashtextextended($1, 0))" };

/// Gives replies that came before what they answer their place in the thread; how many of them anybody may
/// read. What says that it answers something that answers it finds no place: threads do not go in circles.
pub async fn adopt(tx: &mut Tx, parent: &Post) -> Result<i64, Error> {
    // Mostly there are none; where there are, they may be on any page.
    let adopted: Vec<Adopted> = tx
        .touching(&[])
        .query(
            "update post set reply_to_id = $2, reply_to_author_id = $3
            where reply_to_uri = $1 and reply_to_id is null and id not in (
                with recursive above (id, parent) as (
                    select id, reply_to_id from post where id = $2
                    union select p.id, p.reply_to_id from post p join above a on p.id = a.parent
                )
                select id from above
            )
            returning visibility in ('public', 'unlisted') and deleted_at is null as counts",
        )
        .bind(&parent.uri)
        .bind(parent.id)
        .bind(parent.author)
        .all()
        .await?;
    if !adopted.is_empty() {
        tx.touching_everything()
            .query(
                "with recursive below (id) as (
                select id from post where reply_to_id = $1
                union select p.id from post p join below b on p.reply_to_id = b.id
            )
            update post set root_id = $2 where id in (select id from below)",
            )
            .bind(parent.id)
            .bind(parent.root)
            .execute()
            .await?;
    }
    let counted = adopted.iter().filter(|reply| reply.counts).count();
    Ok(i64::try_from(counted).unwrap_or(i64::MAX))
}

crate::row! {
    /// A reply that found what it answers.
    pub struct Adopted {
        /// It is there, and anybody may read it.
        pub counts: bool,
    }
}

/// The direct answers to a post that anybody may read, oldest first, without those of whoever is suspended.
pub async fn open_replies(
    session: &mut impl Session,
    id: PostId,
    above: i64,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where reply_to_id = $1 and id > $2 and visibility in ('public', 'unlisted')
                and deleted_at is null and removed_at is null
                and not exists (select 1 from actor a where a.id = post.author_id and a.suspended_at is not null)
            order by id limit $3",
        )
        .bind(id)
        .bind(above)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

crate::row! {
    /// Who somebody is to a post. The policy makes of it what they may do.
    pub struct Ties {
        /// The post.
        pub post_id: PostId,
        /// They follow its author.
        pub follows_author: bool,
        /// They are accepted members of its community.
        pub is_member: bool,
        /// They look after its community.
        pub is_steward: bool,
        /// They were sent out of its community.
        pub is_banned: bool,
        /// They are named in it.
        pub is_named: bool,
        /// Its author has blocked them.
        pub is_blocked: bool,
        /// They have blocked its author.
        pub has_blocked: bool,
    }
}

impl Ties {
    /// Of somebody who is nothing to a post.
    pub const fn none(post: PostId) -> Self {
        Self {
            post_id: post,
            follows_author: false,
            is_member: false,
            is_steward: false,
            is_banned: false,
            is_named: false,
            is_blocked: false,
            has_blocked: false,
        }
    }
}

/// Who somebody is to each of these posts.
pub async fn ties(
    session: &mut impl Session,
    viewer: ActorId,
    posts: &[PostId],
    now: alongside_domain::clock::Timestamp,
) -> Result<Vec<Ties>, Error> {
    session
        .query(
            "select p.id as post_id,
                exists (select 1 from follow where follower_id = $1 and target_id = p.author_id and accepted)
                    as follows_author,
                exists (select 1 from follow where follower_id = $1 and target_id = p.community_id and accepted)
                    as is_member,
                exists (select 1 from community_role where actor_id = $1 and community_id = p.community_id) as is_steward,
                exists (select 1 from community_ban where actor_id = $1 and community_id = p.community_id
                    and (expires_at is null or expires_at > $3)) as is_banned,
                exists (select 1 from post_mention where actor_id = $1 and post_id = p.id) as is_named,
                exists (select 1 from block where actor_id = p.author_id and target_id = $1) as is_blocked,
                exists (select 1 from block where actor_id = $1 and target_id = p.author_id) as has_blocked
            from post p where p.id in (select value from json_each($2))",
        )
        .bind(viewer)
        .bind(numbers(posts.iter().map(|id| id.get())))
        .bind(now)
        .all()
        .await
}

crate::row! {
    /// A post that somebody at another node may read, because they are members of its community.
    pub struct HomeOfMember {
        /// The post.
        pub post_id: PostId,
    }
}

/// Of these posts those whose community has an accepted member who lives where addresses begin like this, or
/// lives there itself.
pub async fn at_home_of_members(
    session: &mut impl Session,
    origin: &str,
    posts: &[PostId],
    now: alongside_domain::clock::Timestamp,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<HomeOfMember> = session
        .query(
            "select p.id as post_id from post p join actor c on c.id = p.community_id
            where p.id in (select value from json_each($2)) and (substr(c.uri, 1, length($1)) = $1
                or exists (select 1 from follow f join actor a on a.id = f.follower_id
                    where f.target_id = p.community_id and f.accepted and a.host <> '' and a.deleted_at is null
                        and a.suspended_at is null and substr(a.uri, 1, length($1)) = $1
                        and not exists (select 1 from community_ban b where b.community_id = p.community_id
                            and b.actor_id = a.id and (b.expires_at is null or b.expires_at > $3))))",
        )
        .bind(origin)
        .bind(numbers(posts.iter().map(|id| id.get())))
        .bind(now)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.post_id).collect())
}

/// The same of those that are for the members of its community.
pub async fn members_replies(
    session: &mut impl Session,
    post: &Post,
    above: i64,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where reply_to_id = $1 and id > $2 and visibility = 'members' and community_id = $3
                and deleted_at is null and removed_at is null
                and not exists (select 1 from actor a where a.id = post.author_id and a.suspended_at is not null)
            order by id limit $4",
        )
        .bind(post.id)
        .bind(above)
        .bind(post.community)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether somebody has written in a thread.
pub async fn has_written_in(
    session: &mut impl Session,
    author: ActorId,
    root: PostId,
) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query("select id from post where root_id = $2 and author_id = $1 limit 1")
        .bind(author)
        .bind(root)
        .optional()
        .await?;
    Ok(found.is_some())
}
