//! Quotes: nobody quotes what members write here, and whoever asks is told.

use crate::context::App;
use crate::effects;
use alongside_domain::id::ActorId;
use alongside_domain::job::Job;
use alongside_domain::post::Post;
use alongside_store::error::Error;

/// Tells somebody elsewhere that they may not quote a post: nothing is kept of what they asked.
pub async fn refuse(
    app: &App,
    asker: ActorId,
    post: &Post,
    request: &str,
    quoting: &str,
) -> Result<(), Error> {
    let job =
        Job::RefuseQuote { request: request.to_owned(), quoting: quoting.to_owned(), asker, post: post.id };
    let mut tx = app.store().begin().await?;
    effects::push(&mut tx, app, &job, "").await?;
    tx.commit().await
}
