//! Reports from elsewhere. They are for this node's moderators and go no further.

use crate::documents::activity::Activity;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::take;
use crate::sanitise;
use alongside_app::reports::{self, NewReport};
use alongside_domain::agreement::Limit;
use alongside_domain::limits;
use alongside_domain::report::ReportCategory;
use alongside_store::{actors, posts};
use url::Url;

/// Somebody elsewhere reports a member or posts of theirs.
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
            target = target.or(Some(post.author));
            reported.push(post.id);
        } else if let Some(actor) = actors::find_by_uri(&mut reader, object.as_str()).await? {
            target = Some(actor.id);
        }
    }
    let Some(target) = target else { return Ok(Outcome::Ignored("unknown post")) };
    reported.truncate(limits::REPORT_POSTS_MAX);
    let new = NewReport {
        target,
        posts: reported,
        category: ReportCategory::Other,
        comment: reason.map(|reason| sanitise::line(reason, limits::REPORT_CHARS_MAX)).unwrap_or_default(),
        rules: Vec::new(),
        uri: activity.id.as_ref().map(Url::to_string),
    };
    reports::create(app, context.actor.id, new).await?;
    Ok(Outcome::Done)
}
