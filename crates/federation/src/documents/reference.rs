//! One document named or embedded in another.

use serde_json::Value;
use url::Url;

use crate::documents::Document;
use crate::documents::activity::Activity;
use crate::documents::fields::{self, Fields};
use crate::documents::post::Post;

/// Another document: only its id, or the whole of it.
///
/// An embedded document is a claim. Unless it is of the origin of whoever signed it, ask its origin.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// To be asked for, or already known.
    Id(Url),
    /// Embedded.
    Embedded(Box<Document>),
}

impl Reference {
    /// The id of what is meant.
    pub fn id(&self) -> Option<&Url> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(document) => document.id(),
        }
    }

    /// The document, where it is embedded.
    pub fn embedded(&self) -> Option<&Document> {
        match self {
            Self::Id(_) => None,
            Self::Embedded(document) => Some(document),
        }
    }

    /// The activity, where one is embedded.
    pub fn activity(&self) -> Option<&Activity> {
        match self.embedded()? {
            Document::Activity(activity) => Some(activity),
            _ => None,
        }
    }

    /// The post, where one is embedded.
    pub fn post(&self) -> Option<&Post> {
        match self.embedded()? {
            Document::Post(post) => Some(post),
            _ => None,
        }
    }

    pub(super) fn post_mut(&mut self) -> Option<&mut Post> {
        match self {
            Self::Embedded(document) => match &mut **document {
                Document::Post(post) => Some(post),
                _ => None,
            },
            Self::Id(_) => None,
        }
    }

    /// What cannot be read, or is embedded too deep, is taken by its id.
    fn read(within: Fields<'_>, json: &Value) -> Option<Self> {
        if let Some(id) = fields::web_url(json) {
            return Some(Self::Id(id));
        }
        let document = within.inside(json).and_then(|fields| Document::read(fields).ok());
        match document {
            Some(document) => Some(Self::Embedded(Box::new(document))),
            None => fields::web_url(json.get("id")?).map(Self::Id),
        }
    }
}

impl Fields<'_> {
    pub(super) fn reference(&self, name: &str) -> Option<Reference> {
        self.each(name).find_map(|json| Reference::read(*self, json))
    }

    pub(super) fn references(&self, name: &str, max: usize) -> Vec<Reference> {
        self.each(name).take(max).filter_map(|json| Reference::read(*self, json)).collect()
    }
}
