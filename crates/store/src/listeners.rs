//! What one post, or one person, is to each of the many who listen at this moment: the questions of a page,
//! asked the other way round, and one statement for all of them.

use crate::column::{Columns, Row};
use crate::error::Error;
use crate::marks::Marks;
use crate::session::Session;
use crate::threads::Ties;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, EntryId, ListId, PollId, PostId};

/// Who a viewer is to the post.
#[derive(Debug, Clone)]
pub struct ViewerTies {
    /// The viewer.
    pub viewer_id: ActorId,
    /// Who they are.
    pub ties: Ties,
}

impl Row for ViewerTies {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self { viewer_id: columns.get("viewer_id")?, ties: Ties::read(columns)? })
    }
}

/// Who each of these is to a post.
pub async fn ties(
    session: &mut impl Session,
    post: PostId,
    viewers: &[ActorId],
    now: Timestamp,
) -> Result<Vec<ViewerTies>, Error> {
    session
        .query(
            "select v.value as viewer_id, p.id as post_id,
                exists (select 1 from follow where follower_id = v.value and target_id = p.author_id and accepted)
                    as follows_author,
                exists (select 1 from follow where follower_id = v.value and target_id = p.community_id and accepted)
                    as is_member,
                exists (select 1 from community_role where actor_id = v.value and community_id = p.community_id)
                    as is_steward,
                exists (select 1 from community_ban where actor_id = v.value and community_id = p.community_id
                    and (expires_at is null or expires_at > $3)) as is_banned,
                exists (select 1 from post_mention where actor_id = v.value and post_id = p.id) as is_named,
                exists (select 1 from block where actor_id = p.author_id and target_id = v.value) as is_blocked,
                exists (select 1 from block where actor_id = v.value and target_id = p.author_id) as has_blocked
            from post p cross join json_each($2) v where p.id = $1",
        )
        .bind(post)
        .bind(ids(viewers))
        .bind(now)
        .all()
        .await
}

/// What a viewer did with the post.
#[derive(Debug, Clone)]
pub struct ViewerMarks {
    /// The viewer.
    pub viewer_id: ActorId,
    /// What they did.
    pub marks: Marks,
}

impl Row for ViewerMarks {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self { viewer_id: columns.get("viewer_id")?, marks: Marks::read(columns)? })
    }
}

/// What each of these did with a post.
pub async fn marks(
    session: &mut impl Session,
    post: PostId,
    viewers: &[ActorId],
) -> Result<Vec<ViewerMarks>, Error> {
    session
        .query(
            "select v.value as viewer_id, p.id as post_id,
                exists (select 1 from reaction where post_id = p.id and actor_id = v.value) as reacted,
                exists (select 1 from entry where actor_id = v.value and post_id = p.id and boost) as boosted,
                exists (select 1 from bookmark where member_id = v.value and post_id = p.id) as bookmarked,
                exists (select 1 from pin where actor_id = v.value and post_id = p.id) as pinned,
                exists (select 1 from thread_mute where member_id = v.value and root_id = p.root_id) as muted
            from post p cross join json_each($2) v where p.id = $1",
        )
        .bind(post)
        .bind(ids(viewers))
        .all()
        .await
}

crate::row! {
    /// What a viewer chose in a poll.
    pub struct ViewerVote {
        /// The viewer.
        pub viewer_id: ActorId,
        /// Which choice.
        pub position: i64,
    }
}

/// What each of these chose in a poll.
pub async fn votes(
    session: &mut impl Session,
    poll: PollId,
    viewers: &[ActorId],
) -> Result<Vec<ViewerVote>, Error> {
    session
        .query(
            "select actor_id as viewer_id, position from poll_vote
            where poll_id = $1 and actor_id in (select value from json_each($2)) order by actor_id, at, position",
        )
        .bind(poll)
        .bind(ids(viewers))
        .all()
        .await
}

crate::row! {
    /// How a viewer stands to somebody.
    pub struct Stance {
        /// The viewer.
        pub viewer_id: ActorId,
        /// They follow them.
        pub following: bool,
        /// They block or mute them, or block the host they live on.
        pub keeping_away: bool,
    }
}

/// How each of these stands to somebody.
pub async fn stances(
    session: &mut impl Session,
    person: ActorId,
    viewers: &[ActorId],
    now: Timestamp,
) -> Result<Vec<Stance>, Error> {
    session
        .query(
            "select v.value as viewer_id,
                exists (select 1 from follow where follower_id = v.value and target_id = a.id and accepted) as following,
                (exists (select 1 from block where actor_id = v.value and target_id = a.id)
                    or exists (select 1 from mute where member_id = v.value and target_id = a.id
                        and (expires_at is null or expires_at > $3))
                    or exists (select 1 from member_host_block where member_id = v.value and host = a.host))
                    as keeping_away
            from actor a cross join json_each($2) v where a.id = $1",
        )
        .bind(person)
        .bind(ids(viewers))
        .bind(now)
        .all()
        .await
}

crate::row! {
    /// A line that a viewer's home shows.
    pub struct HomeLine {
        /// The viewer.
        pub viewer_id: ActorId,
        /// The line.
        pub line_id: EntryId,
        /// It is a community's.
        pub by_community: bool,
    }
}

/// Which of these lines of a post the home of each of these shows, by the rules of a home timeline; none to whom
/// an earlier line has shown the post already. With no lines named: every line that a home shows.
pub async fn home_lines(
    session: &mut impl Session,
    post: PostId,
    lines: &[EntryId],
    viewers: &[ActorId],
    now: Timestamp,
) -> Result<Vec<HomeLine>, Error> {
    session
        .query(
            "with viewer (id) as (select value from json_each($1)),
            line (id, by_community, viewer_id) as (
                select e.id, e.by_community, w.id from entry e cross join viewer w
                where e.post_id = $2 and not e.community_reply and e.visibility <> 'direct'
                    and (e.visibility <> 'members' or e.by_community or e.actor_id = w.id)
                    and (e.actor_id = w.id or exists (select 1 from follow f where f.follower_id = w.id
                        and f.target_id = e.actor_id and f.accepted and (f.show_boosts or e.by_community or not e.boost)))
                    and (e.by_community or e.boost or e.reply_to_author_id is null or e.reply_to_author_id = w.id
                        or exists (select 1 from follow f where f.follower_id = w.id
                            and f.target_id = e.reply_to_author_id and f.accepted))
                    and not exists (select 1 from follow f join post p on p.id = e.post_id
                        where f.follower_id = w.id and f.target_id = e.actor_id and f.languages <> '[]'
                            and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                    and not exists (select 1 from mute m where m.member_id = w.id and m.target_id = e.actor_id
                        and (m.expires_at is null or m.expires_at > $3))
                    and not exists (select 1 from list l join list_entry i on i.list_id = l.id
                        where l.member_id = w.id and l.exclusive and i.actor_id = e.actor_id)),
            ranked (id, by_community, viewer_id, is_meant, shown_before) as (
                select id, by_community, viewer_id, id in (select value from json_each($4)),
                    min(case when id in (select value from json_each($4)) then null else id end)
                        over (partition by viewer_id)
                from line)
            select viewer_id, id as line_id, by_community from ranked
            where $5 or (is_meant and (shown_before is null or shown_before > id))
            order by viewer_id, id",
        )
        .bind(ids(viewers))
        .bind(post)
        .bind(now)
        .bind(numbers(lines.iter().map(|line| line.get())))
        .bind(lines.is_empty())
        .all()
        .await
}

crate::row! {
    /// Names a list.
    pub struct Listed {
        /// The list.
        pub list_id: ListId,
    }
}

/// Which of these lists show a line, by the rules of a list's timeline.
pub async fn lists_showing(
    session: &mut impl Session,
    line: EntryId,
    lists: &[ListId],
) -> Result<Vec<ListId>, Error> {
    let rows: Vec<Listed> = session
        .query(
            "select l.id as list_id from entry e join list_entry i on i.actor_id = e.actor_id join list l on l.id = i.list_id
            where e.id = $1 and l.id in (select value from json_each($2)) and not e.community_reply
                and e.visibility <> 'direct'
                and (e.visibility <> 'members' or e.by_community or e.actor_id = l.member_id)
                and (not e.boost or e.by_community or exists (select 1 from follow f
                    where f.follower_id = l.member_id and f.target_id = e.actor_id and f.accepted and f.show_boosts))
                and not exists (select 1 from follow f join post p on p.id = e.post_id
                    where f.follower_id = l.member_id and f.target_id = e.actor_id and f.languages <> '[]'
                        and lower(f.languages) not like '%\"' || lower(p.language) || '\"%')
                and (e.by_community or e.boost or e.reply_to_author_id is null
                    or (l.replies_policy = 'followed' and exists (select 1 from follow f
                        where f.follower_id = l.member_id and f.target_id = e.reply_to_author_id and f.accepted))
                    or (l.replies_policy <> 'none' and e.reply_to_author_id in (
                        select actor_id from list_entry where list_id = l.id)))",
        )
        .bind(line)
        .bind(numbers(lists.iter().map(|list| list.get())))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.list_id).collect())
}

/// Which of these lists any of these people and communities is in.
pub async fn lists_with(
    session: &mut impl Session,
    actors: &[ActorId],
    lists: &[ListId],
) -> Result<Vec<ListId>, Error> {
    let rows: Vec<Listed> = session
        .query(
            "select distinct list_id from list_entry
            where actor_id in (select value from json_each($1)) and list_id in (select value from json_each($2))",
        )
        .bind(ids(actors))
        .bind(numbers(lists.iter().map(|list| list.get())))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.list_id).collect())
}

crate::row! {
    /// Names a viewer.
    pub struct Viewer {
        /// The viewer.
        pub viewer_id: ActorId,
    }
}

/// Which of these viewers follow any of these people and communities.
pub async fn following_any(
    session: &mut impl Session,
    actors: &[ActorId],
    viewers: &[ActorId],
) -> Result<Vec<ActorId>, Error> {
    let rows: Vec<Viewer> = session
        .query(
            "select distinct follower_id as viewer_id from follow where accepted
                and target_id in (select value from json_each($1)) and follower_id in (select value from json_each($2))",
        )
        .bind(ids(actors))
        .bind(ids(viewers))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.viewer_id).collect())
}

fn ids(actors: &[ActorId]) -> String {
    numbers(actors.iter().map(|actor| actor.get()))
}
