//! The settings about mail: where letters are handed over, and who they are from.

use crate::config::value::Secret;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use url::Url;

/// How letters are sent; without a server none are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Mail {
    /// Where letters are handed over.
    pub server: Option<MailServer>,
    /// Who they are from.
    pub from: Option<Sender>,
    /// The name the node signs in with there.
    pub username: Option<String>,
    /// The password that belongs to it.
    pub password: Option<Secret>,
}

/// Where letters are handed over, and how the way there is kept from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailServer {
    /// How the way there is kept from others.
    pub security: Security,
    /// Its name or address, as it stands in an address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

alongside_domain::words! {
    /// How the way to the mail server is kept from others, by the scheme of its address.
    pub enum Security {
        /// Not at all.
        Plain = "smtp",
        /// With TLS, which both sides turn on before anything is said that matters.
        StartTls = "starttls",
        /// With TLS from the first byte.
        Tls = "smtps",
    }
}

/// Whom letters are from: an address, or a name and an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sender(Mailbox);

impl Mail {
    /// What is right by itself and wrong together: the key, whether it is wrong, and what would be right.
    pub(super) fn clashes(&self) -> [(&'static str, bool, &'static str); 6] {
        let sends = self.server.is_some();
        let unused = "has no use without `mail.server`: name the server, or remove it";
        let in_the_clear = self.server.as_ref().is_some_and(MailServer::is_in_the_clear);
        [
            ("mail.from", sends && self.from.is_none(), "must be set where `mail.server` is"),
            ("mail.from", !sends && self.from.is_some(), unused),
            ("mail.username", !sends && self.username.is_some(), unused),
            (
                "mail.password",
                self.username.is_some() != self.password.is_some(),
                "belongs to `mail.username`: set both, or neither",
            ),
            (
                "mail.username",
                self.username.as_deref().is_some_and(|name| name.trim().is_empty()),
                "must not be empty",
            ),
            (
                "mail.server",
                in_the_clear && self.password.is_some(),
                "would send the password in the clear to another machine: use smtps:// or starttls://",
            ),
        ]
    }
}

impl MailServer {
    const ACCEPTED: &str = "must be the address of a mail server, such as \"smtps://mail.example.org\" or \
                            \"starttls://mail.example.org:587\"; smtp:// is without TLS";

    /// Its name or address, as it is looked up.
    pub fn name(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    /// Whether what is said on the way there can be read by others.
    fn is_in_the_clear(&self) -> bool {
        let is_here =
            self.name() == "localhost" || self.name().parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        self.security == Security::Plain && !is_here
    }
}

impl Security {
    /// The port where it is usual.
    const fn port(self) -> u16 {
        match self {
            Self::Plain => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

impl Sender {
    const ACCEPTED: &str =
        "must be an e-mail address, such as \"no-reply@example.org\", or \"A name <no-reply@example.org>\"";

    /// The mailbox.
    pub const fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

impl FromStr for MailServer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| Self::ACCEPTED)?;
        let security: Security = url.scheme().parse().map_err(|_| Self::ACCEPTED)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Self::ACCEPTED)?;
        let server =
            Self { security, host: host.to_ascii_lowercase(), port: url.port().unwrap_or(security.port()) };
        // A name and a password have keys of their own, where they are not shown.
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        let bare = bare && url.fragment().is_none() && matches!(url.path(), "" | "/");
        if bare && server.port != 0 { Ok(server) } else { Err(Self::ACCEPTED) }
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}:{}", self.security, self.host, self.port)
    }
}

impl FromStr for Sender {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let mailbox: Mailbox = text.parse().map_err(|_| Self::ACCEPTED)?;
        // The parser of the library leaves alone what stands behind the first mailbox.
        let email = mailbox.email.to_string();
        let whole = text == email || text.ends_with(&format!("<{email}>"));
        if whole && !text.contains(char::is_control) { Ok(Self(mailbox)) } else { Err(Self::ACCEPTED) }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl TryFrom<String> for MailServer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MailServer> for String {
    fn from(server: MailServer) -> Self {
        server.to_string()
    }
}

impl TryFrom<String> for Sender {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sender> for String {
    fn from(sender: Sender) -> Self {
        sender.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_has_a_scheme_that_says_how_the_way_is_kept() {
        for (text, shown) in [
            ("smtps://mail.example.org", "smtps://mail.example.org:465"),
            ("starttls://Mail.example.org/", "starttls://mail.example.org:587"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
            ("smtp://localhost", "smtp://localhost:25"),
            ("smtp://[::1]:2525", "smtp://[::1]:2525"),
        ] {
            assert_eq!(text.parse::<MailServer>().unwrap().to_string(), shown);
        }
        for wrong in [
            "",
            "mail.example.org",
            "mail.example.org:465",
            "https://mail.example.org",
            "smtps://",
            "smtps://node:secret@mail.example.org",
            "smtps://mail.example.org/inbox",
            "smtps://mail.example.org?tls=none",
            "smtps://mail.example.org:0",
        ] {
            assert_eq!(wrong.parse::<MailServer>(), Err(MailServer::ACCEPTED), "{wrong}");
        }
    }

    #[test]
    fn a_sender_is_an_address_that_may_have_a_name() {
        for text in ["no-reply@example.org", "Night owls <no-reply@example.org>"] {
            assert_eq!(text.parse::<Sender>().unwrap().mailbox().email.to_string(), "no-reply@example.org");
        }
        for wrong in ["", "nobody", "a@b, c@d", "x <y>"] {
            assert_eq!(wrong.parse::<Sender>(), Err(Sender::ACCEPTED), "{wrong}");
        }
    }
}
