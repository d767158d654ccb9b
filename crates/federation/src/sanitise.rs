//! Text from elsewhere, made safe to show: HTML by an allowed list, names as one plain line,
//! handles as ASCII. What a text means is not looked at here.

pub mod pictures;
mod tables;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Bytes of HTML read of one text; what follows is cut off.
pub const HTML_BYTES_MAX: usize = 64 * 1024;
/// Elements of one text; a text with more keeps its words and loses its markup.
pub const ELEMENTS_MAX: usize = 2000;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 100;
/// Characters of the local part of a remote handle.
pub const HANDLE_CHARS_MAX: usize = 128;

/// HTML with only what clients and our pages know how to show. Headings become strong paragraphs, and tables lines of
/// their cells.
pub fn html(unclean: &str) -> String {
    let unclean = cut(unclean, HTML_BYTES_MAX);
    if unclean.matches('<').count() > ELEMENTS_MAX {
        return paragraphs(&plain_text(unclean));
    }
    // After cleaning, because a control may have been written as an entity.
    let clean = without_overrides(&SHOWN.clean(unclean).to_string());
    let has_tables = clean.contains(tables::OPEN);
    if !has_tables && !HEADINGS.iter().any(|(open, _)| clean.contains(open)) {
        return clean;
    }
    let clean = HEADINGS
        .iter()
        .fold(clean, |html, (open, close)| html.replace(open, "<p><strong>").replace(close, "</strong></p>"));
    let clean = if has_tables { tables::as_lines(&clean) } else { clean };
    // A heading or a cell may hold what a paragraph may not; cleaning again nests it properly.
    SHOWN.clean(&clean).to_string()
}

/// The words of an HTML text, with line breaks where a reader would see them.
pub fn plain_text(unclean: &str) -> String {
    let unclean = cut(unclean, HTML_BYTES_MAX);
    if unclean.matches('<').count() > ELEMENTS_MAX {
        return words(unclean);
    }
    // What comes out is spelled in one way only, so that replacing is parsing.
    let mut text = without_overrides(&BROKEN.clean(unclean).to_string());
    for (tag, replacement) in [
        ("<p>", ""),
        ("</p>", "\n\n"),
        ("<br>", "\n"),
        ("<li>", "- "),
        ("</li>", "\n"),
        ("<summary>", ""),
        ("</summary>", "\n"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ] {
        text = text.replace(tag, replacement);
    }
    text.trim().to_owned()
}

/// Plain text as HTML: paragraphs at empty lines, breaks at the others.
pub fn paragraphs(text: &str) -> String {
    let text = without_overrides(cut(text, HTML_BYTES_MAX)).replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.fold(String::new(), |html, paragraph| {
        html + "<p>" + &escape(paragraph).replace('\n', "<br>") + "</p>"
    })
}

/// A name as one line of visible characters, at most [`NAME_CHARS_MAX`] of them.
pub fn name(unclean: &str) -> String {
    line(unclean, NAME_CHARS_MAX)
}

/// One line of visible characters, at most so many of them.
pub fn line(unclean: &str, chars_max: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for character in cut(unclean, HTML_BYTES_MAX).chars() {
        if length == chars_max {
            break;
        }
        let last = line.chars().next_back();
        let shown = match character {
            space if space.is_whitespace() || space.is_control() => ' ',
            // Joiners are part of emoji and of several scripts, and hide only among Latin letters.
            joiner @ ('\u{200c}' | '\u{200d}')
                if last.is_some_and(|last| !last.is_ascii() && !is_hidden(last)) =>
            {
                joiner
            }
            hidden if is_hidden(hidden) => continue,
            visible => visible,
        };
        if shown == ' ' && last.is_none_or(|last| last == ' ') {
            continue;
        }
        line.push(shown);
        length += 1;
    }
    line.trim_end_matches([' ', '\u{200c}', '\u{200d}']).to_owned()
}

/// The local part of a remote handle, if it is one that cannot be mistaken for another:
/// ASCII letters, digits, `_`, and `.` or `-` between them.
pub fn handle(unclean: &str) -> Option<&str> {
    let is_edge = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = unclean.as_bytes();
    let fits = bytes.len() <= HANDLE_CHARS_MAX
        && bytes.iter().all(|byte| is_edge(*byte) || matches!(byte, b'.' | b'-'))
        && bytes.first().copied().is_some_and(is_edge)
        && bytes.last().copied().is_some_and(is_edge);
    fits.then_some(unclean)
}

const HEADINGS: [(&str, &str); 6] = [
    ("<h1>", "</h1>"),
    ("<h2>", "</h2>"),
    ("<h3>", "</h3>"),
    ("<h4>", "</h4>"),
    ("<h5>", "</h5>"),
    ("<h6>", "</h6>"),
];

/// Whether an element is replaced, which is found by its name alone.
fn is_replaced(element: &str) -> bool {
    matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") || tables::ELEMENTS.contains(&element)
}

/// The elements of Mastodon's API, which every client knows; what hides words until they are asked for, which a client
/// that does not know it shows as before; and headings and tables until they are replaced.
static SHOWN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
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
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "details",
            "summary",
            "sub",
            "sup",
            "table",
            "tr",
            "td",
            "th",
        ]))
        .clean_content_tags(CONTENT_REMOVED.clone())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start", "reversed"])),
            ("li", HashSet::from(["value"])),
        ]))
        .allowed_classes(HashMap::from([
            ("a", HashSet::from(["mention", "hashtag", "u-url"])),
            (
                "span",
                HashSet::from(["mention", "hashtag", "h-card", "invisible", "ellipsis", "quote-inline"]),
            ),
        ]))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .attribute_filter(|element, _, value| (!is_replaced(element)).then(|| value.into()))
        .url_schemes(HashSet::from(["http", "https", "gemini"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// Only the elements that break lines.
static BROKEN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(["p", "br", "li", "summary"]))
        .clean_content_tags(CONTENT_REMOVED.clone())
        .link_rel(None);
    builder
});

/// Elements whose content is not text.
static CONTENT_REMOVED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| HashSet::from(["script", "style", "template", "title", "svg", "math", "iframe"]));

/// What is outside `<` and `>`, for texts that are mostly markup and not worth parsing.
fn words(unclean: &str) -> String {
    let mut inside = false;
    let kept = unclean.chars().filter(|character| {
        inside = match character {
            '<' => true,
            '>' => false,
            _ => return !inside,
        };
        false
    });
    without_overrides(&kept.collect::<String>()).trim().to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// Without the controls that turn the text after them around, ours included.
fn without_overrides(text: &str) -> String {
    text.replace(is_override, "")
}

fn is_override(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that show nothing and make two names look the same.
fn is_hidden(character: char) -> bool {
    is_override(character)
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e001f}'
        )
}

#[cfg(test)]
mod tests;
