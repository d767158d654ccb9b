//! Actors: people, groups, and software that acts.

use jiff::Timestamp;
use url::Url;

use crate::documents::Malformed;
use crate::documents::fields::Fields;
use crate::documents::key::Key;
use crate::documents::media;
use crate::documents::origin;
use crate::documents::tag::Tag;

/// Name and value pairs on a profile we read.
pub const PROFILE_FIELDS_MAX: usize = 20;
/// Other names of one actor we read.
pub const ALIASES_MAX: usize = 20;
/// Capabilities of one actor we read.
const CAPABILITIES_MAX: usize = 20;

/// Somebody or something that acts.
#[expect(clippy::struct_excessive_bools, reason = "Each is a flag of its own on the wire.")]
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// Its id.
    pub id: Url,
    /// What it is.
    pub kind: ActorKind,
    /// The local part of its handle, unchecked.
    pub preferred_username: Option<String>,
    /// Its whole handle, where it says so (FEP-2c59).
    pub webfinger: Option<String>,
    /// The name it shows, unchecked.
    pub name: Option<String>,
    /// Its description, as unclean HTML.
    pub summary: Option<String>,
    /// Its page for people.
    pub url: Option<Url>,
    /// Where to deliver to it alone.
    pub inbox: Url,
    /// Where to deliver once for everyone on its server.
    pub shared_inbox: Option<Url>,
    /// What it has done.
    pub outbox: Option<Url>,
    /// Who follows it.
    pub followers: Option<Url>,
    /// Whom it follows.
    pub following: Option<Url>,
    /// What it has pinned.
    pub featured: Option<Url>,
    /// For a group: the collection of its moderators (FEP-1b12).
    pub moderators: Option<Url>,
    /// For a group: the list that others hang their threads on (FEP-400e).
    pub wall: Option<Url>,
    /// For a group: the list that others hang their answers on.
    pub wall_comments: Option<Url>,
    /// Its small picture.
    pub icon: Option<Url>,
    /// Its large picture.
    pub image: Option<Url>,
    /// Its keys, each claiming its owner by itself.
    pub keys: Vec<Key>,
    /// Whether a human decides who may follow.
    pub manually_approves_followers: bool,
    /// Whether it wants to be found; absent where it does not say.
    pub discoverable: Option<bool>,
    /// Whether its public posts may be searched; absent where it does not say.
    pub indexable: Option<bool>,
    /// For a group: whether only moderators may start threads.
    pub posting_restricted_to_mods: bool,
    /// For a group: whether only its members may read it.
    pub members_only: bool,
    /// Whether its own server has suspended it.
    pub suspended: bool,
    /// Where it has moved.
    pub moved_to: Option<Url>,
    /// Other names of the same actor.
    pub also_known_as: Vec<Url>,
    /// Name and value pairs on its profile, the value as unclean HTML.
    pub fields: Vec<ProfileField>,
    /// What its texts refer to.
    pub tags: Vec<Tag>,
    /// What its server's software declares it can do (FEP-844e).
    pub implements: Vec<Url>,
    /// When it was made.
    pub published: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody.
    Person,
    /// A community.
    Group,
    /// A server itself, or a program.
    Application,
    /// A bot.
    Service,
    /// An organisation.
    Organization,
}

/// One name and value on a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileField {
    /// Its name.
    pub name: String,
    /// Its value, as unclean HTML.
    pub value: String,
}

impl ActorKind {
    /// As the wire spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Group => "Group",
            Self::Application => "Application",
            Self::Service => "Service",
            Self::Organization => "Organization",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Person, Self::Group, Self::Application, Self::Service, Self::Organization]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

impl Actor {
    /// The key of this id, if the actor lists it and it claims no other owner.
    pub fn key(&self, id: &Url) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == *id && key.owner == self.id)
    }

    pub(super) fn read(kind: ActorKind, fields: Fields<'_>) -> Result<Self, Malformed> {
        let text = |name| fields.text(name).map(str::to_owned);
        let is_set = |name| fields.flag(name) == Some(true);
        Ok(Self {
            id: fields.own_id().ok_or(Malformed::Missing("id"))?,
            kind,
            preferred_username: text("preferredUsername"),
            webfinger: text("webfinger"),
            name: fields.natural("name").map(|found| found.text),
            summary: fields.natural("summary").map(|found| found.text),
            url: fields.link("url"),
            inbox: fields.id("inbox").ok_or(Malformed::Missing("inbox"))?,
            shared_inbox: fields.objects("endpoints").find_map(|endpoints| endpoints.id("sharedInbox")),
            outbox: fields.id("outbox"),
            followers: fields.id("followers"),
            following: fields.id("following"),
            featured: fields.id("featured"),
            moderators: if kind == ActorKind::Group { fields.id("attributedTo") } else { None },
            wall: wall(kind, fields, ["wall", "sm:wall"]),
            wall_comments: wall(kind, fields, ["wallComments", "sm:wallComments"]),
            icon: media::picture(fields, "icon"),
            image: media::picture(fields, "image"),
            keys: Key::listed(fields),
            manually_approves_followers: is_set("manuallyApprovesFollowers"),
            discoverable: fields.flag("discoverable"),
            indexable: fields.flag("indexable"),
            posting_restricted_to_mods: is_set("postingRestrictedToMods"),
            members_only: fields
                .flag("membersOnly")
                .unwrap_or_else(|| kind == ActorKind::Group && is_private(fields)),
            suspended: is_set("suspended"),
            moved_to: fields.id("movedTo"),
            also_known_as: fields.ids("alsoKnownAs", ALIASES_MAX),
            fields: profile_fields(fields),
            tags: Tag::each(fields),
            implements: implements(fields),
            published: fields.time("published"),
            updated: fields.time("updated"),
        })
    }
}

/// Software of the Lemmy family has no word of its own for a community that is for its members: there it is one
/// that approves its followers. Elsewhere that says nothing about who may read.
fn is_private(fields: Fields<'_>) -> bool {
    let moderators = fields.own_id().zip(fields.id("attributedTo"));
    fields.flag("manuallyApprovesFollowers") == Some(true)
        && fields.flag("postingRestrictedToMods").is_some()
        && moderators.is_some_and(|(id, moderators)| moderators.as_str() == format!("{id}/moderators"))
}

/// A list of a group's own, by either of the names that Smithereen gives it.
fn wall(kind: ActorKind, fields: Fields<'_>, names: [&str; 2]) -> Option<Url> {
    let own = fields.own_id().filter(|_| kind == ActorKind::Group)?;
    names.iter().find_map(|name| fields.id(name)).filter(|wall| origin::same(wall, &own))
}

fn profile_fields(fields: Fields<'_>) -> Vec<ProfileField> {
    fields
        .objects("attachment")
        .filter(|attachment| attachment.types().any(|kind| kind == "PropertyValue"))
        .take(PROFILE_FIELDS_MAX)
        .filter_map(|pair| {
            Some(ProfileField { name: pair.text("name")?.to_owned(), value: pair.text("value")?.to_owned() })
        })
        .collect()
}

/// Declared by the actor's `generator`, or by the server's own actor about itself.
fn implements(fields: Fields<'_>) -> Vec<Url> {
    let of = |software: Fields<'_>| -> Vec<Url> {
        software.each("implements").take(CAPABILITIES_MAX).filter_map(super::fields::link_of).collect()
    };
    fields.objects("generator").flat_map(of).chain(of(fields)).take(CAPABILITIES_MAX).collect()
}
