//! `/api/v1/notifications/policy`: whose notifications wait apart, in the words of Mastodon's own apps, which know
//! only yes and no.

use super::policy::summary;
use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::notifications::NotificationPolicyV1;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use alongside_app::context::App;
use alongside_app::receptions::{self, Changes};
use alongside_domain::id::MemberId;
use alongside_domain::reception::Handling;
use alongside_store::receptions as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member would like; what is missing stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "the API has these names")]
pub(crate) struct Body {
    filter_not_following: Option<bool>,
    filter_not_followers: Option<bool>,
    filter_new_accounts: Option<bool>,
    filter_private_mentions: Option<bool>,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
) -> Result<Json<NotificationPolicyV1>, Error> {
    policy(&app, author.member).await.map(Json)
}

/// Changes it.
pub(crate) async fn change(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Params(body): Params<Body>,
) -> Result<Json<NotificationPolicyV1>, Error> {
    let before = stored::of_member(&mut app.reader(), author.member).await?;
    let changes = Changes {
        not_following: handling(before.not_following, body.filter_not_following),
        not_followers: handling(before.not_followers, body.filter_not_followers),
        new_accounts: handling(before.new_accounts, body.filter_new_accounts),
        private_mentions: handling(before.private_mentions, body.filter_private_mentions),
        limited_accounts: None,
    };
    receptions::change(&app, author.member, changes).await?;
    policy(&app, author.member).await.map(Json)
}

/// Such a client sends back all that it was shown, so what is not told at all stays untold.
fn handling(before: Handling, filter: Option<bool>) -> Option<Handling> {
    if filter? { (before == Handling::Accept).then_some(Handling::Filter) } else { Some(Handling::Accept) }
}

async fn policy(app: &App, member: MemberId) -> Result<NotificationPolicyV1, Error> {
    let wanted = stored::of_member(&mut app.reader(), member).await?;
    Ok(NotificationPolicyV1 {
        filter_not_following: wanted.not_following != Handling::Accept,
        filter_not_followers: wanted.not_followers != Handling::Accept,
        filter_new_accounts: wanted.new_accounts != Handling::Accept,
        filter_private_mentions: wanted.private_mentions != Handling::Accept,
        summary: summary(app, member).await?,
    })
}

#[cfg(test)]
mod tests {
    use crate::mastodon::schema::assert_is;
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use serde_json::json;

    const YES_OR_NO: &str = "/api/v1/notifications/policy";
    const IN_WORDS: &str = "/api/v2/notifications/policy";

    both_engines! {
        async fn yes_and_no_are_the_same_policy_as_the_words(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let before = door.get(YES_OR_NO, &sam.token).await.ok();
            assert_is("V1NotificationPolicy", &before);
            assert_eq!((&before["filter_private_mentions"], &before["filter_new_accounts"]), (&json!(true), &json!(false)));
            let words = json!({ "for_new_accounts": "drop", "for_not_following": "filter" });
            let put = door.put(IN_WORDS, &sam.token, &words).await.ok();
            assert_eq!(put["for_new_accounts"], "drop", "some clients put what others patch");
            let mut all = door.get(YES_OR_NO, &sam.token).await.ok();
            assert_eq!((&all["filter_new_accounts"], &all["filter_not_following"]), (&json!(true), &json!(true)));
            all["filter_not_following"] = json!(false);
            all["filter_not_followers"] = json!(true);
            let changed = door.put(YES_OR_NO, &sam.token, &all).await.ok();
            assert_eq!(changed, all);
            let after = door.get(IN_WORDS, &sam.token).await.ok();
            let words = ["for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions"];
            assert_eq!(words.map(|word| after[word].as_str().unwrap()), ["accept", "filter", "drop", "filter"]);
        }
    }
}
