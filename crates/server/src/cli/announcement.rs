//! What may be typed about announcements.

use alongside_domain::clock::Timestamp;
use alongside_domain::id::AnnouncementId;
use clap::{Args, Subcommand};

/// What can be done with announcements.
#[derive(Debug, Subcommand)]
pub enum AnnouncementCommand {
    /// Tell every member something; clients show it until it was read.
    Publish(NewAnnouncement),
    /// Show what is announced now.
    List,
    /// Take one back.
    Withdraw {
        /// Its number, as the list shows it.
        #[arg(value_parser = str::parse::<AnnouncementId>)]
        id: AnnouncementId,
    },
}

/// Something to announce.
#[derive(Debug, Args)]
pub struct NewAnnouncement {
    /// What to tell. Links and hashtags work in it.
    pub text: String,
    /// When what it is about begins, such as "2026-12-01T20:00:00Z".
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub from: Option<Timestamp>,
    /// From when on it is not shown any more.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub until: Option<Timestamp>,
}

fn moment(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(text).ok_or("that is not a moment, such as 2026-12-01T20:00:00Z")
}
