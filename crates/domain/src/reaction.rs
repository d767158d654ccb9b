//! Reactions: ways to say "I am with you". There is no way to say the opposite.

use crate::limits::ME_TOO_SHOWN_FROM;

crate::words! {
    /// What a reaction says. To a Mastodon client each is a favourite.
    pub enum Reaction {
        /// I know this from my own life. Its count is shown from five on, because below that it names people.
        MeToo = "me_too",
        /// A hug.
        Hug = "hug",
        /// This helped.
        Helpful = "helpful",
        /// Strength to you: what a plain favourite or like means here.
        Strength = "strength",
    }
}

impl Reaction {
    /// The symbol that travels with it to software that shows one.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::MeToo => "🙋",
            Self::Hug => "🫂",
            Self::Helpful => "💡",
            Self::Strength => "💜",
        }
    }

    /// What a symbol from elsewhere means here; any other is strength.
    pub fn from_symbol(symbol: &str) -> Self {
        Self::ALL.iter().copied().find(|reaction| reaction.symbol() == symbol).unwrap_or(Self::Strength)
    }
}

/// The number of reactions that may be shown to others.
pub const fn shown_count(all: i64, me_too: i64) -> i64 {
    if me_too >= ME_TOO_SHOWN_FROM { all } else { all - me_too }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_me_toos_are_not_counted_out() {
        assert_eq!(shown_count(6, 4), 2);
        assert_eq!(shown_count(6, 5), 6);
    }

    #[test]
    fn an_unknown_symbol_is_strength() {
        assert_eq!(Reaction::from_symbol("👍"), Reaction::Strength);
        assert_eq!(Reaction::from_symbol("🫂"), Reaction::Hug);
    }
}
