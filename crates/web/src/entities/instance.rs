//! What the node is, in both versions of the API.

mod access;
pub(crate) mod configuration;

use crate::entities::instance::configuration::Configuration;
use crate::pages::statics::THUMBNAIL;
use alongside_app::context::App;
use alongside_domain::rules;
use alongside_domain::sign_up;
use alongside_store::statistics::Statistics;
use schemars::JsonSchema;
use serde::Serialize;

/// Clients switch features on by this number, so it begins like the version of Mastodon whose API we
/// speak; what we are stands behind it.
const VERSION: &str = concat!("4.7.0 (compatible; Alongside ", env!("CARGO_PKG_VERSION"), ")");
/// Grouped notifications, push messages as the standards have them, filters that blur, and what is featured on profiles
/// are there (up to 6); what later numbers promise, beginning with quotes, is not.
const API_VERSION: u32 = 6;
/// What clients that know communities look for.
const GROUPS_VERSION: u32 = 1;
const DESCRIPTION: &str = "A place for people who know what it is like, looked after by people.";

/// What somebody who may not sign up by themselves is told.
#[derive(Debug, Serialize, JsonSchema)]
struct Registrations {
    enabled: bool,
    approval_required: bool,
    reason_required: bool,
    message: Option<String>,
    min_age: Option<u8>,
    url: Option<String>,
}

/// `GET /api/v2/instance`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InstanceV2 {
    domain: String,
    title: String,
    version: &'static str,
    source_url: String,
    description: &'static str,
    usage: Usage,
    thumbnail: Thumbnail,
    icon: [Icon; 0],
    languages: [&'static str; 1],
    configuration: Configuration,
    registrations: Registrations,
    api_versions: ApiVersions,
    contact: Contact,
    rules: Vec<Rule>,
}

/// `GET /api/v1/instance`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InstanceV1 {
    uri: String,
    title: String,
    short_description: &'static str,
    description: &'static str,
    email: String,
    version: &'static str,
    urls: StreamingUrl,
    stats: Stats,
    thumbnail: String,
    languages: [&'static str; 1],
    registrations: bool,
    approval_required: bool,
    invites_enabled: bool,
    configuration: Configuration,
    contact_account: Option<()>,
    rules: Vec<Rule>,
}

/// Something that is asked of everybody.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) text: &'static str,
    pub(crate) hint: &'static str,
}

impl Rule {
    pub(crate) const fn new(rule: &rules::Rule) -> Self {
        Self { id: rule.id, text: rule.text, hint: rule.hint }
    }
}

/// How much happened here in a week. The API has numbers as texts here.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Week {
    /// When it began, in seconds since 1970.
    pub(crate) week: String,
    pub(crate) statuses: String,
    pub(crate) logins: String,
    pub(crate) registrations: String,
}

/// A language that one can write in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Language {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

/// A longer text about the node, as HTML.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Document {
    pub(crate) updated_at: &'static str,
    pub(crate) content: String,
}

/// A host that is blocked or silenced.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DomainBlock {
    pub(crate) domain: String,
    pub(crate) digest: String,
    pub(crate) severity: &'static str,
    pub(crate) comment: String,
}

/// What members and the node owe each other, as HTML.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Terms {
    pub(crate) effective_date: &'static str,
    pub(crate) effective: bool,
    pub(crate) content: String,
    pub(crate) succeeded_by: Option<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Usage {
    users: ActiveUsers,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ActiveUsers {
    active_month: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Thumbnail {
    url: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Icon {
    src: String,
    size: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ApiVersions {
    mastodon: u32,
    /// The groups extension, whole.
    #[serde(rename = "pleroma:groups.pleroma.pl-api")]
    groups: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Contact {
    email: String,
    account: Option<()>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct StreamingUrl {
    streaming_api: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Stats {
    user_count: i64,
    status_count: i64,
    domain_count: i64,
}

impl InstanceV2 {
    pub(crate) fn new(
        app: &App,
        configuration: Configuration,
        active_month: i64,
        rules: Vec<Rule>,
        source_url: String,
    ) -> Self {
        let (places, settings) = (app.places(), app.settings());
        let closed = settings.registrations == sign_up::Registrations::Closed;
        Self {
            domain: places.host().to_owned(),
            title: settings.title.clone(),
            version: VERSION,
            source_url,
            description: DESCRIPTION,
            usage: Usage { users: ActiveUsers { active_month } },
            thumbnail: Thumbnail { url: format!("{}{THUMBNAIL}", places.origin()) },
            icon: [],
            languages: ["en"],
            configuration,
            registrations: Registrations {
                enabled: !closed,
                approval_required: settings.registrations != sign_up::Registrations::Open,
                reason_required: false,
                message: closed
                    .then(|| "<p>Accounts are made by the organisation that runs this node.</p>".to_owned()),
                min_age: settings.min_age,
                url: None,
            },
            api_versions: ApiVersions { mastodon: API_VERSION, groups: GROUPS_VERSION },
            contact: Contact { email: settings.contact.clone().unwrap_or_default(), account: None },
            rules,
        }
    }
}

impl InstanceV1 {
    pub(crate) fn new(
        app: &App,
        configuration: Configuration,
        statistics: &Statistics,
        rules: Vec<Rule>,
    ) -> Self {
        let (places, settings) = (app.places(), app.settings());
        Self {
            uri: places.host().to_owned(),
            title: settings.title.clone(),
            short_description: DESCRIPTION,
            description: DESCRIPTION,
            email: settings.contact.clone().unwrap_or_default(),
            version: VERSION,
            urls: StreamingUrl { streaming_api: configuration.streaming().to_owned() },
            stats: Stats {
                user_count: statistics.members,
                status_count: statistics.posts,
                domain_count: statistics.hosts,
            },
            thumbnail: format!("{}{THUMBNAIL}", places.origin()),
            languages: ["en"],
            registrations: settings.registrations != sign_up::Registrations::Closed,
            approval_required: settings.registrations != sign_up::Registrations::Open,
            invites_enabled: false,
            configuration,
            contact_account: None,
            rules,
        }
    }
}

impl Document {
    /// When the texts of this version were written.
    pub(crate) const UPDATED_AT: &str = "2026-11-23T00:00:00.000Z";
    /// The day of it.
    pub(crate) const UPDATED_ON: &str = "2026-11-23";
    /// What the place is for.
    pub(crate) const ABOUT: &str = "<p>Here you meet people who live with what you live with. You choose the name \
        you go by. People look after each community, and you can always reach them.</p>\
        <p>Nobody here can help in an emergency. If somebody is in danger, call 999 in the UK or 112 in many other \
        countries.</p>";
}
