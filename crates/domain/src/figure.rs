//! Figures that staff ask for: what is counted, and over which days. People are counted by what they wrote; nobody is
//! watched while they read.

use crate::clock::Timestamp;

crate::words! {
    /// What is counted day by day, by the words of the Mastodon API.
    pub enum Measure {
        /// Members who wrote.
        ActiveUsers = "active_users",
        /// Accounts that were opened and let in.
        NewUsers = "new_users",
        /// Reactions, boosts and replies of members.
        Interactions = "interactions",
        /// Reports that were made.
        OpenedReports = "opened_reports",
        /// Reports that were dealt with.
        ResolvedReports = "resolved_reports",
        /// People who used a hashtag in public.
        TagAccounts = "tag_accounts",
        /// Public posts with a hashtag.
        TagUses = "tag_uses",
        /// Servers from which a hashtag was used.
        TagServers = "tag_servers",
        /// People of a server who became known here.
        InstanceAccounts = "instance_accounts",
        /// Reports about people of a server.
        InstanceReports = "instance_reports",
        /// Posts of people of a server.
        InstanceStatuses = "instance_statuses",
        /// Follows of people of a server, by members.
        InstanceFollows = "instance_follows",
        /// Follows of members, by people of a server.
        InstanceFollowers = "instance_followers",
    }
}

crate::words! {
    /// What is counted by kind, by the words of the Mastodon API.
    pub enum Dimension {
        /// The languages members wrote in.
        Languages = "languages",
        /// The clients they wrote with.
        Sources = "sources",
        /// The other servers that most posts came from.
        Servers = "servers",
        /// What the node takes of the disk.
        SpaceUsage = "space_usage",
        /// What runs here.
        SoftwareVersions = "software_versions",
        /// The servers from which a hashtag was used.
        TagServers = "tag_servers",
        /// The languages of posts with a hashtag.
        TagLanguages = "tag_languages",
        /// Those of a server whom most members follow.
        InstanceAccounts = "instance_accounts",
        /// The languages of posts from a server.
        InstanceLanguages = "instance_languages",
    }
}

crate::words! {
    /// How long the periods of a comparison are.
    pub enum Frequency {
        /// Days.
        Day = "day",
        /// Calendar months.
        Month = "month",
    }
}

/// What a figure is about, where it is about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The whole node.
    Node,
    /// A hashtag.
    Tag,
    /// Another server.
    Host,
}

impl Measure {
    /// What it is about.
    pub const fn about(self) -> About {
        match self {
            Self::ActiveUsers
            | Self::NewUsers
            | Self::Interactions
            | Self::OpenedReports
            | Self::ResolvedReports => About::Node,
            Self::TagAccounts | Self::TagUses | Self::TagServers => About::Tag,
            Self::InstanceAccounts
            | Self::InstanceReports
            | Self::InstanceStatuses
            | Self::InstanceFollows
            | Self::InstanceFollowers => About::Host,
        }
    }
}

impl Dimension {
    /// What it is about.
    pub const fn about(self) -> About {
        match self {
            Self::Languages | Self::Sources | Self::Servers | Self::SpaceUsage | Self::SoftwareVersions => {
                About::Node
            }
            Self::TagServers | Self::TagLanguages => About::Tag,
            Self::InstanceAccounts | Self::InstanceLanguages => About::Host,
        }
    }
}

/// Days in one question.
pub const DAYS_MAX: i64 = 366;
/// Periods that are compared with each other.
pub const PERIODS_MAX: usize = 62;
const DAY_SECS: i64 = 86_400;

/// Whole days, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: Timestamp,
    count: i64,
}

/// The days are none, or too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the days asked for end before they begin, or are more than {DAYS_MAX}, or more than {PERIODS_MAX} periods"
)]
pub struct NoDays;

impl Days {
    /// From the day of one moment to that of another.
    pub fn between(start: Timestamp, end: Timestamp) -> Result<Self, NoDays> {
        let (first, last) = (start.midnight(), end.midnight());
        let count = (last.as_secs() - first.as_secs()) / DAY_SECS + 1;
        if (1..=DAYS_MAX).contains(&count) { Ok(Self { first, count }) } else { Err(NoDays) }
    }

    /// As many days, just before these.
    #[must_use]
    pub fn before(self) -> Self {
        Self { first: self.first.plus_secs(-self.count * DAY_SECS), ..self }
    }

    /// The moment they begin.
    pub const fn start(self) -> Timestamp {
        self.first
    }

    /// The first moment after them.
    pub const fn end(self) -> Timestamp {
        self.first.plus_secs(self.count * DAY_SECS)
    }

    /// Each by the moment it begins.
    pub fn each(self) -> impl Iterator<Item = Timestamp> {
        (0..self.count).map(move |day| self.first.plus_secs(day * DAY_SECS))
    }

    /// The periods they lie in, by the moments these begin.
    pub fn periods(self, frequency: Frequency) -> Result<Vec<Timestamp>, NoDays> {
        let mut periods: Vec<Timestamp> = self
            .each()
            .map(|day| match frequency {
                Frequency::Day => day,
                Frequency::Month => first_of_month(day),
            })
            .collect();
        periods.dedup();
        if periods.len() > PERIODS_MAX { Err(NoDays) } else { Ok(periods) }
    }
}

fn first_of_month(day: Timestamp) -> Timestamp {
    let text = day.to_string();
    let month = text.get(..7).unwrap_or_default();
    Timestamp::parse(&format!("{month}-01T00:00:00Z")).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("{text}Z")).unwrap()
    }

    #[test]
    fn days_are_whole_and_not_endless() {
        let days = Days::between(at("2026-11-20T13:00:00"), at("2026-11-22T01:00:00")).unwrap();
        assert_eq!(days.each().count(), 3);
        assert_eq!((days.start(), days.end()), (at("2026-11-20T00:00:00"), at("2026-11-23T00:00:00")));
        assert_eq!(days.before().end(), days.start());
        assert_eq!(Days::between(at("2026-11-22T00:00:00"), at("2026-11-20T00:00:00")), Err(NoDays));
        assert_eq!(Days::between(at("2025-11-20T00:00:00"), at("2026-11-22T00:00:00")), Err(NoDays));
    }

    #[test]
    fn months_begin_with_their_first_day() {
        let days = Days::between(at("2026-01-31T00:00:00"), at("2026-03-01T00:00:00")).unwrap();
        let months = ["2026-01-01T00:00:00", "2026-02-01T00:00:00", "2026-03-01T00:00:00"].map(at);
        assert_eq!(days.periods(Frequency::Month).unwrap(), months);
        assert_eq!(days.periods(Frequency::Day).unwrap().len(), 30);
        let year = Days::between(at("2026-01-01T00:00:00"), at("2026-12-31T00:00:00")).unwrap();
        assert_eq!(year.periods(Frequency::Day), Err(NoDays));
        assert_eq!(year.periods(Frequency::Month).unwrap().len(), 12);
    }
}
