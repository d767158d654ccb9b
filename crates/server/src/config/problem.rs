//! What is wrong with the settings, in words for whoever has to put it right.
//!
//! No message here repeats a value that may be a secret.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there are no settings to run with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named on the command line, or the default one, cannot be read.
    #[error("the configuration file {} cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file {} is not valid TOML at line {line}: {says}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// Where, counted from one.
        line: usize,
        /// What was expected there; never the line itself, which may hold a secret.
        says: String,
    },
    /// An environment variable is not text.
    #[error("the environment variable {name} is not valid UTF-8")]
    NotText {
        /// The variable.
        name: String,
    },
    /// Some settings are wrong: all of them are listed.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
}

/// One setting that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key, dotted.
    pub key: String,
    /// Where it was set.
    pub origin: Origin,
    /// What is wrong, and what is accepted.
    pub says: String,
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// Nowhere: it was left out.
    Absent,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, origin, says } = self;
        match origin {
            Origin::File(file) => write!(out, "`{key}` in {}: {says}", file.display()),
            Origin::Variable(name) => write!(out, "`{key}` from {name}: {says}"),
            Origin::Absent => write!(out, "`{key}`, which is not set: {says}"),
        }
    }
}

fn list(problems: &[Problem]) -> String {
    let mut text = match problems {
        [_] => "one setting is wrong:".to_owned(),
        several => format!("{} settings are wrong:", several.len()),
    };
    for problem in problems {
        text.push_str("\n  ");
        text.push_str(&problem.to_string());
    }
    text
}
