//! What is wrong with this node, found out before members do, and what to do about each thing.
//!
//! Every check looks at one thing, changes nothing that lasts, and gives one [`Finding`].

mod database;
mod files;
mod machine;
pub(crate) mod mail;
mod reach;

use crate::config::{Config, Metrics};
use alongside_domain::clock::Clock;
use std::fmt;

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// The node works, but somebody should look.
    Warning,
    /// The node does not work.
    Failure,
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub verdict: Verdict,
    /// What was looked at.
    pub about: &'static str,
    /// What was found and, unless it is fine, what to do.
    pub says: String,
}

/// Looks at everything, the most basic first.
pub async fn examine(config: &Config, clock: &dyn Clock) -> Vec<Finding> {
    let trials = config.trials_in_public();
    let warned = trials.iter().map(|trial| Finding::warning("trials", format!("{trial}; remove it")));
    let mut findings: Vec<Finding> = warned.collect();
    findings.extend([machine::data_folder(&config.data_dir), machine::disk_space(&config.data_dir)]);
    findings.extend(database::examine(config).await);
    findings.extend([files::kept(config).await, files::films(config), mail::server(config).await]);
    let listener = machine::listener(config.listen);
    let answer = reach::ask(&config.url, clock).await;
    findings.push(reach::listener(config.listen, listener).await);
    findings.push(reach::public_address(&config.url, &answer, listener));
    findings.push(reach::clock(&answer));
    if config.metrics == Metrics::Loopback {
        findings.extend(reach::metrics(&config.url).await);
    }
    findings
}

impl Finding {
    fn fine(about: &'static str, says: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fine, about, says: says.into() }
    }

    fn warning(about: &'static str, says: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, about, says: says.into() }
    }

    fn failure(about: &'static str, says: impl Into<String>) -> Self {
        Self { verdict: Verdict::Failure, about, says: says.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Verdict::Fine => "ok",
            Verdict::Warning => "warn",
            Verdict::Failure => "fail",
        };
        write!(out, "{word:<4}  {:<14}  {}", self.about, self.says)
    }
}
