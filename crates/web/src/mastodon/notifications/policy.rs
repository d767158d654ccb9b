//! `/api/v2/notifications/policy`: whose notifications are kept apart. Here everybody's are shown, and a
//! client that asks for something else is told so.

use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::notifications::NotificationPolicy;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use serde::Deserialize;

/// What a member would like; what is missing stays.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the API has these names")]
pub(crate) struct Body {
    for_not_following: Option<String>,
    for_not_followers: Option<String>,
    for_new_accounts: Option<String>,
    for_private_mentions: Option<String>,
    for_limited_accounts: Option<String>,
}

/// Shows it.
pub(crate) async fn show(_: Author<ReadNotifications>) -> Json<NotificationPolicy> {
    Json(NotificationPolicy::EVERYBODY)
}

/// Takes only what is so already.
pub(crate) async fn change(
    _: Author<WriteNotifications>,
    Params(body): Params<Body>,
) -> Result<Json<NotificationPolicy>, Error> {
    let wanted = [
        body.for_not_following,
        body.for_not_followers,
        body.for_new_accounts,
        body.for_private_mentions,
        body.for_limited_accounts,
    ];
    if wanted.into_iter().flatten().any(|wanted| wanted != NotificationPolicy::ACCEPT) {
        return Err(Error::Unfit(
            "This node cannot keep notifications apart: mute or block instead".to_owned(),
        ));
    }
    Ok(Json(NotificationPolicy::EVERYBODY))
}
