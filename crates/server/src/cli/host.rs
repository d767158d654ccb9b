//! What may be typed about other nodes.

use alongside_domain::fold;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use url::Url;

/// What can be done about other nodes.
#[derive(Debug, Subcommand)]
pub enum HostCommand {
    /// Put a host into this node's federation agreement.
    Allow(OneHost),
    /// Take nothing from a host and those below it, and send them nothing. Follows across end.
    Block(OneHost),
    /// Decide within which limits a host is talked with: those named here, and no others.
    Limit(LimitedHost),
    /// Decide nothing about a host any more: take it out of the agreement, or end its block and limits.
    Open(OneHost),
    /// Decide what a file says: a list of blocked hosts as Mastodon exports it, or of allowed ones.
    Import {
        /// The file.
        file: PathBuf,
        /// It is a list of allowed hosts.
        #[arg(long)]
        allow: bool,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print what was decided, as a list of blocked hosts that Mastodon imports.
    Export {
        /// Print the allowed hosts instead.
        #[arg(long)]
        allow: bool,
    },
    /// Follow a list of blocked hosts that others keep. It is read again every day.
    Subscribe {
        /// Where it lies.
        #[arg(value_parser = list_address)]
        url: Url,
        /// Say what it would change, and do not follow it.
        #[arg(long)]
        dry_run: bool,
    },
    /// Follow a list no more: what it blocked is talked with again, unless something else blocks it.
    Unsubscribe {
        /// Where it lies.
        url: String,
    },
    /// Show the lists that are followed.
    Subscriptions,
    /// Show the hosts this node knows.
    List {
        /// Only this one.
        #[arg(value_parser = host)]
        domain: Option<String>,
    },
    /// Try at once to deliver what waits for a host.
    Retry(OneHost),
    /// Take back what waits for a host: it is never delivered.
    Drop(OneHost),
}

/// A host and its limits.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct LimitedHost {
    /// Its name, such as "community.example.org".
    #[arg(value_parser = host)]
    pub domain: String,
    /// Show its posts only to those who follow their author, and let its strangers notify nobody.
    #[arg(long)]
    pub silence: bool,
    /// Show nothing of its pictures, films and sounds.
    #[arg(long)]
    pub no_media: bool,
    /// Take no reports from it.
    #[arg(long)]
    pub no_reports: bool,
    /// Let what is for the members of a community go there; counts for a host that is allowed.
    #[arg(long)]
    pub members: bool,
}

/// A host.
#[derive(Debug, Args)]
pub struct OneHost {
    /// Its name, such as "community.example.org".
    #[arg(value_parser = host)]
    pub domain: String,
}

/// Where a list can be read.
fn list_address(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    url.ok_or("that is not the address of a list, such as https://example.org/blocked.csv")
}

/// A host the way it is stored: folded, in ASCII, with its port where that is not the usual one.
fn host(text: &str) -> Result<String, &'static str> {
    fold::name_of_host(text).ok_or("that is not the name of a host, such as community.example.org")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_named_one_way() {
        assert_eq!(host("Community.Example.ORG.").as_deref(), Ok("community.example.org"));
        assert_eq!(host("bücher.example").as_deref(), Ok("xn--bcher-kva.example"));
        assert_eq!(host("127.0.0.1:7101").as_deref(), Ok("127.0.0.1:7101"));
        assert_eq!(host("example.org:443").as_deref(), Ok("example.org"));
    }
}
