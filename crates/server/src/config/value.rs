//! The kinds of value a setting may have that are more than text, and what each accepts.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use tracing_subscriber::filter::Targets;
use url::{Host, Url};

/// The address the node is known by: https, or http on this machine; no path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicUrl(Url);

impl PublicUrl {
    const ACCEPTED: &str = "must be an https address without a path, such as \"https://community.example.org\"; \
                            http is accepted for a loopback address only";

    /// The address of a listener that only this machine can reach.
    pub(super) fn of_listener(listen: SocketAddr) -> Self {
        Self(format!("http://{listen}").parse().expect("a socket address is a host and a port"))
    }

    /// The address.
    pub const fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Self(text.parse().map_err(|_| Self::ACCEPTED)?);
        let secure = url.0.scheme() == "https" || (url.0.scheme() == "http" && url.is_loopback());
        // Whatever is more than scheme, host and port makes the address differ from its own origin.
        let bare = url.0.as_str().strip_suffix('/') == Some(&url.0.origin().ascii_serialization());
        if secure && bare { Ok(url) } else { Err(Self::ACCEPTED) }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// The address of a page on the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress(Url);

impl WebAddress {
    const ACCEPTED: &str = "must be the address of a page, such as \"https://example.org/our-alongside\"";
}

impl FromStr for WebAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_page = |url: &Url| matches!(url.scheme(), "https" | "http") && url.username().is_empty();
        text.parse().ok().filter(is_page).map(Self).ok_or(Self::ACCEPTED)
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The address of a PostgreSQL database, which usually holds a password: printed without it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PostgresUrl(Url);

impl PostgresUrl {
    const ACCEPTED: &str = "must be a PostgreSQL address, such as \"postgres://user:password@host/database\"; \
                            leave it out to keep everything in SQLite";

    /// The address with its password, for the connection alone.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for PostgresUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<Url>() {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Ok(Self(url)),
            Ok(_) | Err(_) => Err(Self::ACCEPTED),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if shown.password().is_some() {
            // A URL without a host takes no password, and then there was none to hide.
            let _ = shown.set_password(Some("***"));
        }
        // The query may carry a password as well.
        shown.set_query(None);
        write!(out, "{shown}")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PostgresUrl({self})")
    }
}

/// The address of a service that speaks S3: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceAddress(Url);

impl ServiceAddress {
    const ACCEPTED: &str =
        "must be the address of a service, such as \"https://s3.example.org\", without a path";
}

impl FromStr for ServiceAddress {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| Self::ACCEPTED)?;
        let bare = url.as_str().strip_suffix('/') == Some(&url.origin().ascii_serialization());
        if bare && matches!(url.scheme(), "https" | "http") { Ok(Self(url)) } else { Err(Self::ACCEPTED) }
    }
}

impl fmt::Display for ServiceAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// A secret: never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for whom it is meant alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() { Err("must not be empty") } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(***)")
    }
}

/// A host on this machine, for trials: an address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoopbackHost(SocketAddr);

impl LoopbackHost {
    pub(super) const ACCEPTED: &str =
        "must be a list of loopback addresses with their ports, such as [\"127.0.0.1:7102\"]";
}

impl TryFrom<SocketAddr> for LoopbackHost {
    type Error = &'static str;

    fn try_from(address: SocketAddr) -> Result<Self, Self::Error> {
        if address.ip().is_loopback() && address.port() != 0 {
            Ok(Self(address))
        } else {
            Err(Self::ACCEPTED)
        }
    }
}

impl FromStr for LoopbackHost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<SocketAddr>().map_err(|_| Self::ACCEPTED)?.try_into()
    }
}

impl fmt::Display for LoopbackHost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// What is written to the log: a level, and other levels for parts of the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogFilter {
    text: String,
    targets: Targets,
}

impl LogFilter {
    /// Which lines pass.
    pub fn targets(&self) -> Targets {
        self.targets.clone()
    }
}

impl Default for LogFilter {
    fn default() -> Self {
        // What the database driver says of ordinary days is for its own developers.
        "info,sqlx=warn".parse().expect("a level, and a part that differs")
    }
}

impl FromStr for LogFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The parser of the library takes a misspelt level for the name of a part, and would log nothing.
        let mut words = text.split(',').map(str::trim);
        let level = words
            .next()
            .is_some_and(|word| ["off", "error", "warn", "info", "debug", "trace"].contains(&word));
        match text.parse() {
            Ok(targets) if level && words.all(|word| word.contains('=')) => {
                Ok(Self { text: text.to_owned(), targets })
            }
            Ok(_) | Err(_) => {
                Err("must be off, error, warn, info, debug or trace, and may go on with parts that \
                                   differ, such as \"info,alongside_federation=debug\"")
            }
        }
    }
}

impl fmt::Display for LogFilter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// Reads and writes each as its text, the way serde asks for it.
macro_rules! as_text {
    ($($name:ident)+) => {
        $(
            impl TryFrom<String> for $name {
                type Error = &'static str;

                fn try_from(text: String) -> Result<Self, Self::Error> {
                    text.parse()
                }
            }

            impl From<$name> for String {
                fn from(value: $name) -> Self {
                    value.to_string()
                }
            }
        )+
    };
}

as_text! { PublicUrl WebAddress PostgresUrl ServiceAddress Secret LoopbackHost LogFilter }
