//! The letters that this node sends by mail: plain text, short, and in the language of its pages.
//!
//! A letter may be read by others over a shoulder or on a locked screen. So it says that somebody has to do with this
//! node, as it must, and never what they wrote, which name they go by, or which communities they are in.

use serde::{Deserialize, Serialize};

/// A letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// Asks whether the address is theirs.
    Confirm,
    /// Says that they were let in.
    Approved,
    /// Says that they were not.
    Rejected,
    /// Lets them choose a new password.
    NewPassword,
    /// Says that there is a new password.
    PasswordChanged,
    /// Tells staff that somebody waits to be let in.
    SomebodyWaits,
    /// Tells staff that something was reported.
    Reported,
}

crate::words! {
    /// What the link in a letter does. It works once.
    pub enum LinkKind {
        /// Confirms an address.
        Confirm = "confirm",
        /// Sets a new password.
        NewPassword = "new_password",
    }
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// In one line, without the name of the node: it is what locked screens show.
    pub subject: &'static str,
    /// The text.
    pub text: String,
}

impl Letter {
    /// Every letter there is.
    pub const ALL: [Self; 7] = [
        Self::Confirm,
        Self::Approved,
        Self::Rejected,
        Self::NewPassword,
        Self::PasswordChanged,
        Self::SomebodyWaits,
        Self::Reported,
    ];

    /// What its link does that works once, if it has one.
    pub const fn link(self) -> Option<LinkKind> {
        match self {
            Self::Confirm => Some(LinkKind::Confirm),
            Self::NewPassword => Some(LinkKind::NewPassword),
            Self::Approved
            | Self::Rejected
            | Self::PasswordChanged
            | Self::SomebodyWaits
            | Self::Reported => None,
        }
    }

    /// What it says, for the node at this host, with the one address that is in it.
    pub fn write(self, host: &str, address: &str) -> Written {
        let (subject, text) = match self {
            Self::Confirm => (
                "Confirm your e-mail address",
                format!(
                    "somebody, we hope you, gave this address to open an account at\n{host}.\n\n\
                    To confirm that it is yours, open this page within three days:\n\n{address}\n\n\
                    If it was not you, there is nothing you have to do: without that page\n\
                    no account is opened, and your address is deleted after a few days.\n"
                ),
            ),
            Self::Approved => (
                "You can sign in now",
                format!(
                    "you have been let in at {host}. Welcome.\n\n\
                    Sign in with any Mastodon app: where it asks for a server, type\n{host}.\n\n\
                    This is our start page:\n\n{address}\n"
                ),
            ),
            Self::Rejected => (
                "About the account you asked for",
                format!(
                    "you asked for an account at {host}.\n\n\
                    We are sorry: we cannot give you one now. What you sent us has been\n\
                    deleted, and you may ask again.\n\n\
                    If you need somebody to talk to today, here is who is there for everyone:\n\n{address}\n"
                ),
            ),
            Self::NewPassword => (
                "Choose a new password",
                format!(
                    "somebody, we hope you, asked for a new password at\n{host}.\n\n\
                    To choose one, open this page within an hour:\n\n{address}\n\n\
                    If it was not you, there is nothing you have to do: your password stays\n\
                    as it is.\n"
                ),
            ),
            Self::PasswordChanged => (
                "Your password was changed",
                format!(
                    "the password of your account at {host}\nwas changed just now, \
                    and every app was signed out.\n\n\
                    If it was not you, choose another one at once:\n\n{address}\n"
                ),
            ),
            Self::SomebodyWaits => (
                "Somebody asks to be let in",
                format!(
                    "somebody asks for an account at\n{host}.\n\n\
                    They wait until you, or somebody else who looks after it, have let\n\
                    them in or turned them away. You find them in the app that you do\n\
                    this with, among the accounts that are pending.\n\n{address}\n"
                ),
            ),
            Self::Reported => (
                "Something was reported",
                format!(
                    "something was reported at\n{host},\n\
                    and nobody has dealt with it yet.\n\n\
                    You find it in the app that you look after it with.\n\n{address}\n"
                ),
            ),
        };
        Written { subject, text: format!("Hello,\n\n{text}") }
    }
}

impl LinkKind {
    /// For how many seconds a link works.
    pub const fn secs_max(self) -> i64 {
        match self {
            Self::Confirm => 3 * 86_400,
            Self::NewPassword => 3_600,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_short_plain_and_has_one_address() {
        for letter in Letter::ALL {
            let written = letter.write("community.example.org", "https://community.example.org/x/y");
            assert_eq!(written.text.matches("https://").count(), 1, "{letter:?}");
            assert!(written.text.starts_with("Hello,\n\n") && written.text.ends_with('\n'), "{letter:?}");
            assert!(written.text.is_ascii() && written.text.len() < 600, "{letter:?}");
            assert!(written.text.lines().all(|line| line.len() <= 76), "{letter:?}: {}", written.text);
            assert!(written.subject.is_ascii() && written.subject.len() < 40, "{letter:?}");
        }
    }

    #[test]
    fn no_letter_says_what_anybody_has_to_do_with_here() {
        const NEVER: [&str; 6] = ["support group", "health", "peer", "your communit", "your name", "patient"];
        for letter in Letter::ALL {
            let written = letter.write("a.example", "https://a.example/");
            let whole = format!("{} {}", written.subject, written.text).to_lowercase();
            assert!(!NEVER.iter().any(|word| whole.contains(word)), "{letter:?}: {whole}");
            assert!(!written.subject.contains("a.example"), "it is shown on locked screens");
        }
    }
}
