//! `init`: a first file of settings, with a comment for each choice an organisation has to make.

use crate::cli::OrganisationKind;
use crate::config::DEFAULT_FILE;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why there is no file of settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody wrote one before.
    #[error("{} is there already, and is left as it is", file.display())]
    There {
        /// The file.
        file: PathBuf,
    },
    /// It cannot be written.
    #[error("{} cannot be written", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes the settings for an organisation of this kind.
pub fn write(kind: OrganisationKind, file: Option<&Path>) -> Result<String, Error> {
    let file = file.unwrap_or_else(|| Path::new(DEFAULT_FILE)).to_owned();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It may come to hold the password of a database.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&file).and_then(|mut out| out.write_all(settings(kind).as_bytes()));
    match written {
        Ok(()) => Ok(format!(
            "{} has the settings of a {kind}. Set `url` in it, and look at the rest; then run `alongside doctor`.",
            file.display()
        )),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Error::There { file }),
        Err(source) => Err(Error::File { file, source }),
    }
}

/// The settings, as text.
fn settings(kind: OrganisationKind) -> String {
    let (database, mode) = match kind {
        OrganisationKind::Trust => (POSTGRES, AGREEMENT),
        OrganisationKind::Charity | OrganisationKind::Practice => (SQLITE, OPEN),
    };
    format!(
        "# The settings of a {kind}'s node. alongside.example.toml explains every one there is.\n\n{BEGINNING}\n{database}\n{mode}"
    )
}

const BEGINNING: &str = r#"# The address members will use. It becomes part of every name on this node, so choose it once and keep it.
# Until it is set, the node is a trial that only this machine reaches.
#url = "https://community.example.org"

# What the node is called.
#title = "Peer support at our organisation"

# Whom people reach about safeguarding, where a community names nobody of its own.
#contact = "safeguarding@example.org"

# Keep it on loopback, behind the proxy that does https.
listen = "127.0.0.1:8080"

# The folder of everything the node keeps. Back it up.
data_dir = "./data"
"#;

const SQLITE: &str = "# Everything is kept in SQLite, in the folder above, and nothing else has to be run.
";

const POSTGRES: &str = r#"# Several processes and a managed service need PostgreSQL. Without this line everything is kept in SQLite.
#database = "postgres://alongside:password@127.0.0.1/alongside"
"#;

const AGREEMENT: &str = r#"[federation]

# This node talks only with hosts that are allowed, and they have to allow it too:
#   alongside host allow community.charity.example
# With --members, `alongside host limit` lets what is for the members of a community go there.
mode = "agreement"
"#;

const OPEN: &str = r#"[federation]

# This node talks with every host that is not blocked. A list of hosts to block, kept by others you trust:
#   alongside host subscribe https://example.org/blocked.csv --dry-run
mode = "open"
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use alongside_domain::agreement::Mode;

    #[test]
    fn each_file_is_a_node_that_starts_and_none_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        for (kind, mode) in OrganisationKind::ALL.iter().zip([Mode::Agreement, Mode::Open, Mode::Open]) {
            let file = folder.path().join(format!("{kind}.toml"));
            write(*kind, Some(&file)).unwrap();
            let config = config::load(Some(&file), []).unwrap();
            assert_eq!((config.federation.mode, config.url.is_loopback()), (mode, true), "{kind}");
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(matches!(write(*kind, Some(&file)), Err(Error::There { .. })));
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
            let chosen =
                text.replace("#url", "url").replace("#title", "title").replace("#contact", "contact");
            let chosen = chosen.replace("#database", "database");
            std::fs::write(&file, chosen).unwrap();
            config::load(Some(&file), []).unwrap();
        }
        let nowhere = folder.path().join("none").join("alongside.toml");
        assert!(matches!(write(OrganisationKind::Trust, Some(&nowhere)), Err(Error::File { .. })));
    }
}
