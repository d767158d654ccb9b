//! What can be typed, and what it is taken for.

use super::*;
use crate::cli::account::PasswordSource;
use alongside_domain::account::{Role, Unusable};
use alongside_domain::community::{Audience, JoinPolicy};
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
