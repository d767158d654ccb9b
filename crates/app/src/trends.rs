//! Which posts are shown to those who look around: the moderators of communities put them first, and the node's staff
//! may keep one back.

use crate::context::App;
use crate::hashtags::Error;
use crate::staff;
use alongside_domain::id::{MemberId, PostId};
use alongside_domain::policy::Refusal;
use alongside_domain::post::{Post, Visibility};
use alongside_domain::staff::Duty;
use alongside_store::{audit, posts, trends};

/// Keeps a post back from those who look around, or does not any more. It stays where it is otherwise.
pub async fn judge(app: &App, by: MemberId, id: PostId, is_shown: bool) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Trends).await??;
    let found = posts::find(&mut tx, id).await?;
    let is_public = |post: &Post| post.is_present() && post.visibility == Visibility::Public;
    let post = found.filter(is_public).ok_or(Refusal::Hidden)?;
    let changed =
        if is_shown { trends::allow(&mut tx, id).await? } else { trends::refuse(&mut tx, id).await? };
    if changed {
        let (verb, subject) = (if is_shown { "trend.approve" } else { "trend.reject" }, format!("post {id}"));
        audit::append(&mut tx, app.ids(), app.now(), Some(by.account), verb, &subject, "").await?;
        tx.commit().await?;
    }
    Ok(post)
}
