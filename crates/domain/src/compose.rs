//! From what a member typed to clean HTML: paragraphs, links, mentions and hashtags.
//!
//! The shapes are those Mastodon clients parse: `p`, `br`, `a.u-url.mention` around `@` and a
//! `span`, `a.mention.hashtag`, and `span.invisible`/`span.ellipsis` inside long links.

use crate::actor::Address;
use crate::fold::fold;
use crate::limits::{MENTIONS_MAX, TAG_CHARS_MAX, TAGS_MAX};
use std::fmt::Write as _;

/// Somebody who is named in a text and was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The address as written, folded.
    pub address: Address,
    /// The name to show after the `@`.
    pub name: String,
    /// Their page.
    pub url: String,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Mention(&'a str, Address),
    Tag(&'a str),
    Link(&'a str),
}

/// The addresses a text names, each once, in order, up to the limit.
pub fn mentions(text: &str) -> Vec<Address> {
    let mut out: Vec<Address> = Vec::new();
    for part in parts(text) {
        if let Part::Mention(_, address) = part
            && out.len() < MENTIONS_MAX
            && !out.contains(&address)
        {
            out.push(address);
        }
    }
    out
}

/// The hashtags of a text, folded, each once, up to the limit.
pub fn tags(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in parts(text) {
        if let Part::Tag(tag) = part {
            let tag = fold(tag);
            if out.len() < TAGS_MAX && !out.contains(&tag) {
                out.push(tag);
            }
        }
    }
    out
}

/// The text as HTML. Names that were not found stay as they were typed.
pub fn html(text: &str, named: &[Named], tag_base: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let normal = text.trim().replace("\r\n", "\n");
    for paragraph in normal.split("\n\n").map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()) {
        out.push_str("<p>");
        for (index, line) in paragraph.split('\n').enumerate() {
            if index > 0 {
                out.push_str("<br>");
            }
            write_line(&mut out, line, named, tag_base);
        }
        out.push_str("</p>");
    }
    out
}

/// Somebody who is named, as they stand in a text: a link to their page.
pub fn named(url: &str, name: &str) -> String {
    let (url, name) = (escape(url), escape(name));
    format!(r#"<span class="h-card"><a href="{url}" class="u-url mention">@<span>{name}</span></a></span>"#)
}

/// Text made safe inside HTML, attributes included.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn write_line(out: &mut String, line: &str, named: &[Named], tag_base: &str) {
    for part in parts(line) {
        match part {
            Part::Text(text) => out.push_str(&escape(text)),
            Part::Mention(written, address) => match named.iter().find(|who| who.address == address) {
                Some(who) => out.push_str(&self::named(&who.url, &who.name)),
                None => out.push_str(&escape(written)),
            },
            Part::Tag(tag) => {
                let (path, shown) = (escape(&fold(tag)), escape(tag));
                let _ = write!(
                    out,
                    r#"<a href="{tag_base}{path}" class="mention hashtag" rel="tag">#<span>{shown}</span></a>"#
                );
            }
            Part::Link(address) => write_link(out, address),
        }
    }
}

fn write_link(out: &mut String, link: &str) {
    const SHOWN_CHARS_MAX: usize = 30;
    let scheme_end = link.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = link.split_at(scheme_end);
    let cut = rest.char_indices().nth(SHOWN_CHARS_MAX).map_or(rest.len(), |(at, _)| at);
    let (shown, hidden) = rest.split_at(cut);
    let class = if hidden.is_empty() { "" } else { "ellipsis" };
    let _ = write!(
        out,
        r#"<a href="{}" target="_blank" rel="nofollow noopener noreferrer"><span class="invisible">{}</span><span class="{class}">{}</span><span class="invisible">{}</span></a>"#,
        escape(link),
        escape(scheme),
        escape(shown),
        escape(hidden),
    );
}

/// Splits a text where a mention, a hashtag or a link begins at the start of a word.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    let mut before: Option<char> = None;
    while let Some(c) = text[at..].chars().next() {
        let starts_word = before.is_none_or(|b| !b.is_alphanumeric() && !matches!(b, '/' | '@' | '#' | '_'));
        let found = if starts_word { special(&text[at..]) } else { None };
        if let Some((len, part)) = found {
            if plain_from < at {
                out.push(Part::Text(&text[plain_from..at]));
            }
            out.push(part);
            before = text[at..at + len].chars().next_back();
            at += len;
            plain_from = at;
        } else {
            before = Some(c);
            at += c.len_utf8();
        }
    }
    if plain_from < text.len() {
        out.push(Part::Text(&text[plain_from..]));
    }
    out
}

fn special(text: &str) -> Option<(usize, Part<'_>)> {
    match text.as_bytes().first()? {
        b'@' | b'!' => mention(text),
        b'#' => hashtag(text),
        b'h' => link(text),
        _ => None,
    }
}

fn mention(text: &str) -> Option<(usize, Part<'_>)> {
    let name_len = run(&text[1..], |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let name = text[1..=name_len].trim_end_matches(['.', '-']);
    let mut len = 1 + name.len();
    let host_part = text[len..].strip_prefix('@').map(|rest| {
        let host = &rest[..run(rest, |c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'))];
        host.trim_end_matches(['.', '-', ':'])
    });
    if let Some(host) = host_part.filter(|host| !host.is_empty()) {
        len += 1 + host.len();
    } else if text.starts_with('!') {
        return None;
    }
    let written = &text[..len];
    Address::parse(written).map(|address| (len, Part::Mention(written, address)))
}

fn hashtag(text: &str) -> Option<(usize, Part<'_>)> {
    let len = run(&text[1..], |c| c.is_alphanumeric() || c == '_');
    let tag = &text[1..=len];
    let fits = tag.chars().count() <= TAG_CHARS_MAX && tag.chars().any(|c| !c.is_numeric() && c != '_');
    fits.then_some((len + 1, Part::Tag(tag)))
}

fn link(text: &str) -> Option<(usize, Part<'_>)> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let scheme_len = text.len() - rest.len();
    let raw = run(rest, |c| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '\'' | '`'));
    let body = rest[..raw].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '…']);
    let len = scheme_len + body.len();
    url::Url::parse(&text[..len]).ok().filter(|url| url.host().is_some())?;
    Some((len, Part::Link(&text[..len])))
}

fn run(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.char_indices().find(|(_, c)| !accept(*c)).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tags_and_links_are_found_where_a_word_begins() {
        let text =
            "@sleep@a.example and sam@mail.example, !calm@b.example. #Insomnia #123 https://x.example/a?b=1.";
        let found: Vec<String> = mentions(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["sleep@a.example", "calm@b.example"]);
        assert_eq!(tags(text), ["insomnia"]);
    }

    #[test]
    fn addresses_with_ports_are_names_too() {
        assert_eq!(mentions("hi @sleep@127.0.0.1:7101: hello")[0].to_string(), "sleep@127.0.0.1:7101");
    }

    #[test]
    fn text_becomes_paragraphs_and_nothing_typed_becomes_markup() {
        let named = [Named {
            address: Address::parse("sam").unwrap(),
            name: "sam".into(),
            url: "https://a.example/@sam".into(),
        }];
        assert_eq!(
            html("hi @sam\nline <b>\n\n\nnext", &named, "/tags/"),
            "<p>hi <span class=\"h-card\"><a href=\"https://a.example/@sam\" class=\"u-url mention\">@<span>sam</span></a></span><br>line &lt;b&gt;</p><p>next</p>"
        );
    }

    #[test]
    fn a_long_link_is_shortened_but_whole() {
        let out = html("https://example.org/a/very/long/path/that/goes/on", &[], "/tags/");
        assert!(out.contains("href=\"https://example.org/a/very/long/path/that/goes/on\""));
        assert!(out.contains("class=\"ellipsis\""));
        assert!(html("javascript:alert(1)", &[], "/tags/").starts_with("<p>javascript"));
    }
}
