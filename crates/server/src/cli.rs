//! The command line: what may be typed, parsed straight into the domain's own types.
//!
//! Whatever cannot be meant is refused here with exit code 2; nothing is done here.

pub mod announcement;
pub mod emoji;
pub mod host;

use crate::cli::announcement::AnnouncementCommand;
use crate::cli::emoji::EmojiCommand;
use crate::cli::host::HostCommand;
use alongside_domain::account::{Email, Password, Role, Unusable};
use alongside_domain::actor::{Address, Handle};
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::scope::Scopes;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
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

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Open an account with its member; it is confirmed and no newcomer.
    Create(NewAccount),
    /// Send a member a link by mail, with which they choose a new password within an hour.
    ResetPassword {
        /// The member.
        #[arg(value_parser = Handle::new)]
        handle: Handle,
    },
    /// Delete a member and everything of theirs, here and on every server that has any of it.
    Delete(Departure),
    /// Show what other servers answered when they were told that a member is deleted.
    Erasure {
        /// The name that is gone.
        #[arg(value_parser = Handle::new)]
        handle: Handle,
    },
    /// Say which other address is a member's too, so that they can move from there to here.
    Alias(AliasChange),
    /// Move a member to another account: their followers are told.
    Move(Moving),
}

/// A member to delete.
#[derive(Debug, Args)]
pub struct Departure {
    /// The name that is to go. It is never given to another.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// Confirm it: it cannot be taken back.
    #[arg(long, required = true)]
    pub yes: bool,
}

/// Another address of a member.
#[derive(Debug, Args)]
pub struct AliasChange {
    /// The member.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// The other address, such as "@robin@old.example".
    #[arg(value_parser = whole_address)]
    pub address: Address,
    /// Take it away again.
    #[arg(long)]
    pub remove: bool,
}

/// A member to move.
#[derive(Debug, Args)]
pub struct Moving {
    /// The member.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// Where to, such as "@robin@new.example". That account must name this one among its other addresses.
    #[arg(long, value_parser = whole_address)]
    pub to: Address,
}

/// An account to open.
#[derive(Debug, Args)]
pub struct NewAccount {
    /// The public name, such as "robin".
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// The address to sign in with; never shown to others.
    #[arg(long, value_parser = Email::parse)]
    pub email: Email,
    /// The password, or "-" to read it as one line from standard input, where no other user can see it.
    #[arg(long, allow_hyphen_values = true)]
    pub password: PasswordSource,
    /// What the account may do on this node.
    #[arg(long, value_parser = words(Role::ALL, Role::as_str), default_value = Role::Member.as_str())]
    pub role: Role,
}

/// Where a password comes from.
#[derive(Debug, Clone)]
pub enum PasswordSource {
    /// It was typed. Checked by whoever uses it, because clap would repeat it in its error.
    Given(Result<Password, Unusable>),
    /// It is the next line of standard input.
    StandardInput,
}

impl From<&str> for PasswordSource {
    fn from(text: &str) -> Self {
        match text {
            "-" => Self::StandardInput,
            text => Self::Given(Password::new(text.to_owned())),
        }
    }
}

/// What can be done with access tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make an access token and print it, and nothing else.
    Create(NewToken),
}

/// An access token to make.
#[derive(Debug, Args)]
pub struct NewToken {
    /// The member it acts as.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// What it may be used for, such as "read write follow push".
    #[arg(long, value_parser = Scopes::parse)]
    pub scopes: Scopes,
}

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

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make new keys for one who lives here, in place of theirs, and tell their followers.
    Rotate(KeyOwner),
}

/// Whose keys.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct KeyOwner {
    /// The member or community of this name.
    #[arg(value_parser = Handle::new)]
    pub handle: Option<Handle>,
    /// The node itself.
    #[arg(long)]
    pub node: bool,
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

/// Somebody's address.
fn address(text: &str) -> Result<Address, &'static str> {
    Address::parse(text).ok_or("that is nobody's address, such as robin or robin@other.example")
}

/// A whole address.
fn whole_address(text: &str) -> Result<Address, &'static str> {
    let whole = Address::parse(text).filter(|address| address.host.is_some());
    whole.ok_or("that is not a whole address, such as @robin@community.example.org")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("alongside").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_takes_a_file_of_settings_before_or_after_it() {
        for line in [
            "init --kind trust",
            "serve",
            "demo",
            "account create robin --email r@example.org --password longenough",
            "account reset-password robin",
            "account delete robin --yes",
            "account erasure robin",
            "account alias robin @robin@old.example",
            "account alias robin @robin@old.example --remove",
            "account move robin --to @robin@new.example",
            "token create robin --scopes read",
            "community create sleep --title Sleep",
            "community describe sleep --about Nights --rule Kindness --rule Quiet --staffed-hours always",
            "key rotate sleep",
            "key rotate --node",
            "community moderator add sleep robin",
            "community moderator remove sleep @robin@other.example",
            "host allow example.org",
            "host block example.org",
            "host list",
            "host list example.org",
            "host retry example.org",
            "host drop example.org",
            "host limit example.org --silence --no-media --no-reports --members",
            "host open example.org",
            "host import blocked.csv --dry-run",
            "host import allowed.csv --allow",
            "host export --allow",
            "host subscribe https://example.org/blocked.csv --dry-run",
            "host unsubscribe https://example.org/blocked.csv",
            "host subscriptions",
            "announcement publish Closed --from 2026-12-01T20:00:00Z --until 2026-12-02T20:00:00Z",
            "announcement list",
            "announcement withdraw 7",
            "migrate",
            "config check",
            "doctor",
        ] {
            for with_file in [format!("--config node.toml {line}"), format!("{line} --config node.toml")] {
                let cli = parse(&with_file).unwrap_or_else(|error| panic!("{with_file}: {error}"));
                assert_eq!(cli.config, Some(PathBuf::from("node.toml")), "{with_file}");
            }
        }
    }

    #[test]
    fn what_is_left_out_has_its_usual_value() {
        let Command::Account(AccountCommand::Create(account)) =
            parse("account create Robin --email R@Example.org --password longenough").unwrap().command
        else {
            panic!("another command");
        };
        assert_eq!((account.role, account.email.as_str()), (Role::Member, "r@example.org"));
        let Command::Community(CommunityCommand::Create(community)) =
            parse("community create sleep --title Sleep").unwrap().command
        else {
            panic!("another command");
        };
        assert_eq!((community.audience, community.join), (Audience::Everyone, JoinPolicy::Open));
        assert_eq!(community.safeguarding_contact, None);
    }

    #[test]
    fn what_cannot_be_meant_is_a_usage_error() {
        for line in [
            "",
            "sleep",
            "init",
            "init --kind cinema",
            "account create robin --email robin --password longenough",
            "account create robin --email r@example.org --password longenough --role owner",
            "account create @robin --email r@example.org --password longenough",
            "account create robin --email r@example.org",
            "account reset-password",
            "account delete robin",
            "account move robin --to robin",
            "token create robin --scopes everything",
            "token create robin",
            "community create sleep",
            "community create sleep --title Sleep --audience nobody",
            "community create sleep --title Sleep --join never",
            "community create sleep --title Sleep --safeguarding-contact nobody",
            "key rotate",
            "key rotate sleep --node",
            "key rotate alongside",
            "community moderator add sleep",
            "community moderator add sleep robin@",
            "host allow",
            "host allow https://example.org",
            "host subscribe blocked.csv",
            "host import",
            "host allow example.org/path",
            "host allow user@example.org",
            "config",
        ] {
            assert_eq!(parse(line).expect_err(line).exit_code(), 2, "{line}");
        }
        assert_eq!(parse("--version").unwrap_err().kind(), ErrorKind::DisplayVersion);
        assert_eq!(parse("--help").unwrap_err().exit_code(), 0);
    }

    #[test]
    fn a_password_may_come_from_standard_input_or_start_with_a_dash() {
        let source = |password: &str| {
            let line = format!("account create robin --email r@example.org --password {password}");
            match parse(&line).unwrap().command {
                Command::Account(AccountCommand::Create(account)) => account.password,
                other => panic!("another command: {other:?}"),
            }
        };
        assert!(matches!(source("-"), PasswordSource::StandardInput));
        assert!(
            matches!(source("-longenough"), PasswordSource::Given(Ok(given)) if given.reveal() == "-longenough")
        );
        assert!(matches!(source("short"), PasswordSource::Given(Err(Unusable::Password))));
    }
}
