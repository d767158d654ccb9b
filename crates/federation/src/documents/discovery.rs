//! WebFinger and NodeInfo answers: how a handle becomes an id, and what software a host runs.

use serde_json::Value;
use url::Url;

use crate::documents::fields;
use crate::fetch::shape::is_activity_type;

/// Links of one answer we look at.
const LINKS_MAX: usize = 50;
/// Bytes of a software's name or version we keep.
const SOFTWARE_BYTES_MAX: usize = 64;

/// A WebFinger answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebFinger {
    /// The `acct:` handle it is about; it must lead back to the same actor.
    pub subject: String,
    /// The ids of the actors behind it: usually one; a community and a person may share a handle.
    pub actors: Vec<Url>,
}

/// What software a host runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// Its name, in lower case.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Reads a WebFinger answer; `None` where it leads to no actor.
pub fn webfinger(json: &Value) -> Option<WebFinger> {
    let subject = json.get("subject")?.as_str()?.to_owned();
    let is_actor =
        |link: &&Value| text(link, "rel") == Some("self") && text(link, "type").is_some_and(is_activity_type);
    let actors: Vec<Url> =
        links(json).filter(is_actor).filter_map(|link| fields::web_url(link.get("href")?)).collect();
    (!actors.is_empty()).then_some(WebFinger { subject, actors })
}

/// Where the NodeInfo document is, from `/.well-known/nodeinfo`; the newest version we read.
pub fn nodeinfo_link(json: &Value) -> Option<Url> {
    ["2.1", "2.0"].iter().find_map(|version| {
        let rel = format!("http://nodeinfo.diaspora.software/ns/schema/{version}");
        links(json)
            .filter(|link| text(link, "rel") == Some(&rel))
            .find_map(|link| fields::web_url(link.get("href")?))
    })
}

/// The software of a NodeInfo document.
pub fn software(json: &Value) -> Option<Software> {
    let software = json.get("software")?;
    Some(Software {
        name: fields::cut(text(software, "name")?, SOFTWARE_BYTES_MAX).to_lowercase(),
        version: fields::cut(text(software, "version").unwrap_or_default(), SOFTWARE_BYTES_MAX).to_owned(),
    })
}

fn links(json: &Value) -> impl Iterator<Item = &Value> {
    json.get("links").and_then(Value::as_array).into_iter().flatten().take(LINKS_MAX)
}

fn text<'a>(json: &'a Value, name: &str) -> Option<&'a str> {
    json.get(name)?.as_str().filter(|text| fields::says(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_self_link_of_an_activitypub_type_is_an_actor() {
        let answer = webfinger(&json!({
            "subject": "acct:sleep@a.example",
            "links": [
                { "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://a.example/@sleep" },
                { "rel": "self", "type": "application/json", "href": "https://a.example/other" },
                { "rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)" },
                { "rel": "self", "type": "application/activity+json", "href": "https://a.example/c/sleep" },
            ],
        }));
        let actors = vec!["https://a.example/c/sleep".parse().unwrap()];
        assert_eq!(answer, Some(WebFinger { subject: "acct:sleep@a.example".to_owned(), actors }));
        assert_eq!(webfinger(&json!({ "subject": "acct:x@a.example", "links": [] })), None);
    }

    #[test]
    fn the_newest_nodeinfo_is_chosen() {
        let link = |version| {
            json!({
                "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
                "href": format!("https://a.example/nodeinfo/{version}"),
            })
        };
        let newest = nodeinfo_link(&json!({ "links": [link("2.0"), link("2.1"), link("1.0")] })).unwrap();
        assert_eq!(newest.path(), "/nodeinfo/2.1");
        assert_eq!(nodeinfo_link(&json!({ "links": [link("1.0")] })), None);
    }

    #[test]
    fn software_is_compared_in_lower_case() {
        let found = software(&json!({ "software": { "name": "Lemmy", "version": "1.0.0" } })).unwrap();
        assert_eq!(found, Software { name: "lemmy".to_owned(), version: "1.0.0".to_owned() });
    }

    #[test]
    fn a_text_that_cannot_be_kept_is_as_if_absent() {
        let named = |name, version| software(&json!({ "software": { "name": name, "version": version } }));
        assert_eq!(named("lem\0my", "1"), None);
        assert_eq!(named("lemmy", "1\0").unwrap().version, "");
    }
}
