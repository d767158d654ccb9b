//! `/api/v1/media` and `/api/v2/media`: pictures on their way into a post.

mod one;
mod upload;

use crate::error::Error;
use crate::state::Web;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Bytes in an upload beside the file itself.
const FORM_BYTES_MAX: usize = 65_536;

/// The addresses of this family.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let bytes_max = web.app().settings().media_bytes_max.saturating_add(FORM_BYTES_MAX);
    let uploads = Router::new()
        .route("/api/v1/media", post(upload::upload))
        .route("/api/v2/media", post(upload::upload))
        .layer(DefaultBodyLimit::max(bytes_max));
    Router::new()
        .route("/api/v1/media/{id}", get(one::show).put(one::describe).delete(one::remove))
        .merge(uploads)
}

/// The point to keep in sight, as `across,down`.
fn focus(text: &str) -> Result<(f64, f64), Error> {
    let point =
        text.split_once(',').and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    point.ok_or_else(|| {
        Error::Unfit("Validation failed: focus must be two numbers with a comma between".to_owned())
    })
}

#[cfg(test)]
mod tests;
