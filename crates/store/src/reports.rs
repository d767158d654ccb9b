//! Reports, and the posts they are about.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::id::{ActorId, PostId, ReportId};
use alongside_domain::report::Report;

impl Row for Report {
    /// Without the posts: they are rows of their own.
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: columns.get("id")?,
            reporter: columns.get("reporter_id")?,
            target: columns.get("target_id")?,
            community: columns.get("community_id")?,
            category: columns.get("category")?,
            comment: columns.get("comment")?,
            rules: columns.get("rule_ids")?,
            posts: Vec::new(),
            uri: columns.get("uri")?,
            forwarded: columns.get("forwarded")?,
            at: columns.get("at")?,
            closed_at: columns.get("closed_at")?,
            closed_by: columns.get("closed_by")?,
            assigned: columns.get("assigned_id")?,
            updated_at: columns.get("updated_at")?,
        })
    }
}

crate::row! {
    /// A post that a report is about.
    pub struct Subject {
        /// The report.
        pub report_id: ReportId,
        /// The post.
        pub post_id: PostId,
    }
}

/// Whether there is a report that nobody has dealt with.
pub async fn is_any_open(session: &mut impl Session) -> Result<bool, Error> {
    let found: Option<Id> =
        session.query("select id from report where closed_at is null limit 1").optional().await?;
    Ok(found.is_some())
}

/// Writes a report; false if it is here already, by its address in the protocol.
pub async fn insert(tx: &mut Tx, report: &Report) -> Result<bool, Error> {
    let written = tx
        .query(
            "insert into report (id, reporter_id, target_id, community_id, category, comment, rule_ids, uri, forwarded,
                at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (uri) do nothing",
        )
        .bind(report.id)
        .bind(report.reporter)
        .bind(report.target)
        .bind(report.community)
        .bind(report.category)
        .bind(&report.comment)
        .bind(&report.rules)
        .bind(report.uri.clone())
        .bind(report.forwarded)
        .bind(report.at)
        .bind(report.updated_at)
        .execute()
        .await?;
    if written == 0 {
        return Ok(false);
    }
    for post in &report.posts {
        tx.query("insert into report_post (report_id, post_id) values ($1, $2) on conflict (report_id, post_id) do nothing")
            .bind(report.id)
            .bind(*post)
            .execute()
            .await?;
    }
    Ok(true)
}

/// The report with this id.
pub async fn find(session: &mut impl Session, id: ReportId) -> Result<Option<Report>, Error> {
    Ok(find_all(session, &[id]).await?.pop())
}

/// The reports with these ids, in no particular order.
pub async fn find_all(session: &mut impl Session, ids: &[ReportId]) -> Result<Vec<Report>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = session
        .query(
            "select id, reporter_id, target_id, community_id, category, comment, rule_ids, uri, forwarded, at, closed_at,
                closed_by, assigned_id, updated_at
            from report where id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await?;
    with_posts(session, found).await
}

/// Which reports are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Those that were dealt with, and not those that wait.
    pub closed: bool,
    /// Those of this reporter.
    pub reporter: Option<ActorId>,
    /// Those about this one.
    pub target: Option<ActorId>,
}

/// Reports that wait for somebody, or those that were dealt with; newest first.
pub async fn page(session: &mut impl Session, wanted: &Wanted, page: &Page) -> Result<Vec<Report>, Error> {
    let statement = if page.is_upward() {
        "select id, reporter_id, target_id, community_id, category, comment, rule_ids, uri, forwarded, at, closed_at,
            closed_by, assigned_id, updated_at
        from report where (closed_at is not null) = $1 and id < $2 and id > $3
            and ($5 < 0 or reporter_id = $5) and ($6 < 0 or target_id = $6)
        order by id limit $4"
    } else {
        "select id, reporter_id, target_id, community_id, category, comment, rule_ids, uri, forwarded, at, closed_at,
            closed_by, assigned_id, updated_at
        from report where (closed_at is not null) = $1 and id < $2 and id > $3
            and ($5 < 0 or reporter_id = $5) and ($6 < 0 or target_id = $6)
        order by id desc limit $4"
    };
    let rows = session
        .query(statement)
        .bind(wanted.closed)
        .bind_page(page)
        .bind(wanted.reporter.map_or(-1, ActorId::get))
        .bind(wanted.target.map_or(-1, ActorId::get))
        .all()
        .await?;
    with_posts(session, page.newest_first(rows)).await
}

/// What somebody has reported about another and nobody has dealt with yet, newest first.
pub async fn open_of(
    session: &mut impl Session,
    reporter: ActorId,
    target: ActorId,
    limit: i64,
) -> Result<Vec<Report>, Error> {
    let rows = session
        .query(
            "select id, reporter_id, target_id, community_id, category, comment, rule_ids, uri, forwarded, at, closed_at,
                closed_by, assigned_id, updated_at
            from report where reporter_id = $1 and target_id = $2 and closed_at is null order by id desc limit $3",
        )
        .bind(reporter)
        .bind(target)
        .bind(limit)
        .all()
        .await?;
    with_posts(session, rows).await
}

/// Whether anybody still has to look at a report about somebody.
pub async fn any_open(session: &mut impl Session, target: ActorId) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query("select id from report where target_id = $1 and closed_at is null limit 1")
        .bind(target)
        .optional()
        .await?;
    Ok(found.is_some())
}

crate::row! {
    /// Names a report.
    pub struct Id {
        /// Its id.
        pub id: ReportId,
    }
}

/// Writes what staff may change of a report: what it is about, who looks after it, and whether it was dealt with.
pub async fn revise(tx: &mut Tx, report: &Report) -> Result<(), Error> {
    tx.query(
        "update report set category = $2, rule_ids = $3, assigned_id = $4, closed_at = $5, closed_by = $6, updated_at = $7
        where id = $1",
    )
    .bind(report.id)
    .bind(report.category)
    .bind(&report.rules)
    .bind(report.assigned)
    .bind(report.closed_at)
    .bind(report.closed_by)
    .bind(report.updated_at)
    .execute()
    .await?;
    Ok(())
}

async fn with_posts(session: &mut impl Session, mut reports: Vec<Report>) -> Result<Vec<Report>, Error> {
    if reports.is_empty() {
        return Ok(reports);
    }
    let subjects: Vec<Subject> = session
        .query(
            "select report_id, post_id from report_post
            where report_id in (select value from json_each($1)) order by report_id, post_id",
        )
        .bind(numbers(reports.iter().map(|report| report.id.get())))
        .all()
        .await?;
    for report in &mut reports {
        let own = subjects.iter().filter(|subject| subject.report_id == report.id);
        report.posts = own.map(|subject| subject.post_id).collect();
    }
    Ok(reports)
}
