//! Reporting: a member, or another node, asks for human eyes.

pub mod handling;

use crate::context::App;
use crate::effects::{self, noted};
use crate::{letters, reading, sign_ups};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::id::{ActorId, CommunityId, MemberId, PostId};
use alongside_domain::job::Job;
use alongside_domain::letter::Letter;
use alongside_domain::limits::{REPORT_CHARS_MAX, REPORT_POSTS_MAX};
use alongside_domain::notification::NotificationKind;
use alongside_domain::policy::Refusal;
use alongside_domain::post::{Post, Visibility};
use alongside_domain::report::{Report, ReportCategory};
use alongside_domain::rules;
use alongside_store::engine::Tx;
use alongside_store::notifications::Notice;
use alongside_store::{actors, audit, communities, error, members, posts, reports};

/// Earlier reports that a new one is compared with.
const EARLIER_MAX: i64 = 50;

/// Why a report was not taken. The texts are shown to the reporter.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Who or what is reported is not there.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It says too much.
    #[error(
        "Validation failed: a report may have {REPORT_CHARS_MAX} characters and {REPORT_POSTS_MAX} posts"
    )]
    TooLong,
    /// There is no such rule.
    #[error("Validation failed: {0}")]
    Rule(#[from] rules::Unknown),
    /// The store could not do it.
    #[error("the report could not be kept")]
    Store(#[from] error::Error),
}

/// What is reported.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// About whom.
    pub target: ActorId,
    /// Which of their posts. Those that are not theirs are left out.
    pub posts: Vec<PostId>,
    /// What is wrong.
    pub category: ReportCategory,
    /// In the reporter's words.
    pub comment: String,
    /// The rules that were broken.
    pub rules: Vec<String>,
    /// Its address in the protocol, for one from elsewhere.
    pub uri: Option<String>,
    /// The nodes concerned are to be told, without the reporter's name.
    pub forward: bool,
}

/// Takes a report, and tells those who look after this node and after the community.
pub async fn create(app: &App, reporter: ActorId, new: NewReport) -> Result<Report, Error> {
    if new.comment.chars().count() > REPORT_CHARS_MAX || new.posts.len() > REPORT_POSTS_MAX {
        return Err(Error::TooLong);
    }
    let rules = rules::known(&new.rules)?;
    let mut tx = app.store().begin().await?;
    let target = sign_ups::known(&mut tx, new.target).await?.ok_or(Refusal::Hidden)?;
    let posts = posts::find_all(&mut tx, &new.posts).await?;
    let posts: Vec<Post> = posts.into_iter().filter(|post| is_about(post, &target)).collect();
    let posts = read_by(&mut tx, app, reporter, posts).await?;
    let own = target.is_community().then(|| CommunityId::of(target.id));
    let community = own.or_else(|| posts.iter().find_map(|post| post.community));
    // What arrived is passed on to those who look after a community of ours from elsewhere, and to nobody else.
    let forwarded = match &new.uri {
        Some(_) => is_looked_after_elsewhere(&mut tx, community).await?,
        None => new.forward && lives_elsewhere(&mut tx, &target, community).await?,
    };
    let report = Report {
        id: app.next_id(),
        reporter,
        target: target.id,
        community,
        category: new.category,
        comment: new.comment,
        rules,
        posts: posts.iter().map(|post| post.id).collect(),
        uri: new.uri,
        forwarded,
        at: app.now(),
        closed_at: None,
        closed_by: None,
        assigned: None,
        updated_at: app.now(),
    };
    if let Some(earlier) = said_before(&mut tx, &report).await? {
        return Ok(earlier);
    }
    if reports::insert(&mut tx, &report).await? {
        tell(&mut tx, app, &report).await?;
        if report.forwarded {
            effects::push(&mut tx, app, &Job::Flag { report: report.id }, "").await?;
        }
        let subject = format!("report {}", report.id);
        audit::append(
            &mut tx,
            app.ids(),
            app.now(),
            None,
            "report.create",
            &subject,
            report.category.as_str(),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(report)
}

/// The same report by the same reporter that nobody has dealt with yet: said twice, it is still one.
async fn said_before(tx: &mut Tx, report: &Report) -> Result<Option<Report>, error::Error> {
    let earlier = reports::open_of(tx, report.reporter, report.target, EARLIER_MAX).await?;
    let same = |earlier: &Report| {
        let mut posts = report.posts.clone();
        posts.sort_unstable();
        earlier.posts == posts && earlier.comment == report.comment && earlier.category == report.category
    };
    Ok(earlier.into_iter().find(|earlier| same(earlier) && (earlier.forwarded || !report.forwarded)))
}

/// Whether another node has anything to do with it: that of whom it is about, of the community, or of those who look
/// after it.
async fn lives_elsewhere(
    tx: &mut Tx,
    target: &Actor,
    community: Option<CommunityId>,
) -> Result<bool, error::Error> {
    if !target.is_local() {
        return Ok(true);
    }
    match community {
        Some(id) if actors::find(tx, id.actor()).await?.is_some_and(|it| !it.is_local()) => Ok(true),
        Some(_) | None => is_looked_after_elsewhere(tx, community).await,
    }
}

/// Whether somebody on another node looks after the community, and it is ours.
async fn is_looked_after_elsewhere(
    tx: &mut Tx,
    community: Option<CommunityId>,
) -> Result<bool, error::Error> {
    let Some(community) = community else { return Ok(false) };
    if !communities::find(tx, community.actor()).await?.is_some_and(|found| found.local) {
        return Ok(false);
    }
    for steward in communities::stewards(tx, community).await? {
        if actors::find(tx, steward.actor_id).await?.is_some_and(|steward| !steward.is_local()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A report about a community may name what others wrote in it.
fn is_about(post: &Post, target: &Actor) -> bool {
    post.author == target.id || post.community == Some(CommunityId::of(target.id))
}

/// Of these posts those that the reporter may read: nobody brings what they cannot read before others' eyes. Somebody
/// elsewhere may speak for anybody on their host.
async fn read_by(
    tx: &mut Tx,
    app: &App,
    reporter: ActorId,
    posts: Vec<Post>,
) -> Result<Vec<Post>, error::Error> {
    let by = actors::find(tx, reporter).await?;
    let Some(by) = by.filter(|by| !by.is_local()) else {
        return reading::visible(tx, Some(reporter), posts, app.now()).await;
    };
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let mentions = posts::mentions(tx, &ids).await?;
    let named: Vec<ActorId> = mentions.iter().map(|mention| mention.actor_id).collect();
    let named = actors::find_all(tx, &named).await?;
    let lives_there = |id: ActorId| named.iter().any(|actor| actor.id == id && actor.server() == by.server());
    let names_somebody_there =
        |post: &Post| mentions.iter().any(|it| it.post_id == post.id && lives_there(it.actor_id));
    Ok(posts
        .into_iter()
        .filter(|post| post.visibility != Visibility::Direct || names_somebody_there(post))
        .collect())
}

/// The staff of this node are told who reported, unless it was a person elsewhere: that is for the staff there to
/// know. Those who look after the community, who may be anybody's neighbours, are told only about whom.
async fn tell(tx: &mut Tx, app: &App, report: &Report) -> Result<(), error::Error> {
    let staff: Vec<ActorId> = members::staff(tx).await?.into_iter().map(|member| member.id.actor()).collect();
    let reporter = actors::find(tx, report.reporter).await?.filter(may_be_named);
    let from = reporter.map_or(report.target, |reporter| reporter.id);
    for member in &staff {
        tell_one(tx, app, *member, from, report).await?;
    }
    letters::queue_for_staff(tx, app, Letter::Reported).await?;
    let Some(community) = report.community else { return Ok(()) };
    for steward in communities::stewards(tx, community).await? {
        let concerned = staff.contains(&steward.actor_id) || steward.actor_id == report.target;
        if !concerned && members::exists(tx, steward.actor_id).await? {
            tell_one(tx, app, steward.actor_id, report.target, report).await?;
        }
    }
    Ok(())
}

/// Whether the staff here may know that this one reported: one of ours may, and a server that speaks for its people.
pub fn may_be_named(reporter: &Actor) -> bool {
    reporter.is_local() || reporter.kind == ActorKind::Application
}

async fn tell_one(
    tx: &mut Tx,
    app: &App,
    to: ActorId,
    from: ActorId,
    report: &Report,
) -> Result<(), error::Error> {
    let notice = Notice {
        id: app.next_id(),
        member_id: MemberId::of(to),
        kind: NotificationKind::Report,
        from_id: from,
        post_id: None,
        subject_id: report.id.get(),
        at: app.now(),
        apart: false,
    };
    noted::tell(tx, app, &notice).await
}
