//! What may be typed about communities and those who look after them.

use crate::cli::words;
use alongside_domain::account::Email;
use alongside_domain::actor::{Address, Handle};
use alongside_domain::community::{Audience, JoinPolicy};
use clap::{Args, Subcommand};

/// What can be done with communities.
#[derive(Debug, Subcommand)]
pub enum CommunityCommand {
    /// Open a community.
    Create(NewCommunity),
    /// Say what a community is for, what it asks of its members and when it is staffed; what is not given stays.
    Describe(Description),
    /// Those who look after a community.
    #[command(subcommand)]
    Moderator(ModeratorCommand),
}

/// What can be done about those who look after a community.
#[derive(Debug, Subcommand)]
pub enum ModeratorCommand {
    /// Make somebody look after it.
    Add(OneModerator),
    /// End that they do.
    Remove(OneModerator),
}

/// Somebody, and a community.
#[derive(Debug, Args)]
pub struct OneModerator {
    /// The name of the community, such as "sleep".
    #[arg(value_parser = Handle::new)]
    pub community: Handle,
    /// Who: "robin", or "robin@other.example" for somebody on another node.
    #[arg(value_parser = address)]
    pub who: Address,
}

/// A community to open.
#[derive(Debug, Args)]
pub struct NewCommunity {
    /// The name in its address, such as "sleep".
    #[arg(value_parser = Handle::new)]
    pub name: Handle,
    /// What it is called.
    #[arg(long)]
    pub title: String,
    /// Who may read in it.
    #[arg(long, value_parser = words(Audience::ALL, Audience::as_str), default_value = Audience::Everyone.as_str())]
    pub audience: Audience,
    /// How one becomes a member.
    #[arg(long, value_parser = words(JoinPolicy::ALL, JoinPolicy::as_str), default_value = JoinPolicy::Open.as_str())]
    pub join: JoinPolicy,
    /// Whom to reach when somebody is in danger; without it, the node's `contact`.
    #[arg(long, value_name = "EMAIL", value_parser = Email::parse)]
    pub safeguarding_contact: Option<Email>,
}

/// What a community says of itself.
#[derive(Debug, Args)]
pub struct Description {
    /// The name of the community, such as "sleep".
    #[arg(value_parser = Handle::new)]
    pub community: Handle,
    /// What it is called.
    #[arg(long)]
    pub title: Option<String>,
    /// What it is for.
    #[arg(long)]
    pub about: Option<String>,
    /// A rule; given several times, several, in place of those it had.
    #[arg(long = "rule", value_name = "RULE")]
    pub rules: Vec<String>,
    /// When somebody looks after it, in words.
    #[arg(long)]
    pub staffed_hours: Option<String>,
}

/// Somebody's address.
fn address(text: &str) -> Result<Address, &'static str> {
    Address::parse(text).ok_or("that is nobody's address, such as robin or robin@other.example")
}
