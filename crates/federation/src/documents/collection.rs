//! Collections and their pages.

use url::Url;

use crate::documents::Document;
use crate::documents::fields::Fields;
use crate::documents::reference::Reference;

/// Items of one collection or page we read.
pub const ITEMS_MAX: usize = 200;

/// A list, or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Collection {
    /// Its id; embedded pages often have none.
    pub id: Option<Url>,
    /// How many there are in all, by its own account.
    pub total: Option<u64>,
    /// What it lists directly.
    pub items: Vec<Reference>,
    /// Its first page, perhaps embedded.
    pub first: Option<Reference>,
    /// Its last page.
    pub last: Option<Url>,
    /// The page after this one.
    pub next: Option<Url>,
    /// The page before this one.
    pub prev: Option<Url>,
    /// The collection this is a page of.
    pub part_of: Option<Url>,
    /// Whose it is.
    pub attributed_to: Option<Url>,
}

pub(super) fn is_collection(kind: &str) -> bool {
    // NodeBB has sent `orderedCollection`.
    ["Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(kind))
}

impl Collection {
    /// Everything listed here, the embedded first page included.
    pub fn items_here(&self) -> impl Iterator<Item = &Reference> {
        self.items.iter().chain(self.first_page().into_iter().flat_map(|page| &page.items))
    }

    /// The page to ask for after what is listed here.
    pub fn continues_at(&self) -> Option<&Url> {
        match (&self.first, self.first_page()) {
            (Some(Reference::Id(first)), _) => Some(first),
            (_, Some(page)) => page.next.as_ref(),
            _ => self.next.as_ref(),
        }
    }

    fn first_page(&self) -> Option<&Self> {
        match self.first.as_ref()?.embedded()? {
            Document::Collection(page) => Some(page),
            _ => None,
        }
    }

    pub(super) fn read(fields: Fields<'_>) -> Self {
        let list = if fields.has("orderedItems") { "orderedItems" } else { "items" };
        Self {
            id: fields.own_id(),
            total: fields.count("totalItems"),
            items: fields.references(list, ITEMS_MAX),
            first: fields.reference("first"),
            last: fields.id("last"),
            next: fields.id("next"),
            prev: fields.id("prev"),
            part_of: fields.id("partOf"),
            attributed_to: fields.id("attributedTo"),
        }
    }

    /// `replies`, which is an id, a collection, or (`PieFed`) a bare list.
    pub(super) fn of_replies(fields: Fields<'_>) -> Option<Reference> {
        if !fields.is_list("replies") {
            return fields.reference("replies");
        }
        let items = fields.references("replies", ITEMS_MAX);
        Some(Reference::Embedded(Box::new(Document::Collection(Box::new(Self { items, ..Self::default() })))))
    }
}
