//! The pictures inside a text. They are not shown there, because clients show none, but beside it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::{CONTENT_REMOVED, ELEMENTS_MAX, HTML_BYTES_MAX, cut};

/// A picture inside a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub url: Url,
    /// What it shows, if that is said.
    pub description: Option<String>,
}

/// The pictures of an HTML text in their order, each once, without those that stand for an emoji, and those that are hidden until
/// somebody asks for them: beside the text they would not be.
pub fn of(unclean: &str) -> Vec<Picture> {
    let unclean = cut(unclean, HTML_BYTES_MAX);
    if !unclean.contains("<img") || unclean.matches('<').count() > ELEMENTS_MAX {
        return Vec::new();
    }
    // What comes out is spelled in one way only, and has no other element.
    let clean = PICTURES.clean(unclean).to_string();
    let mut out: Vec<Picture> = Vec::new();
    for picture in clean.split("<img ").skip(1).filter_map(picture) {
        if !out.iter().any(|known| known.url == picture.url) {
            out.push(picture);
        }
    }
    out
}

fn picture(from: &str) -> Option<Picture> {
    let attributes: HashMap<&str, String> = attributes(from);
    // Lemmy says it by the title, `NodeBB` and others by the class.
    let is_class = attributes.get("class").is_some_and(|class| class.to_lowercase().contains("emoji"));
    if is_class || attributes.get("title").is_some_and(|title| title.starts_with("emoji ")) {
        return None;
    }
    let url = Url::parse(attributes.get("src")?).ok()?;
    let description = attributes.get("alt").filter(|said| !said.trim().is_empty()).cloned();
    Some(Picture { url, description })
}

/// The attributes of the element that a text begins inside of.
fn attributes(mut from: &str) -> HashMap<&str, String> {
    let mut out = HashMap::new();
    while let Some((name, rest)) = from.split_once("=\"") {
        if name.contains('>') {
            break;
        }
        let Some((value, rest)) = rest.split_once('"') else { break };
        out.insert(name.trim(), unescaped(value));
        from = rest;
    }
    out
}

fn unescaped(value: &str) -> String {
    let entities = [("&quot;", "\""), ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(value.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

static PICTURES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(["img"]))
        .clean_content_tags(CONTENT_REMOVED.iter().copied().chain(["details"]).collect())
        .tag_attributes(HashMap::from([("img", HashSet::from(["src", "alt", "class", "title"]))]))
        .url_schemes(HashSet::from(["https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    builder
});
