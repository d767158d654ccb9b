//! Closed sets of words: an enum whose variants are stored and sent as one lower-case word each.

/// The word was not one of those the set knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not one of {}", .expected.trim_end_matches(", "))]
pub struct UnknownWord {
    /// What was given.
    pub word: String,
    /// What would have been understood, comma separated.
    pub expected: &'static str,
}

/// A closed set of words.
pub trait Words {
    /// All of them, in order.
    const WORDS: &'static [&'static str];
}

/// Declares an enum together with the word for each of its variants.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every member of the set, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word it is stored and sent as.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl $crate::word::Words for $name {
            const WORDS: &'static [&'static str] = &[$($word,)+];
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::word::UnknownWord {
                        word: word.chars().take(40).collect(),
                        expected: concat!($($word, ", ",)+),
                    }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::push::PushPolicy;

    #[test]
    fn an_unknown_word_is_answered_with_those_that_are_known() {
        let says = "some".parse::<PushPolicy>().unwrap_err().to_string();
        assert_eq!(says, r#""some" is not one of all, followed, follower, none"#);
    }
}
