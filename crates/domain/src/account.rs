//! The private sign-in. An account never appears in public; its members do.

use crate::fold::fold;
use crate::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

crate::words! {
    /// What an account may do on its node.
    pub enum Role {
        /// Takes part.
        Member = "member",
        /// Looks after what is written.
        Moderator = "moderator",
        /// Runs the node.
        Admin = "admin",
    }
}

impl Role {
    /// Whether it looks after others' posts.
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Member => false,
            Self::Moderator | Self::Admin => true,
        }
    }
}

/// The wording of the consent that joining asks for; a new wording asks again.
pub const CONSENT_VERSION: i64 = 1;

/// An e-mail address, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// A password on its way to be hashed. Never printed.
#[derive(Clone)]
pub struct Password(String);

/// Why an address or a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Not an address.
    #[error("that is not an e-mail address")]
    Email,
    /// Too short or too long.
    #[error("a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters")]
    Password,
}

impl Email {
    /// Reads an address: one `@` with something on both sides, no spaces, at most 254 bytes (RFC 5321).
    pub fn parse(text: &str) -> Result<Self, Unusable> {
        let folded = fold(text);
        let fits = folded.len() <= 254 && !folded.contains(char::is_whitespace);
        match folded.split_once('@') {
            Some((name, host)) if fits && !name.is_empty() && !host.is_empty() && !host.contains('@') => {
                Ok(Self(folded))
            }
            _ => Err(Unusable::Email),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Password {
    /// Takes a new password if its length is right.
    pub fn new(text: String) -> Result<Self, Unusable> {
        let chars = text.chars().count();
        if (PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) {
            Ok(Self(text))
        } else {
            Err(Unusable::Password)
        }
    }

    /// The text, for the hash alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_checked() {
        assert_eq!(Email::parse(" Sam@Example.ORG ").unwrap().as_str(), "sam@example.org");
        for wrong in ["", "sam", "@example.org", "sam@", "a b@c.d", "a@b@c"] {
            assert_eq!(Email::parse(wrong), Err(Unusable::Email), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::new("correct horse".to_owned()).unwrap();
        assert!(!format!("{password:?}").contains("horse"));
        assert!(Password::new("short".to_owned()).is_err());
    }
}
