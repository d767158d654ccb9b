//! What figures are asked for: which, about what, and on which days.

use crate::error::Error;
use alongside_app::own::read_tag;
use alongside_domain::clock::Timestamp;
use alongside_domain::figure::{About, Days, Frequency};
use alongside_domain::fold;
use alongside_domain::word::UnknownWord;
use schemars::JsonSchema;
use serde::Deserialize;
use std::str::FromStr;

/// From the first to the last of thirty days.
const MONTH_SECS: i64 = 29 * 86_400;

/// A question, as all three addresses take it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Question {
    keys: Vec<String>,
    start_at: String,
    end_at: String,
    frequency: String,
    pub(super) limit: Option<i64>,
    tag_accounts: Subject,
    tag_uses: Subject,
    tag_servers: Subject,
    tag_languages: Subject,
    instance_accounts: Subject,
    instance_reports: Subject,
    instance_statuses: Subject,
    instance_follows: Subject,
    instance_followers: Subject,
    instance_languages: Subject,
}

/// What a figure is about.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Subject {
    id: String,
    domain: String,
}

impl Question {
    /// The days asked for, or the last thirty.
    pub(super) fn days(&self, now: Timestamp) -> Result<Days, Error> {
        let at = |name: &str, text: &str, unless_said: Timestamp| {
            if text.is_empty() {
                return Ok(unless_said);
            }
            // A day, or a moment of it.
            let moment = Timestamp::parse(text).or_else(|| Timestamp::parse(&format!("{text}T00:00:00Z")));
            moment.ok_or_else(|| unfit(&format!("{name}: must be a date")))
        };
        let end = at("end_at", &self.end_at, now)?;
        let start = at("start_at", &self.start_at, end.plus_secs(-MONTH_SECS))?;
        Days::between(start, end).map_err(|error| unfit(&error.to_string()))
    }

    /// The figures asked for. One that does not exist is refused, so that nobody takes silence for nought.
    pub(super) fn keys<T: FromStr<Err = UnknownWord>>(&self, most: usize) -> Result<Vec<T>, Error> {
        if self.keys.len() > most {
            return Err(unfit(&format!("keys: {most} at once are enough")));
        }
        self.keys
            .iter()
            .map(|key| key.parse().map_err(|error: UnknownWord| unfit(&format!("keys: {error}"))))
            .collect()
    }

    /// How long the periods are.
    pub(super) fn frequency(&self) -> Result<Frequency, Error> {
        self.frequency.parse().map_err(|error: UnknownWord| unfit(&format!("frequency: {error}")))
    }

    /// The hashtag or the host that a figure is about, as it is kept.
    pub(super) fn subject(&self, key: &str, about: About) -> Result<String, Error> {
        let given = match key {
            "tag_accounts" => &self.tag_accounts,
            "tag_uses" => &self.tag_uses,
            "tag_servers" => &self.tag_servers,
            "tag_languages" => &self.tag_languages,
            "instance_accounts" => &self.instance_accounts,
            "instance_reports" => &self.instance_reports,
            "instance_statuses" => &self.instance_statuses,
            "instance_follows" => &self.instance_follows,
            "instance_followers" => &self.instance_followers,
            "instance_languages" => &self.instance_languages,
            _ => return Ok(String::new()),
        };
        match about {
            About::Node => Ok(String::new()),
            About::Tag => read_tag(&given.id).ok_or_else(|| unfit(&format!("{key}: id: must be a hashtag"))),
            About::Host => fold::name_of_host(&given.domain)
                .ok_or_else(|| unfit(&format!("{key}: domain: must be the name of a server"))),
        }
    }
}

fn unfit(says: &str) -> Error {
    Error::Unfit(format!("Validation failed: {says}"))
}
