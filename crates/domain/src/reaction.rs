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

    /// What a symbol from elsewhere means here, whoever it shows and in whatever colour; any other is strength.
    pub fn from_symbol(symbol: &str) -> Self {
        match bare(symbol).as_str() {
            "🙋" | "✋" => Self::MeToo,
            "🫂" | "🤗" => Self::Hug,
            "💡" => Self::Helpful,
            _ => Self::Strength,
        }
    }
}

/// A symbol without what makes of it somebody in particular: the colour of a skin, and what is joined to it.
fn bare(symbol: &str) -> String {
    let first = symbol.split('\u{200d}').next().unwrap_or_default();
    first.chars().filter(|c| !matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')).collect()
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
        for symbol in ["👍", "❤️", "💜", ":blobcathug:", "~", "pudding", "\u{200d}", ""] {
            assert_eq!(Reaction::from_symbol(symbol), Reaction::Strength, "{symbol}");
        }
    }

    #[test]
    fn a_symbol_means_the_same_whoever_it_shows() {
        for reaction in Reaction::ALL {
            assert_eq!(Reaction::from_symbol(reaction.symbol()), *reaction);
        }
        for symbol in ["🙋🏽", "🙋‍♀️", "🙋🏿‍♂️"] {
            assert_eq!(Reaction::from_symbol(symbol), Reaction::MeToo, "{symbol}");
        }
        assert_eq!(Reaction::from_symbol("🤗"), Reaction::Hug);
    }
}
