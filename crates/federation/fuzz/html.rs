//! What is fuzzed of cleaning texts, apart from who feeds it: the fuzzer, or the test that replays the corpus.

use alongside_federation::sanitise;

/// Elements that may be left, without their `<` and with what may follow their name.
const SHOWN: [&str; 17] = [
    "p",
    "br",
    "a",
    "span",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "del",
    "s",
    "ul",
    "ol",
    "li",
];
const LINE_CHARS_MAX: usize = 50;

/// Cleans the input in every way in which texts of others are cleaned; what is left once it was HTML.
pub(crate) fn run(input: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(input).ok()?;
    let html = sanitise::html(text);
    is_clean(&html);
    is_clean(&sanitise::paragraphs(text));
    is_clean(&sanitise::html(&html));
    let plain = sanitise::plain_text(text);
    assert!(!plain.contains(is_override));
    let line = sanitise::line(text, LINE_CHARS_MAX);
    assert!(line.chars().count() <= LINE_CHARS_MAX && !line.chars().any(char::is_control));
    assert!(!line.contains(is_override));
    assert!(sanitise::handle(text).is_none_or(|handle| handle.is_ascii() && !handle.is_empty()));
    Some(html)
}

fn is_clean(html: &str) {
    for tag in html.split('<').skip(1) {
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let end = tag.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(tag.len());
        assert!(SHOWN.contains(&&tag[..end]), "{html}");
        let inside = tag.split('>').next().unwrap_or_default();
        for attribute in [" on", " style=", " id=", "javascript:", "data:"] {
            assert!(!inside.starts_with(attribute) && !outside_quotes(inside).contains(attribute), "{html}");
        }
    }
    assert!(!html.contains(is_override), "{html}");
}

/// What of a tag is not the value of an attribute, but for where a link leads.
fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

fn is_override(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
