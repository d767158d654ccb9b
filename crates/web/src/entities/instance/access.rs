//! Who may read the timelines of what is in public.

use schemars::JsonSchema;
use serde::Serialize;

/// For whom the timelines are that need no account to follow anybody.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TimelinesAccess {
    live_feeds: Access,
    hashtag_feeds: Access,
    trending_link_feeds: Access,
}

/// For whom posts are in one of them, by where they were written.
#[derive(Debug, Serialize, JsonSchema)]
struct Access {
    #[schemars(extend("enum" = ["public", "authenticated", "disabled"]))]
    local: &'static str,
    #[schemars(extend("enum" = ["public", "authenticated", "disabled"]))]
    remote: &'static str,
}

impl TimelinesAccess {
    /// What is in public is for everybody.
    pub(super) const EVERYBODY: Self = Self {
        live_feeds: Access::PUBLIC,
        hashtag_feeds: Access::PUBLIC,
        trending_link_feeds: Access::PUBLIC,
    };
}

impl Access {
    const PUBLIC: Self = Self { local: "public", remote: "public" };
}
