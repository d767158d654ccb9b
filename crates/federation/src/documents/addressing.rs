//! To whom something is addressed.

use url::Url;

use crate::documents::fields::{self, Fields};

/// How the public is addressed on the wire.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
/// Recipients read of each of `to`, `cc` and `audience`.
pub const RECIPIENTS_MAX: usize = 1000;

/// To whom something is addressed: people and groups by id, and perhaps everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressing {
    /// Ids in `to`, the public left out.
    pub to: Vec<Url>,
    /// Ids in `cc`, the public left out.
    pub cc: Vec<Url>,
    /// Ids in `audience`, the public left out: the communities it belongs to.
    pub audience: Vec<Url>,
    /// Whether the public is addressed, and where.
    pub public: Option<Public>,
}

/// Where the public is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Public {
    /// In `to`: for timelines and search.
    Listed,
    /// In `cc`: for whoever comes by.
    Unlisted,
}

impl Addressing {
    /// Everyone it is addressed to by id.
    pub fn addressed_to(&self) -> impl Iterator<Item = &Url> {
        self.to.iter().chain(&self.cc).chain(&self.audience)
    }

    /// Whether this id is among the recipients.
    pub fn names(&self, id: &Url) -> bool {
        self.addressed_to().any(|recipient| recipient == id)
    }

    /// Whether the public is addressed at all.
    pub fn is_public(&self) -> bool {
        self.public.is_some()
    }

    pub(super) fn read(fields: Fields<'_>) -> Self {
        let (to, listed) = recipients(fields, "to");
        let (cc, unlisted) = recipients(fields, "cc");
        let (audience, _) = recipients(fields, "audience");
        let public = match (listed, unlisted) {
            (true, _) => Some(Public::Listed),
            (false, true) => Some(Public::Unlisted),
            (false, false) => None,
        };
        Self { to, cc, audience, public }
    }
}

fn recipients(fields: Fields<'_>, name: &str) -> (Vec<Url>, bool) {
    let (public, ids): (Vec<Url>, Vec<Url>) =
        fields.ids(name, RECIPIENTS_MAX).into_iter().partition(|id| id.as_str() == PUBLIC);
    let is_short = |name: &str| matches!(name, "as:Public" | "Public");
    let short = fields.each(name).take(RECIPIENTS_MAX).filter_map(fields::text_of).any(is_short);
    (ids, short || !public.is_empty())
}
