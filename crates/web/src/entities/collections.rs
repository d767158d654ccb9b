//! Lists, hashtags, what a search found, suggestions, and reports.

use crate::entities::accounts::Account;
use crate::entities::groups::Group;
use crate::entities::statuses::Status;
use crate::params::Word;
use alongside_domain::list;
use alongside_domain::report::ReportCategory;
use schemars::JsonSchema;
use serde::Serialize;

/// A member's own list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct List {
    pub(crate) id: String,
    pub(crate) title: String,
    #[schemars(with = "Word<list::RepliesPolicy>")]
    pub(crate) replies_policy: &'static str,
    pub(crate) exclusive: bool,
}

/// A hashtag.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Tag {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) history: Vec<TagDay>,
    /// Left out for whoever is not signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) following: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) featuring: Option<bool>,
}

/// A hashtag on somebody's profile. The API has the number of posts as a text here.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FeaturedTag {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) statuses_count: String,
    pub(crate) last_status_at: Option<String>,
}

/// How a hashtag was used on a day. The API has numbers as texts here.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TagDay {
    pub(crate) day: String,
    pub(crate) uses: String,
    pub(crate) accounts: String,
}

/// What a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Search {
    pub(crate) accounts: Vec<Account>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) hashtags: Vec<Tag>,
    /// Communities, for clients that know them as such; they are among the accounts as well.
    pub(crate) groups: Vec<Group>,
}

/// Somebody a member might like to follow, and why they are told.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suggestion {
    /// The word that older clients know.
    pub(crate) source: &'static str,
    pub(crate) sources: [&'static str; 1],
    pub(crate) account: Account,
}

/// Those one follows who also follow somebody.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FamiliarFollowers {
    pub(crate) id: String,
    pub(crate) accounts: [(); 0],
}

/// A report, as the one who made it sees it, and those who are to look at it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) action_taken: bool,
    pub(crate) action_taken_at: Option<String>,
    #[schemars(with = "Word<ReportCategory>")]
    pub(crate) category: &'static str,
    pub(crate) comment: String,
    pub(crate) forwarded: bool,
    pub(crate) created_at: String,
    pub(crate) status_ids: Vec<String>,
    pub(crate) rule_ids: Vec<String>,
    pub(crate) target_account: Account,
}

impl List {
    pub(crate) fn new(list: &list::List) -> Self {
        Self {
            id: list.id.to_string(),
            title: list.title.clone(),
            replies_policy: list.replies_policy.as_str(),
            exclusive: list.exclusive,
        }
    }
}
