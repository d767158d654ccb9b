//! `/api/v1/scheduled_statuses`: a member's posts that wait for their moment.

mod every;
mod one;

use crate::error::Error;
use crate::routes::{Routes, get};
use alongside_domain::clock::Timestamp;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    let one = get(one::show).put(one::update).delete(one::cancel);
    Routes::new()
        .route("/api/v1/scheduled_statuses", get(every::show))
        .route("/api/v1/scheduled_statuses/{id}", one)
}

/// The moment that a client names.
pub(crate) fn moment(text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).ok_or_else(|| {
        Error::Unfit(
            "Validation failed: scheduled_at is a moment with its offset, such as 2026-11-23T02:00:00Z"
                .to_owned(),
        )
    })
}

#[cfg(test)]
mod tests;
