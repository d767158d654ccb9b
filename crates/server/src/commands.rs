//! Running a command: what `main` calls, and the only place that writes results to standard output.
//! Each kind of command is a function below that says what came of it.

pub mod account;
pub mod announcement;
pub mod community;
pub mod emoji;
pub mod host;
pub mod host_list;
pub mod init;
pub mod key;
pub mod leaving;
pub mod moderator;
pub mod token;

use crate::cli::account::AccountCommand;
use crate::cli::announcement::AnnouncementCommand;
use crate::cli::community::{CommunityCommand, ModeratorCommand};
use crate::cli::emoji::EmojiCommand;
use crate::cli::host::HostCommand;
use crate::cli::key::KeyCommand;
use crate::cli::token::TokenCommand;
use crate::cli::{Cli, Command, ConfigCommand};
use crate::clock::SystemClock;
use crate::config::{self, Config, Log};
use crate::doctor::{self, Verdict};
use crate::{demo, serve, telemetry, wiring};
use alongside_domain::causes;
use alongside_federation::node::Federation;
use clap::Parser;
use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// What ends a command before it is done. Each becomes one sentence on standard error.
type Failure = Box<dyn Error + Send + Sync>;

/// Runs what the command line asks for: exit code 0 when it is done, 1 when it failed, 2 when it
/// could not be meant.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("alongside: {}", causes::line(&*failure));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let file = cli.config.as_deref();
    let config = match cli.command {
        // It is there to write them.
        Command::Init { .. } => Config::default(),
        _ => config::load(file, std::env::vars_os())?,
    };
    telemetry::start(&log_for(&cli.command, &config));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(dispatch(cli.command, file, &config))
}

/// A running node logs as configured; other commands speak for themselves and log only trouble.
fn log_for(command: &Command, config: &Config) -> Log {
    match command {
        Command::Serve | Command::Demo => config.log.clone(),
        _ => Log { level: "warn".parse().expect("a level"), ..config.log.clone() },
    }
}

async fn dispatch(command: Command, file: Option<&Path>, config: &Config) -> Result<(), Failure> {
    match command {
        Command::Init { kind } => print(init::write(kind, file)?),
        Command::Serve => serve::run(config, print_line).await,
        Command::Demo => demo::run(print_line).await,
        Command::Config(ConfigCommand::Check) => print(toml::to_string(config)?.trim_end()),
        Command::Doctor => examine(config).await,
        Command::Migrate => {
            beside(config, async |_| Ok(())).await?;
            print("The database has the shape this version needs.")
        }
        Command::Account(command) => {
            print(beside(config, async |node| about_accounts(node, command).await).await?)
        }
        Command::Token(TokenCommand::Create(new)) => {
            print(beside(config, async |node| Ok(token::create(node.app(), new).await?)).await?)
        }
        Command::Community(CommunityCommand::Create(new)) => {
            let create = async |node: &Federation| Ok(community::create(node.app(), config, new).await?);
            let opened = beside(config, create).await?;
            if let Some(warning) = opened.warning {
                eprintln!("alongside: {warning}");
            }
            print(opened.says)
        }
        Command::Community(CommunityCommand::Describe(says)) => {
            print(beside(config, async |node| Ok(community::describe(node.app(), says).await?)).await?)
        }
        Command::Community(CommunityCommand::Moderator(command)) => {
            print(beside(config, async |node| about_moderators(node, command).await).await?)
        }
        Command::Announcement(command) => {
            print(beside(config, async |node| about_announcements(node, command).await).await?)
        }
        Command::Key(KeyCommand::Rotate(owner)) => {
            print(beside(config, async |node| Ok(key::rotate(node, &owner).await?)).await?)
        }
        Command::Emoji(command) => {
            print(beside(config, async |node| about_emojis(node, command).await).await?)
        }
        Command::Host(command) => print(beside(config, async |node| about_hosts(node, command).await).await?),
    }
}

async fn about_accounts(node: &Federation, command: AccountCommand) -> Result<String, Failure> {
    Ok(match command {
        AccountCommand::Create(new) => account::create(node.app(), new, io::stdin().lock()).await?,
        AccountCommand::ResetPassword { handle } => account::send_link(node.app(), &handle).await?,
        AccountCommand::Delete(gone) => leaving::delete(node.app(), &gone.handle).await?,
        AccountCommand::Erasure { handle } => leaving::erasure(node.app(), &handle).await?,
        AccountCommand::Alias(change) => leaving::alias(node, &change).await?,
        AccountCommand::Move(moving) => leaving::depart_to(node, &moving).await?,
    })
}

async fn about_moderators(node: &Federation, command: ModeratorCommand) -> Result<String, Failure> {
    Ok(match command {
        ModeratorCommand::Add(one) => moderator::add(node, &one.community, &one.who).await?,
        ModeratorCommand::Remove(one) => moderator::remove(node, &one.community, &one.who).await?,
    })
}

async fn about_announcements(node: &Federation, command: AnnouncementCommand) -> Result<String, Failure> {
    Ok(match command {
        AnnouncementCommand::Publish(new) => announcement::publish(node.app(), &new).await?,
        AnnouncementCommand::List => announcement::list(node.app()).await?,
        AnnouncementCommand::Withdraw { id } => announcement::withdraw(node.app(), id).await?,
    })
}

async fn about_emojis(node: &Federation, command: EmojiCommand) -> Result<String, Failure> {
    Ok(match command {
        EmojiCommand::Add { shortcode, file, category } => {
            emoji::add(node.app(), &shortcode, &file, category.as_deref()).await?
        }
        EmojiCommand::Remove { shortcode } => emoji::remove(node.app(), &shortcode).await?,
        EmojiCommand::List => emoji::list(node.app()).await?,
    })
}

async fn about_hosts(node: &Federation, command: HostCommand) -> Result<String, Failure> {
    Ok(match command {
        HostCommand::Allow(host) => host::allow(node.app(), &host.domain).await?,
        HostCommand::Block(host) => host::block(node.app(), &host.domain).await?,
        HostCommand::Limit(host) => host::limit(node.app(), &host).await?,
        HostCommand::Open(host) => host::open(node.app(), &host.domain).await?,
        HostCommand::Import { file, allow, dry_run } => {
            host_list::import(node.app(), &file, host_list::kind(allow), dry_run).await?
        }
        HostCommand::Export { allow } => host_list::export(node.app(), host_list::kind(allow)).await?,
        HostCommand::Subscribe { url, dry_run } => host_list::subscribe(node, &url, dry_run).await?,
        HostCommand::Unsubscribe { url } => host_list::unsubscribe(node.app(), &url).await?,
        HostCommand::Subscriptions => host_list::subscriptions(node.app()).await?,
        HostCommand::List { domain } => host::list(node.app(), domain.as_deref()).await?,
        HostCommand::Retry(host) => host::retry(node, &host.domain).await?,
        HostCommand::Drop(host) => host::drop_waiting(node.app(), &host.domain).await?,
    })
}

/// Does something as a short second writer: a server may be running, and notices by itself.
async fn beside<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Federation) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let node = wiring::beside_server(config).await?;
    let done = work(&node).await;
    node.app().store().close().await;
    done
}

async fn examine(config: &Config) -> Result<(), Failure> {
    let findings = doctor::examine(config, &SystemClock).await;
    for finding in &findings {
        print(finding)?;
    }
    match findings.iter().filter(|finding| finding.verdict == Verdict::Failure).count() {
        0 => Ok(()),
        1 => Err("one check failed".into()),
        several => Err(format!("{several} checks failed").into()),
    }
}

fn print(line: impl Display) -> Result<(), Failure> {
    Ok(print_line(line)?)
}

fn print_line(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

#[cfg(test)]
mod tests;
