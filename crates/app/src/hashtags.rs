//! What the node's staff decide about hashtags, and what follows from it for those who write.

use crate::context::App;
use crate::own::read_tag;
use crate::staff;
use alongside_domain::hashtag::Hashtag;
use alongside_domain::id::MemberId;
use alongside_domain::policy::Refusal;
use alongside_domain::staff::Duty;
use alongside_store::session::Session;
use alongside_store::{audit, error, hashtags};

/// Why nothing was decided, here or about what trends ([`crate::trends`]). The texts are shown to staff.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or that is no hashtag, or no public post.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the decision could not be kept")]
    Store(#[from] error::Error),
}

/// What is decided; what is not said stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Whether it is found by search.
    pub listable: Option<bool>,
    /// Whether it is shown to those who look around.
    pub trendable: Option<bool>,
    /// Whether members of this node may write it.
    pub usable: Option<bool>,
}

/// Decides about a hashtag, also about one that nobody has used yet. Gives its name as it is kept.
pub async fn decide(app: &App, by: MemberId, name: &str, wish: Wish) -> Result<String, Error> {
    let tag = read_tag(name).ok_or(Refusal::Hidden)?;
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Trends).await??;
    let known = hashtags::decided(&mut tx, std::slice::from_ref(&tag)).await?;
    let before = known.first().map(Hashtag::from).unwrap_or_default();
    let after = Hashtag {
        listable: wish.listable.unwrap_or(before.listable),
        trendable: wish.trendable.unwrap_or(before.trendable),
        usable: wish.usable.unwrap_or(before.usable),
    };
    if after != before {
        hashtags::put(&mut tx, &tag, after, app.now()).await?;
        let subject = format!("hashtag {tag}");
        let Hashtag { listable, trendable, usable } = after;
        let detail = format!("listable={listable} trendable={trendable} usable={usable}");
        audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "hashtag.decide", &subject, &detail)
            .await?;
        tx.commit().await?;
    }
    Ok(tag)
}

/// The first of these hashtags that nobody here may write.
pub(crate) async fn unusable_among(
    session: &mut impl Session,
    tags: &[String],
) -> Result<Option<String>, error::Error> {
    let decided = hashtags::decided(session, tags).await?;
    Ok(decided.into_iter().find(|decided| !decided.usable).map(|decided| decided.tag))
}
