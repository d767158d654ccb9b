//! Reports from elsewhere. They are for this node's staff and those who look after the community, and go no
//! further.

use crate::documents::activity::Activity;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::take;
use crate::sanitise;
use alongside_app::reports::{self, NewReport};
use alongside_domain::actor::Actor;
use alongside_domain::agreement::Limit;
use alongside_domain::id::CommunityId;
use alongside_domain::limits;
use alongside_domain::post::Post;
use alongside_domain::report::ReportCategory;
use alongside_store::{actors, communities, members, posts};
use url::Url;

/// A community elsewhere passes on what was reported to it, because one of ours looks after it. The report
/// is kept as the community's: who made it is its own node's business.
pub async fn told(
    context: &Context<'_>,
    activity: &Activity,
    objects: &[Url],
    reason: Option<&str>,
) -> Result<Outcome, Error> {
    if context.node.app().places().is_here(activity.actor.as_str()) {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    filed(context, activity, objects, reason).await
}

/// Somebody elsewhere reports a member, or posts that are looked after here.
pub async fn filed(
    context: &Context<'_>,
    activity: &Activity,
    objects: &[Url],
    reason: Option<&str>,
) -> Result<Outcome, Error> {
    if take::limits_of(context.node, &context.actor).await?.has(Limit::NoReports) {
        return Ok(Outcome::Ignored("its host reports in vain"));
    }
    let app = context.node.app();
    let mut reader = app.reader();
    let (mut target, mut reported) = (None, Vec::new());
    for object in objects {
        if let Some(post) = posts::find_by_uri(&mut reader, object.as_str()).await? {
            reported.push(post);
        } else if let Some(actor) = actors::find_by_uri(&mut reader, object.as_str()).await? {
            target = Some(actor);
        }
    }
    reported.truncate(limits::REPORT_POSTS_MAX);
    if target.is_none()
        && let Some(post) = reported.first()
    {
        target = actors::find(&mut reader, post.author).await?;
    }
    let Some(target) = target else { return Ok(Outcome::Ignored("unknown post")) };
    if !is_looked_after_here(context, &target, &reported).await? {
        return Ok(Outcome::Ignored("it concerns nobody here"));
    }
    let new = NewReport {
        target: target.id,
        posts: reported.iter().map(|post| post.id).collect(),
        category: ReportCategory::Other,
        comment: reason.map(|reason| sanitise::line(reason, limits::REPORT_CHARS_MAX)).unwrap_or_default(),
        rules: Vec::new(),
        uri: activity.id.as_ref().map(Url::to_string),
        forward: false,
    };
    reports::create(app, context.actor.id, new).await?;
    Ok(Outcome::Done)
}

/// Whether anybody here has to look at it: it is about one of ours, or about what was written here, or in a
/// community that somebody here looks after.
async fn is_looked_after_here(context: &Context<'_>, target: &Actor, posts: &[Post]) -> Result<bool, Error> {
    if target.is_local() || posts.iter().any(|post| post.local) {
        return Ok(true);
    }
    let mut reader = context.node.app().reader();
    let own = target.is_community().then(|| CommunityId::of(target.id));
    let mut places: Vec<CommunityId> = posts.iter().filter_map(|post| post.community).chain(own).collect();
    places.sort_unstable();
    places.dedup();
    for community in places {
        if communities::find(&mut reader, community.actor()).await?.is_some_and(|found| found.local) {
            return Ok(true);
        }
        for steward in communities::stewards(&mut reader, community).await? {
            if members::exists(&mut reader, steward.actor_id).await? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
