//! The node's settings: what they are, what holds where nothing is set, and which do not go together.
//!
//! A setting comes from `alongside.toml` and may be overridden by an environment variable named
//! `ALONGSIDE__SECTION__KEY`. Reading happens once, at the start; a [`Config`] that exists is right
//! in every part. `alongside.example.toml` documents each key, and a test keeps it true.

mod field;
pub mod mail;
pub mod media;
pub mod network;
pub mod problem;
mod source;
pub mod value;

use crate::config::mail::Mail;
use crate::config::media::Media;
use crate::config::network::Network;
use crate::config::problem::{ConfigError, Problem};
use crate::config::source::Source;
use crate::config::value::{LogFilter, LoopbackHost, PostgresUrl, PublicUrl, WebAddress};
use alongside_domain::account::Email;
use alongside_domain::agreement::Mode;
use alongside_domain::limits::{MIN_AGE_MAX, POST_CHARS_MAX};
use alongside_domain::sign_up::Registrations;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The file that is read, where it exists, when the command line names no other.
pub const DEFAULT_FILE: &str = "alongside.toml";

/// The highest number a server may have; the numbers above it are for commands that run beside one.
pub const SERVER_NUMBER_MAX: u8 = 31;

/// How much wider rate limits are, unless set, on a node only this machine can name.
const LOOPBACK_WIDENING: u32 = 100;

/// Every setting of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Config {
    /// The public base address.
    pub url: PublicUrl,
    /// Where the server listens.
    #[serde(deserialize_with = "field::listen")]
    pub listen: SocketAddr,
    /// The folder of everything the node keeps.
    #[serde(deserialize_with = "field::folder")]
    pub data_dir: PathBuf,
    /// A PostgreSQL database; absent, SQLite in the data folder.
    pub database: Option<PostgresUrl>,
    /// What the node is called.
    #[serde(deserialize_with = "field::title")]
    pub title: String,
    /// Whom to reach about safeguarding where a community names nobody.
    #[serde(default, with = "field::email")]
    pub contact: Option<Email>,
    /// Where the source of what runs here can be had.
    pub source_url: Option<WebAddress>,
    /// Which of several processes on one database this is.
    #[serde(deserialize_with = "field::whole::<0, { SERVER_NUMBER_MAX as u64 }, _, _>")]
    pub node_number: u8,
    /// Who may open an account for themselves.
    #[serde(with = "field::registrations")]
    pub registrations: Registrations,
    /// How old newcomers have to be, in years.
    #[serde(default, deserialize_with = "field::maybe_whole::<1, { MIN_AGE_MAX as u64 }, _, _>")]
    pub min_age: Option<u8>,
    /// Who may read the figures at `/metrics`.
    pub metrics: Metrics,
    /// How the node talks to others.
    pub federation: Federation,
    /// How clients sign in.
    pub oauth: OAuth,
    /// How much is taken, and how often.
    pub limits: Limits,
    /// Where files are kept, and what is done with them.
    pub media: Media,
    /// How letters are sent.
    pub mail: Mail,
    /// What is written to the log, and how.
    pub log: Log,
}

/// How the node talks to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Federation {
    /// With whom the node talks.
    #[serde(with = "field::mode")]
    pub mode: Mode,
    /// Whether documents are shown to signed requests only; absent, as the mode has it.
    pub signed_fetch: Option<bool>,
    /// The only hosts reached over plain http, at loopback addresses; for tests and trials.
    #[serde(deserialize_with = "field::loopback_hosts")]
    pub insecure_hosts: Vec<LoopbackHost>,
    /// Seconds until a failed delivery is tried again for the first time.
    #[serde(deserialize_with = "field::whole::<1, 86_400, _, _>")]
    pub retry_first_secs: u32,
    /// The longest wait between two tries, in seconds.
    #[serde(deserialize_with = "field::whole::<1, 604_800, _, _>")]
    pub retry_max_secs: u32,
}

/// How clients sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct OAuth {
    /// Whether a client may send a member's password itself; for trials.
    pub password_grant: bool,
}

/// How much is taken, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Limits {
    /// Requests with one access token.
    #[serde(deserialize_with = "field::whole::<1, 1_000_000, _, _>")]
    pub token_requests_per_5_min: u32,
    /// Attempts to sign in from one address.
    #[serde(deserialize_with = "field::whole::<1, 1_000_000, _, _>")]
    pub address_sign_ins_per_5_min: u32,
    /// Client applications registered from one address.
    #[serde(deserialize_with = "field::whole::<1, 1_000_000, _, _>")]
    pub address_apps_per_hour: u32,
    /// Connections that listen to streams at once.
    #[serde(deserialize_with = "field::whole::<0, 100_000, _, _>")]
    pub streams: usize,
    /// Of these those of one member.
    #[serde(deserialize_with = "field::whole::<1, 1_000, _, _>")]
    pub streams_per_member: usize,
    /// The proxies that are believed when they name the address a request comes from.
    #[serde(deserialize_with = "field::networks")]
    pub trusted_proxies: Vec<Network>,
    /// Keys this node looks up because one host sent something.
    #[serde(deserialize_with = "field::whole::<1, 1_000_000, _, _>")]
    pub host_key_lookups_per_min: u32,
    /// Activities this node takes in of one host.
    #[serde(deserialize_with = "field::whole::<1, 1_000_000, _, _>")]
    pub host_activities_per_min: u32,
    /// Characters in a post written here.
    #[serde(deserialize_with = "field::whole::<100, { POST_CHARS_MAX as u64 }, _, _>")]
    pub post_chars: usize,
    /// Bytes in an uploaded image.
    #[serde(deserialize_with = "field::whole::<65_536, 104_857_600, _, _>")]
    pub media_bytes: usize,
    /// Bytes in an uploaded film or sound.
    #[serde(deserialize_with = "field::whole::<65_536, 1_073_741_824, _, _>")]
    pub film_bytes: usize,
    /// Bytes in an activity from elsewhere.
    #[serde(deserialize_with = "field::whole::<65_536, 16_777_216, _, _>")]
    pub activity_bytes: usize,
}

/// What is written to the log, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Log {
    /// The shape of a line.
    pub format: LogFormat,
    /// What is written.
    pub level: LogFilter,
}

/// Who may read the figures at `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metrics {
    /// Nobody.
    Off,
    /// Whoever asks from this machine.
    Loopback,
    /// An access token of an administrator, good for `admin:read`.
    Token,
}

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Reads the settings from a file and the environment, or says everything that is wrong with them.
///
/// Without a path, [`DEFAULT_FILE`] is read where it exists.
pub fn load(
    path: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Config, ConfigError> {
    let source = Source::gather(path, environment)?;
    let mut problems = Vec::new();
    let config = source.read(&defaults_for(&source), &mut problems);
    problems.extend(clashes(&config, &source));
    if problems.is_empty() { Ok(config) } else { Err(ConfigError::Invalid(problems)) }
}

impl Default for Config {
    /// A node for this machine alone, with the limits of a public one.
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        Self {
            url: PublicUrl::of_listener(listen),
            listen,
            data_dir: PathBuf::from("./data"),
            database: None,
            title: "Alongside".to_owned(),
            contact: None,
            source_url: None,
            node_number: 0,
            registrations: Registrations::Closed,
            min_age: None,
            metrics: Metrics::Token,
            federation: Federation {
                mode: Mode::Open,
                signed_fetch: None,
                insecure_hosts: Vec::new(),
                retry_first_secs: 30,
                retry_max_secs: 6 * 3_600,
            },
            oauth: OAuth { password_grant: false },
            limits: Limits {
                token_requests_per_5_min: 300,
                address_sign_ins_per_5_min: 25,
                address_apps_per_hour: 20,
                streams: 4_000,
                streams_per_member: 20,
                trusted_proxies: Network::LOOPBACK.to_vec(),
                host_key_lookups_per_min: 60,
                host_activities_per_min: 3_000,
                post_chars: POST_CHARS_MAX,
                media_bytes: 10 * 1_048_576,
                film_bytes: 40 * 1_048_576,
                activity_bytes: 1_048_576,
            },
            media: Media::default(),
            mail: Mail::default(),
            log: Log { format: LogFormat::Text, level: LogFilter::default() },
        }
    }
}

impl Config {
    /// A node for a trial on this machine.
    pub fn for_trial(listen: SocketAddr, data_dir: PathBuf) -> Self {
        let config = Self::default();
        Self {
            url: PublicUrl::of_listener(listen),
            listen,
            data_dir,
            limits: config.limits.widened(),
            ..config
        }
    }

    /// What is on for trials although the public address is one that others can reach. It is not refused:
    /// a trial may stand behind a proxy of its own.
    pub fn trials_in_public(&self) -> Vec<&'static str> {
        let trials = [
            (
                !self.federation.insecure_hosts.is_empty(),
                "`federation.insecure_hosts` is set: this node talks in plain http with other programs on this machine",
            ),
            (
                self.oauth.password_grant,
                "`oauth.password_grant` is on: any client may ask members for their passwords",
            ),
        ];
        let public = !self.url.is_loopback();
        trials.into_iter().filter(|(on, _)| public && *on).map(|(_, says)| says).collect()
    }

    /// The SQLite file, used where no other database is named.
    pub fn sqlite_file(&self) -> PathBuf {
        self.data_dir.join("alongside.db")
    }
}

impl Limits {
    /// The same sizes, and rates for a node only this machine can name.
    #[must_use]
    fn widened(self) -> Self {
        Self {
            token_requests_per_5_min: self.token_requests_per_5_min * LOOPBACK_WIDENING,
            address_sign_ins_per_5_min: self.address_sign_ins_per_5_min * LOOPBACK_WIDENING,
            address_apps_per_hour: self.address_apps_per_hour * LOOPBACK_WIDENING,
            host_key_lookups_per_min: self.host_key_lookups_per_min * LOOPBACK_WIDENING,
            host_activities_per_min: self.host_activities_per_min * LOOPBACK_WIDENING,
            ..self
        }
    }
}

/// What holds where nothing is set: the public address follows `listen`, the rates follow the address.
fn defaults_for(source: &Source) -> Config {
    let mut defaults = Config::default();
    if let Some(listen) = source.peek::<SocketAddr>("listen").filter(|listen| listen.ip().is_loopback()) {
        defaults.url = PublicUrl::of_listener(listen);
    }
    if source.peek::<PublicUrl>("url").unwrap_or_else(|| defaults.url.clone()).is_loopback() {
        defaults.limits = defaults.limits.widened();
    }
    defaults
}

/// What is right by itself and wrong together.
fn clashes(config: &Config, source: &Source) -> Vec<Problem> {
    let public = !config.listen.ip().is_loopback();
    let trials_only = "is for trials on this machine and refused while `listen` is not a loopback address; \
                       remove it, or listen on 127.0.0.1";
    let rules = [
        (
            "url",
            public && !source.sets("url"),
            "must be set while `listen` is not a loopback address: the address members will use, such as \
             \"https://community.example.org\"",
        ),
        (
            "url",
            public && source.sets("url") && config.url.is_loopback(),
            "must not be a loopback address while `listen` is not one: the node would treat everybody who can connect \
             as this machine, with wide limits and cookies that any network may read; set the https address that \
             members will use, or listen on 127.0.0.1",
        ),
        ("federation.insecure_hosts", public && !config.federation.insecure_hosts.is_empty(), trials_only),
        ("oauth.password_grant", public && config.oauth.password_grant, trials_only),
        (
            "federation.retry_max_secs",
            config.federation.retry_max_secs < config.federation.retry_first_secs,
            "must not be less than `federation.retry_first_secs`",
        ),
        (
            "registrations",
            config.registrations == Registrations::Open && config.mail.server.is_none(),
            "cannot be \"open\" without mail, because newcomers have to confirm their address: set `mail.server` and \
             `mail.from`, or use \"approval\"",
        ),
    ];
    rules
        .into_iter()
        .chain(config.media.clashes())
        .chain(config.mail.clashes())
        .filter(|(_, broken, _)| *broken)
        .map(|(key, _, says)| source.problem(key, says))
        .collect()
}

#[cfg(test)]
mod tests;
