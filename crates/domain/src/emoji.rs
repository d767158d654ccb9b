//! Pictures that stand for a word between colons, such as `:lamp:`.

use crate::limits::POST_EMOJIS_MAX;

/// Fewest and most characters in such a word.
const CHARS: std::ops::RangeInclusive<usize> = 2..=40;

/// Whether a word can stand between colons: letters, digits and `_`.
pub fn is_shortcode(word: &str) -> bool {
    CHARS.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The words between colons in these texts, each once. Whether there is a picture for one is another question.
pub fn shortcodes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let mut parts = text.split(':').skip(1).peekable();
        while let Some(part) = parts.next() {
            // What comes after the last colon is between none.
            let is_between = parts.peek().is_some();
            if is_between && is_shortcode(part) && !found.iter().any(|known| known == part) {
                found.push(part.to_owned());
                if found.len() == POST_EMOJIS_MAX {
                    return found;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_between_colons_are_found_once() {
        let found =
            shortcodes(["<p>:lamp: and :lamp::tea_2:</p>", "https://a.example:8080/ :x: :no word: :ring"]);
        assert_eq!(found, ["lamp", "tea_2"]);
        assert!(shortcodes(["", ":", "::", "a:b"]).is_empty());
    }

    #[test]
    fn no_text_gives_more_than_fit() {
        let words: Vec<String> = (0..1_000).map(|n| format!(":word_{n}:")).collect();
        let text = words.concat();
        assert_eq!(shortcodes([text.as_str()]).len(), POST_EMOJIS_MAX);
        assert!(!is_shortcode(&"x".repeat(41)) && !is_shortcode("x") && !is_shortcode("é_é"));
    }
}
