//! OAuth scopes as Mastodon clients know them: an umbrella grants its children.

use std::fmt;

/// The umbrella scopes a client may ask for.
pub const UMBRELLAS: [&str; 7] = ["read", "write", "follow", "push", "profile", "admin:read", "admin:write"];

const READ: [&str; 13] = [
    "accounts",
    "blocks",
    "bookmarks",
    "favourites",
    "filters",
    "follows",
    "groups",
    "lists",
    "mutes",
    "notifications",
    "search",
    "statuses",
    "me",
];
const WRITE: [&str; 14] = [
    "accounts",
    "blocks",
    "bookmarks",
    "conversations",
    "favourites",
    "filters",
    "follows",
    "groups",
    "lists",
    "media",
    "mutes",
    "notifications",
    "reports",
    "statuses",
];
const ADMIN: [&str; 7] = [
    "accounts",
    "reports",
    "domain_allows",
    "domain_blocks",
    "ip_blocks",
    "email_domain_blocks",
    "canonical_email_blocks",
];
/// What the old `follow` scope stands for.
const FOLLOW: [&str; 6] =
    ["read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes"];

/// A set of scopes, each of them known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

/// A scope that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the scope {0:?} is unknown")]
pub struct UnknownScope(String);

impl Scopes {
    /// Reads scopes separated by spaces (or `+`); none means `read`.
    pub fn parse(text: &str) -> Result<Self, UnknownScope> {
        let mut scopes: Vec<String> = Vec::new();
        for word in text.split([' ', '+']).filter(|word| !word.is_empty()) {
            if !is_known(word) {
                return Err(UnknownScope(word.chars().take(60).collect()));
            }
            if !scopes.iter().any(|scope| scope == word) {
                scopes.push(word.to_owned());
            }
        }
        if scopes.is_empty() {
            scopes.push("read".to_owned());
        }
        Ok(Self(scopes))
    }

    /// Every umbrella: all there is.
    pub fn umbrellas() -> Self {
        Self(UMBRELLAS.iter().map(ToString::to_string).collect())
    }

    /// Whether it grants what is needed, directly or through an umbrella.
    pub fn grants(&self, needed: &str) -> bool {
        self.0.iter().any(|held| covers(held, needed))
    }

    /// Whether it grants everything another set does.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.iter().all(|needed| self.grants(needed))
    }

    /// The scopes one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join(" "))
    }
}

/// Every scope there is, for the server's metadata (RFC 8414).
pub fn all() -> Vec<String> {
    let mut out: Vec<String> = UMBRELLAS.iter().map(ToString::to_string).collect();
    for (umbrella, children) in
        [("read", &READ[..]), ("write", &WRITE), ("admin:read", &ADMIN), ("admin:write", &ADMIN)]
    {
        out.extend(children.iter().map(|child| format!("{umbrella}:{child}")));
    }
    out
}

fn is_known(word: &str) -> bool {
    all().iter().any(|scope| scope == word)
}

fn covers(held: &str, needed: &str) -> bool {
    held == needed
        || needed.strip_prefix(held).is_some_and(|rest| rest.starts_with(':'))
        || (held == "follow" && FOLLOW.contains(&needed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_umbrella_grants_its_children() {
        let scopes = Scopes::parse("read write:statuses follow").unwrap();
        assert!(
            scopes.grants("read:statuses")
                && scopes.grants("write:statuses")
                && scopes.grants("write:follows")
        );
        assert!(!scopes.grants("profile"), "who asks for no more than this asks for it by name");
        assert!(
            !scopes.grants("write:media") && !scopes.grants("admin:read:accounts") && !scopes.grants("readx")
        );
    }

    #[test]
    fn a_narrow_scope_does_not_widen() {
        let narrow = Scopes::parse("read:statuses").unwrap();
        assert!(!narrow.grants("read"));
        assert!(Scopes::parse("read").unwrap().contains(&narrow));
        assert!(!narrow.contains(&Scopes::parse("read").unwrap()));
        assert!(Scopes::parse("root").is_err());
    }
}
