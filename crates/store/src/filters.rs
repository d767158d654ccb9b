//! Members' filters and what they look for.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::{Filter, FilterAction, FilterContext, FilteredPost, Keyword};
use alongside_domain::id::{FilterId, FilteredPostId, KeywordId, MemberId, PostId};
use std::collections::HashMap;

crate::row! {
    /// A filter without its keywords.
    pub struct Head {
        /// Its id.
        pub id: FilterId,
        /// What the member calls it.
        pub title: String,
        /// Where it looks: words.
        pub contexts: Vec<String>,
        /// What it does.
        pub action: FilterAction,
        /// When it ends.
        pub expires_at: Option<Timestamp>,
    }
}

crate::row! {
    /// A keyword and its filter.
    pub struct KeywordRow {
        /// Its id.
        pub id: KeywordId,
        /// The filter.
        pub filter_id: FilterId,
        /// What is looked for.
        pub keyword: String,
        /// Not inside longer words.
        pub whole_word: bool,
    }
}

crate::row! {
    /// A post and the filter that covers it.
    pub struct PostRow {
        /// Its id, as part of the filter.
        pub id: FilteredPostId,
        /// The filter.
        pub filter_id: FilterId,
        /// The post.
        pub post_id: PostId,
    }
}

/// Every filter of a member, oldest first.
pub async fn of_member(session: &mut impl Session, member: MemberId) -> Result<Vec<Filter>, Error> {
    let heads: Vec<Head> = session
        .query("select id, title, contexts, action, expires_at from filter where member_id = $1 order by id")
        .bind(member)
        .all()
        .await?;
    if heads.is_empty() {
        return Ok(Vec::new());
    }
    let keywords: Vec<KeywordRow> = session
        .query(
            "select k.id, k.filter_id, k.keyword, k.whole_word from filter_keyword k join filter f on f.id = k.filter_id
            where f.member_id = $1 order by k.id",
        )
        .bind(member)
        .all()
        .await?;
    let posts: Vec<PostRow> = session
        .query(
            "select p.id, p.filter_id, p.post_id from filter_post p join filter f on f.id = p.filter_id
            where f.member_id = $1 order by p.id",
        )
        .bind(member)
        .all()
        .await?;
    heads.into_iter().map(|head| whole(head, &keywords, &posts)).collect()
}

/// The filters of each of these members who has any.
pub async fn of_members(
    session: &mut impl Session,
    members: &[MemberId],
) -> Result<HashMap<MemberId, Vec<Filter>>, Error> {
    let members = numbers(members.iter().map(|member| member.get()));
    let heads: Vec<OwnedHead> = session
        .query(
            "select member_id, id, title, contexts, action, expires_at from filter
            where member_id in (select value from json_each($1)) order by id",
        )
        .bind(&members)
        .all()
        .await?;
    if heads.is_empty() {
        return Ok(HashMap::new());
    }
    let keywords: Vec<KeywordRow> = session
        .query(
            "select k.id, k.filter_id, k.keyword, k.whole_word from filter_keyword k join filter f on f.id = k.filter_id
            where f.member_id in (select value from json_each($1)) order by k.id",
        )
        .bind(&members)
        .all()
        .await?;
    let posts: Vec<PostRow> = session
        .query(
            "select p.id, p.filter_id, p.post_id from filter_post p join filter f on f.id = p.filter_id
            where f.member_id in (select value from json_each($1)) order by p.id",
        )
        .bind(&members)
        .all()
        .await?;
    let (mut keywords, mut posts) =
        (grouped(keywords, |row| row.filter_id), grouped(posts, |row: &PostRow| row.filter_id));
    let mut filters: HashMap<MemberId, Vec<Filter>> = HashMap::new();
    for OwnedHead { member_id, head } in heads {
        let keywords = keywords.remove(&head.id).unwrap_or_default();
        let posts = posts.remove(&head.id).unwrap_or_default();
        filters.entry(member_id).or_default().push(whole(head, &keywords, &posts)?);
    }
    Ok(filters)
}

/// Rows by the filter that they belong to.
fn grouped<R>(rows: Vec<R>, filter: impl Fn(&R) -> FilterId) -> HashMap<FilterId, Vec<R>> {
    let mut by: HashMap<FilterId, Vec<R>> = HashMap::new();
    for row in rows {
        by.entry(filter(&row)).or_default().push(row);
    }
    by
}

/// A filter without its keywords, and whose it is.
#[derive(Debug, Clone)]
struct OwnedHead {
    member_id: MemberId,
    head: Head,
}

impl Row for OwnedHead {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self { member_id: columns.get("member_id")?, head: Head::read(columns)? })
    }
}

/// The filter with this id, if it is the member's.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    id: FilterId,
) -> Result<Option<Filter>, Error> {
    Ok(of_member(session, member).await?.into_iter().find(|filter| filter.id == id))
}

/// The filter that this keyword belongs to, if it is the member's.
pub async fn find_by_keyword(
    session: &mut impl Session,
    member: MemberId,
    id: KeywordId,
) -> Result<Option<Filter>, Error> {
    let filters = of_member(session, member).await?;
    Ok(filters.into_iter().find(|filter| filter.keywords.iter().any(|keyword| keyword.id == id)))
}

/// The filter that covers a post under this id, if it is the member's.
pub async fn find_by_post(
    session: &mut impl Session,
    member: MemberId,
    id: FilteredPostId,
) -> Result<Option<Filter>, Error> {
    let filters = of_member(session, member).await?;
    Ok(filters.into_iter().find(|filter| filter.posts.iter().any(|post| post.id == id)))
}

/// Lets a filter cover a post; it may do so already.
pub async fn add_post(tx: &mut Tx, filter: FilterId, added: FilteredPost) -> Result<(), Error> {
    tx.query(
        "insert into filter_post (id, filter_id, post_id) values ($1, $2, $3)
        on conflict (filter_id, post_id) do nothing",
    )
    .bind(added.id)
    .bind(filter)
    .bind(added.post)
    .execute()
    .await?;
    Ok(())
}

/// Lets a filter cover a post no more.
pub async fn remove_post(tx: &mut Tx, id: FilteredPostId) -> Result<(), Error> {
    tx.query("delete from filter_post where id = $1").bind(id).execute().await?;
    Ok(())
}

/// Writes a filter, new or changed, without its keywords. The caller has seen that it is the member's.
pub async fn put(tx: &mut Tx, member: MemberId, filter: &Filter) -> Result<(), Error> {
    let contexts: Vec<String> = filter.contexts.iter().map(ToString::to_string).collect();
    tx.query(
        "insert into filter (id, member_id, title, contexts, action, expires_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set title = excluded.title, contexts = excluded.contexts, action = excluded.action,
            expires_at = excluded.expires_at",
    )
    .bind(filter.id)
    .bind(member)
    .bind(&filter.title)
    .bind(&contexts)
    .bind(filter.action)
    .bind(filter.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Forgets a filter, its keywords and its posts.
pub async fn remove(tx: &mut Tx, id: FilterId) -> Result<(), Error> {
    tx.query("delete from filter_keyword where filter_id = $1").bind(id).execute().await?;
    tx.query("delete from filter_post where filter_id = $1").bind(id).execute().await?;
    tx.query("delete from filter where id = $1").bind(id).execute().await?;
    Ok(())
}

/// Writes a keyword of a filter, new or changed.
pub async fn put_keyword(tx: &mut Tx, filter: FilterId, keyword: &Keyword) -> Result<(), Error> {
    tx.query(
        "insert into filter_keyword (id, filter_id, keyword, whole_word) values ($1, $2, $3, $4)
        on conflict (id) do update set keyword = excluded.keyword, whole_word = excluded.whole_word",
    )
    .bind(keyword.id)
    .bind(filter)
    .bind(&keyword.keyword)
    .bind(keyword.whole_word)
    .execute()
    .await?;
    Ok(())
}

/// Forgets a keyword.
pub async fn remove_keyword(tx: &mut Tx, id: KeywordId) -> Result<(), Error> {
    tx.query("delete from filter_keyword where id = $1").bind(id).execute().await?;
    Ok(())
}

fn whole(head: Head, keywords: &[KeywordRow], posts: &[PostRow]) -> Result<Filter, Error> {
    let contexts: Result<Vec<FilterContext>, _> = head.contexts.iter().map(|word| word.parse()).collect();
    let own = keywords.iter().filter(|keyword| keyword.filter_id == head.id);
    let covered = posts.iter().filter(|post| post.filter_id == head.id);
    Ok(Filter {
        id: head.id,
        title: head.title,
        contexts: contexts.map_err(|error: alongside_domain::word::UnknownWord| Error::Inconsistent {
            column: "contexts",
            reason: error.to_string(),
        })?,
        action: head.action,
        expires_at: head.expires_at,
        keywords: own
            .map(|row| Keyword { id: row.id, keyword: row.keyword.clone(), whole_word: row.whole_word })
            .collect(),
        posts: covered.map(|row| FilteredPost { id: row.id, post: row.post_id }).collect(),
    })
}
