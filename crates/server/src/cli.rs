//! The command line: what may be typed, parsed straight into the domain's own types.
//!
//! Whatever cannot be meant is refused here with exit code 2; nothing is done here.

pub mod account;
pub mod announcement;
pub mod community;
pub mod emoji;
pub mod host;
pub mod key;
pub mod token;

use crate::cli::account::AccountCommand;
use crate::cli::announcement::AnnouncementCommand;
use crate::cli::community::CommunityCommand;
use crate::cli::emoji::EmojiCommand;
use crate::cli::host::HostCommand;
use crate::cli::key::KeyCommand;
use crate::cli::token::TokenCommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::str::FromStr;

/// A node for peer-support communities that federate.
#[derive(Debug, Parser)]
#[command(name = "alongside", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// Read the settings from this file in place of alongside.toml.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a first file of settings for an organisation. A file that is there is left as it is.
    Init {
        /// What kind of organisation it is.
        #[arg(long, value_parser = words(OrganisationKind::ALL, OrganisationKind::as_str))]
        kind: OrganisationKind,
    },
    /// Run the node.
    Serve,
    /// Try it: three nodes on this machine, with communities and conversations.
    Demo,
    /// People who sign in.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Access tokens for programs.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Communities of this node.
    #[command(subcommand)]
    Community(CommunityCommand),
    /// What every member of this node is told.
    #[command(subcommand)]
    Announcement(AnnouncementCommand),
    /// The keys with which this node signs.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Pictures that stand for a word between colons.
    #[command(subcommand)]
    Emoji(EmojiCommand),
    /// Other nodes this one knows.
    #[command(subcommand)]
    Host(HostCommand),
    /// Bring the database to the shape this version needs. `serve` does it too.
    Migrate,
    /// The settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look for what is wrong with this node and say what to do about it.
    Doctor,
}

alongside_domain::words! {
    /// The kinds of organisation that run a node.
    pub enum OrganisationKind {
        /// A trust of the health service, which talks only with those it has an agreement with.
        Trust = "trust",
        /// A charity.
        Charity = "charity",
        /// A practice.
        Practice = "practice",
    }
}

/// What can be done with the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say everything that is wrong with them, or print what the node would run with.
    Check,
}

/// One of a closed set of words, which the help then lists.
fn words<T>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + FromStr<Err: std::error::Error + Send + Sync> + Send + Sync,
{
    PossibleValuesParser::new(all.iter().map(move |one| word(*one))).try_map(|given| given.parse())
}

#[cfg(test)]
mod tests;
