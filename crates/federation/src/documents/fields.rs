//! The members of one JSON object, read with every tolerance in one place: what may be one
//! or many, a string or an object, absent or null. Readers above say what they want, never
//! how it might be spelled.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;

use crate::documents::NESTING_MAX;
use crate::fetch::guard::URL_BYTES_MAX;
use crate::proof::Proof;

const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams#";
/// Types of one document we look at.
const TYPES_MAX: usize = 8;

/// One JSON object and how deep it is embedded.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    depth: usize,
}

/// A text and the language it says it is in.
pub(super) struct Natural {
    pub(super) text: String,
    pub(super) language: Option<String>,
}

impl<'a> Fields<'a> {
    pub(super) fn outermost(json: &'a Value) -> Option<Self> {
        Some(Self { map: json.as_object()?, depth: 1 })
    }

    /// An object inside this one, unless it is one too deep.
    pub(super) fn inside(&self, json: &'a Value) -> Option<Self> {
        let depth = self.depth + 1;
        if depth > NESTING_MAX { None } else { Some(Self { map: json.as_object()?, depth }) }
    }

    /// The proof of an object inside another. That of the outermost proves nothing to whoever got it
    /// from its author.
    pub(super) fn proof(&self) -> Option<Proof> {
        if self.depth > 1 { Proof::of(self.map) } else { None }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.each(name).next().is_some()
    }

    /// `type`, which may be one or many, each plain or written out as a term of the vocabulary.
    pub(super) fn types(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let given = self.map.get("type").or_else(|| self.map.get("@type"));
        each(given).take(TYPES_MAX).filter_map(Value::as_str).filter(|kind| says(kind)).map(|kind| {
            kind.strip_prefix("as:").or_else(|| kind.strip_prefix(ACTIVITY_STREAMS)).unwrap_or(kind)
        })
    }

    /// One or many as many; absent and null as none.
    pub(super) fn each(&self, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        each(self.map.get(name))
    }

    pub(super) fn is_list(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(Value::is_array)
    }

    /// The objects among one or many.
    pub(super) fn objects(&self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        let this = *self;
        self.each(name).filter_map(move |json| this.inside(json))
    }

    /// The id of this object itself.
    pub(super) fn own_id(&self) -> Option<Url> {
        self.map.get("id").or_else(|| self.map.get("@id")).and_then(web_url)
    }

    /// An id, given as such, as an object that has one, or as the first of many.
    pub(super) fn id(&self, name: &str) -> Option<Url> {
        self.each(name).find_map(id_of)
    }

    /// Ids, each given as such or as an object that has one.
    pub(super) fn ids(&self, name: &str, max: usize) -> Vec<Url> {
        self.each(name).take(max).filter_map(id_of).collect()
    }

    /// A web address, given as such, as a Link or an object with a `url`; of many, the page for people.
    pub(super) fn link(&self, name: &str) -> Option<Url> {
        let is_page = |json: &&Value| json.get("mediaType").and_then(Value::as_str) == Some("text/html");
        self.each(name).filter(is_page).chain(self.each(name)).find_map(link_of)
    }

    /// A string that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.map.get(name)?.as_str().filter(|text| says(text))
    }

    /// A text and its language, from the member itself or its language map.
    pub(super) fn natural(&self, name: &str) -> Option<Natural> {
        // Some software gives the map under the plain name.
        let map =
            [format!("{name}Map").as_str(), name].iter().find_map(|name| self.map.get(*name)?.as_object());
        let mut variants = map
            .into_iter()
            .flatten()
            .filter_map(|(language, text)| Some((language, text.as_str()?)))
            .filter(|(language, text)| says(text) && *language != "@language" && *language != "@type");
        let Some(text) = self.text(name) else {
            let (language, text) = variants.next()?;
            return Some(Natural { text: text.to_owned(), language: known_language(language) });
        };
        let language =
            variants.find(|(_, variant)| *variant == text).and_then(|(language, _)| known_language(language));
        Some(Natural { text: text.to_owned(), language: language.or_else(|| self.language()) })
    }

    /// `language`, which is a code or an object with an `identifier`.
    fn language(&self) -> Option<String> {
        self.each("language")
            .find_map(|json| json.as_str().or_else(|| json.get("identifier")?.as_str()))
            .and_then(known_language)
    }

    /// A truth, also where it is spelled as a string.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.map.get(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A number, also where it is spelled as a string.
    pub(super) fn count(&self, name: &str) -> Option<u64> {
        let number = self.map.get(name)?;
        number.as_u64().or_else(|| number.as_str()?.parse().ok())
    }

    /// A moment: RFC 3339 as it should be, else without a zone, without a time, or as in mail.
    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        let text = self.text(name)?;
        let utc = |civil: DateTime| TimeZone::UTC.to_timestamp(civil).ok();
        text.parse::<Timestamp>()
            .ok()
            .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
            .or_else(|| text.parse::<Date>().ok().and_then(|date| utc(date.into())))
            .or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
    }
}

/// The start of a text, at most so many bytes of it.
pub(super) fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// A URL of the web: other schemes name nothing we can ask for or show.
pub(super) fn web_url(json: &Value) -> Option<Url> {
    let text = json.as_str().filter(|text| text.len() <= URL_BYTES_MAX)?;
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

pub(super) fn text_of(json: &Value) -> Option<&str> {
    json.as_str().or_else(|| json.get("id")?.as_str()).filter(|text| says(text))
}

/// Whether a text says something. One with a null character counts as none: PostgreSQL cannot keep it, and nobody who
/// means well writes it.
pub(super) fn says(text: &str) -> bool {
    !text.is_empty() && !text.contains('\0')
}

fn id_of(json: &Value) -> Option<Url> {
    web_url(json).or_else(|| web_url(json.get("id").or_else(|| json.get("@id"))?))
}

pub(super) fn link_of(json: &Value) -> Option<Url> {
    let within =
        |name| each(json.get(name)).find_map(|inner| web_url(inner).or_else(|| web_url(inner.get("href")?)));
    web_url(json).or_else(|| within("href")).or_else(|| within("url"))
}

fn each(given: Option<&Value>) -> impl Iterator<Item = &Value> + use<'_> {
    let (many, one) = match given {
        Some(Value::Array(many)) => (many.as_slice(), None),
        other => (&[][..], other),
    };
    many.iter().chain(one).filter(|json| !json.is_null())
}

/// Codes such as `und` say that the language is unknown; anything too long is no code.
fn known_language(code: &str) -> Option<String> {
    const LANGUAGE_BYTES_MAX: usize = 35;
    let is_code = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    (is_code
        && !code.is_empty()
        && code.len() <= LANGUAGE_BYTES_MAX
        && !matches!(code, "und" | "zxx" | "mul"))
    .then(|| code.to_owned())
}
