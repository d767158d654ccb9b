//! Posts that wait for their moment.

use crate::entities::statuses::MediaAttachment;
use schemars::JsonSchema;
use serde::Serialize;

/// A post that waits for its moment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ScheduledStatus {
    pub(crate) id: String,
    pub(crate) scheduled_at: String,
    pub(crate) params: ScheduledParams,
    pub(crate) media_attachments: Vec<MediaAttachment>,
    /// Why it was not published when its moment came; only there when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What will be published.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ScheduledParams {
    pub(crate) text: String,
    pub(crate) poll: Option<ScheduledPoll>,
    pub(crate) media_ids: Option<Vec<String>>,
    pub(crate) sensitive: bool,
    pub(crate) spoiler_text: String,
    pub(crate) visibility: &'static str,
    pub(crate) in_reply_to_id: Option<i64>,
    pub(crate) language: Option<String>,
    /// Kept by the API for its history: clients are told to ignore it.
    pub(crate) application_id: i64,
    /// Once it is published it is not scheduled again.
    pub(crate) scheduled_at: Option<()>,
    pub(crate) idempotency: Option<String>,
    /// As `application_id`.
    pub(crate) with_rate_limit: bool,
}

/// A poll that begins when the post is published.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ScheduledPoll {
    pub(crate) options: Vec<String>,
    pub(crate) expires_in: i64,
    pub(crate) multiple: bool,
    pub(crate) hide_totals: bool,
}
