//! `POST /api/v1/emails/confirmations`: asks for another letter that confirms one's address. This node sends no
//! letters: an address counts as confirmed when the account is opened or let in, so there is never one to send.

use crate::auth::{Author, WriteAccounts};
use crate::error::Error;
use crate::routes::{Routes, post};

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/emails/confirmations", post(confirm))
}

async fn confirm(_: Author<WriteAccounts>) -> Error {
    Error::Forbidden("This method is only available while the e-mail is awaiting confirmation".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn nobody_waits_for_a_letter(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let asked = door.post("/api/v1/emails/confirmations", &sam.token, &json!({})).await;
            assert_eq!(asked.status, StatusCode::FORBIDDEN);
            assert!(asked.json()["error"].as_str().unwrap().contains("awaiting confirmation"));
        }
    }
}
