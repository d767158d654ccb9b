//! People and communities, and how one member stands to them.

use crate::entities::collections::FeaturedTag;
use crate::entities::statuses::CustomEmoji;
use alongside_domain::account::Role as StaffRole;
use alongside_store::members::Member;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A member, a community, or anybody else with a public name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) acct: String,
    pub(crate) display_name: String,
    pub(crate) locked: bool,
    pub(crate) bot: bool,
    pub(crate) discoverable: bool,
    pub(crate) indexable: bool,
    pub(crate) group: bool,
    pub(crate) created_at: String,
    pub(crate) note: String,
    pub(crate) url: String,
    pub(crate) uri: String,
    pub(crate) avatar: String,
    pub(crate) avatar_static: String,
    pub(crate) header: String,
    pub(crate) header_static: String,
    pub(crate) followers_count: i64,
    pub(crate) following_count: i64,
    pub(crate) statuses_count: i64,
    /// The day alone.
    pub(crate) last_status_at: Option<String>,
    /// Who follows whom is not shown here, so clients need not ask.
    pub(crate) hide_collections: bool,
    pub(crate) noindex: bool,
    pub(crate) emojis: Vec<CustomEmoji>,
    pub(crate) roles: [(); 0],
    pub(crate) fields: Vec<Field>,
    /// Where they have moved to: where one account is asked for, and only there when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moved: Option<Box<Account>>,
    /// Only there when it is so.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) suspended: bool,
    /// Silenced by the staff; only there when it is so.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) limited: bool,
}

/// Somebody the viewer mutes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MutedAccount {
    #[serde(flatten)]
    pub(crate) account: Account,
    pub(crate) mute_expires_at: Option<String>,
}

/// Whom the member would not see any more who blocks a host.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DomainBlockPreview {
    pub(crate) following_count: i64,
    pub(crate) followers_count: i64,
}

/// A line of the small table on a profile.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) verified_at: Option<String>,
}

/// A member, as they see themselves.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CredentialAccount {
    #[serde(flatten)]
    pub(crate) account: Account,
    pub(crate) source: Source,
    pub(crate) role: Role,
}

/// A profile as its member typed it, and what they chose for their posts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Source {
    #[schemars(extend("enum" = ["public", "unlisted", "private", "direct"]))]
    pub(crate) privacy: &'static str,
    pub(crate) sensitive: bool,
    pub(crate) language: Option<String>,
    /// Nobody can quote here.
    pub(crate) quote_policy: &'static str,
    pub(crate) note: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) follow_requests_count: i64,
    pub(crate) hide_collections: bool,
    pub(crate) discoverable: bool,
    pub(crate) indexable: bool,
    pub(crate) attribution_domains: [(); 0],
}

/// A profile as its member edits it: pictures that are the node's own are none.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) note: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) avatar: Option<String>,
    pub(crate) avatar_static: Option<String>,
    pub(crate) avatar_description: &'static str,
    pub(crate) header: Option<String>,
    pub(crate) header_static: Option<String>,
    pub(crate) header_description: &'static str,
    pub(crate) locked: bool,
    pub(crate) bot: bool,
    pub(crate) hide_collections: bool,
    pub(crate) discoverable: bool,
    pub(crate) indexable: bool,
    pub(crate) show_media: bool,
    pub(crate) show_media_replies: bool,
    pub(crate) show_featured: bool,
    pub(crate) attribution_domains: [(); 0],
    pub(crate) featured_tags: Vec<FeaturedTag>,
}

/// What was typed at a sign-up does not fit.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Unfit {
    pub(crate) error: String,
    /// By the value it is about.
    pub(crate) details: BTreeMap<&'static str, Vec<Wrong>>,
}

/// One thing that is wrong with a value.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Wrong {
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

/// What a member may do on the node.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Role {
    id: &'static str,
    name: &'static str,
    color: &'static str,
    /// Bits that Mastodon gives meaning to.
    permissions: &'static str,
    highlighted: bool,
}

/// How a member stands to somebody.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    pub(crate) following: bool,
    pub(crate) showing_reblogs: bool,
    pub(crate) notifying: bool,
    pub(crate) languages: Option<Vec<String>>,
    pub(crate) followed_by: bool,
    pub(crate) blocking: bool,
    pub(crate) blocked_by: bool,
    pub(crate) muting: bool,
    pub(crate) muting_notifications: bool,
    pub(crate) muting_expires_at: Option<String>,
    pub(crate) requested: bool,
    pub(crate) requested_by: bool,
    pub(crate) domain_blocking: bool,
    pub(crate) endorsed: bool,
    pub(crate) note: String,
}

/// What a member chose for every client.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Preferences {
    #[serde(rename = "posting:default:visibility")]
    #[schemars(extend("enum" = ["public", "unlisted", "private", "direct"]))]
    visibility: &'static str,
    #[serde(rename = "posting:default:sensitive")]
    sensitive: bool,
    #[serde(rename = "posting:default:language")]
    language: Option<String>,
    /// Nobody can quote here.
    #[serde(rename = "posting:default:quote_policy")]
    quote_policy: &'static str,
    #[serde(rename = "reading:expand:media")]
    #[schemars(extend("enum" = ["default", "show_all", "hide_all"]))]
    expand_media: &'static str,
    /// Content notes stay closed until somebody opens them.
    #[serde(rename = "reading:expand:spoilers")]
    expand_spoilers: bool,
    /// What moves waits until somebody looks at it.
    #[serde(rename = "reading:autoplay:gifs")]
    autoplay_gifs: bool,
}

impl Preferences {
    pub(crate) fn new(member: &Member) -> Self {
        Self {
            visibility: crate::render::visibility(member.default_visibility),
            sensitive: member.default_sensitive,
            language: member.default_language.clone(),
            expand_media: "default",
            expand_spoilers: false,
            quote_policy: "nobody",
            autoplay_gifs: false,
        }
    }
}

impl Role {
    /// Clients show their moderation pages to those who have these bits: figures (8), reports (16), trends
    /// (256) and people (1024) to moderators, everything (1) to administrators.
    pub(crate) const fn new(role: StaffRole) -> Self {
        let (id, name, permissions, highlighted) = match role {
            StaffRole::Member => ("-99", "", "0", false),
            StaffRole::Moderator => ("1", "Moderator", "1304", true),
            StaffRole::Admin => ("2", "Admin", "1", true),
        };
        Self { id, name, color: "", permissions, highlighted }
    }

    /// The number clients know it by.
    pub(crate) const fn id(&self) -> &'static str {
        self.id
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde wants")]
const fn is_false(value: &bool) -> bool {
    !*value
}
