//! One spelling for comparing: what two people would call the same handle, address or word.
//!
//! Folding happens here and the folded text is stored, because the two engines disagree on case
//! outside ASCII.

/// Lower case and trimmed, for handles, e-mail addresses, hosts and search.
pub fn fold(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).collect()
}

/// The words of a text, folded and separated by single spaces, for the search index.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// A host as it is compared: folded, no trailing dot, no zero-width characters (CVE-2023-42451).
pub fn host(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
        .collect();
    fold(&visible).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_the_same_for_what_looks_the_same() {
        assert_eq!(fold(" ÉMILIE "), "émilie");
        assert_eq!(host("Exa\u{200b}mple.ORG."), "example.org");
        assert_eq!(words("Can't sleep… at 2 AM!"), "can t sleep at 2 am");
    }
}
