//! `/api/v1/media` and `/api/v2/media`: pictures, films and sounds on their way into a post.

mod one;
mod upload;

use crate::error::Error;
use crate::routes::{Routes, get, post};
use crate::state::Web;

/// Bytes in an upload beside its files.
const FORM_BYTES_MAX: usize = 65_536;

/// The addresses of this family.
pub(crate) fn routes(web: &Web) -> Routes {
    let settings = web.app().settings();
    let film_bytes_max = settings.media.films.as_ref().map_or(0, |_| settings.media.film_bytes_max);
    let form_bytes_max = settings.media_bytes_max.saturating_add(FORM_BYTES_MAX);
    // With a picture to show of it first.
    let bytes_max = settings.media_bytes_max.max(film_bytes_max).saturating_add(form_bytes_max);
    let uploads = Routes::new()
        .route("/api/v1/media", post(upload::upload_and_wait))
        .route("/api/v2/media", post(upload::upload))
        .with_bodies_up_to(bytes_max);
    Routes::new()
        .route("/api/v1/media/{id}", get(one::show).put(one::describe).delete(one::remove))
        .with_bodies_up_to(form_bytes_max)
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

/// What its owner is told of a file that could not be made ready.
fn failed() -> Error {
    Error::Unfit("Error processing the file: it cannot be shown, upload another".to_owned())
}

#[cfg(test)]
mod tests;
