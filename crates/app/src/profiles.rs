//! What a member says of itself, and what it chose for its posts.

use crate::context::App;
use crate::effects::{self, Via};
use crate::media::by_name::PROFILE_PREFIX;
use crate::pictures::{self, Purpose, Unusable};
use crate::strays;
use alongside_domain::actor::{Actor, ActorKind, Field};
use alongside_domain::compose;
use alongside_domain::event::Event;
use alongside_domain::id::MemberId;
use alongside_domain::limits::{FIELD_CHARS_MAX, FIELDS_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX};
use alongside_domain::place::{Part, Place};
use alongside_domain::policy::Refusal;
use alongside_domain::post::Visibility;
use alongside_store::actors::Profile;
use alongside_store::engine::Tx;
use alongside_store::members::Defaults;
use alongside_store::{actors, error, members};
use data_encoding::HEXLOWER;
use std::{io, slice};

/// Why a profile was not changed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The member is not there any more.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The name is too long.
    #[error("Validation failed: a display name may have {NAME_CHARS_MAX} characters")]
    Name,
    /// The note is too long.
    #[error("Validation failed: a note may have {NOTE_CHARS_MAX} characters")]
    Note,
    /// The table is too long.
    #[error("Validation failed: a profile may have {FIELDS_MAX} fields of {FIELD_CHARS_MAX} characters")]
    Fields,
    /// Posts cannot be like that by default.
    #[error("Validation failed: posts cannot have this visibility by default")]
    Visibility,
    /// The picture is too large.
    #[error("Validation failed: the file is larger than {max} bytes")]
    TooManyBytes {
        /// As allowed.
        max: usize,
    },
    /// A picture cannot be used.
    #[error(transparent)]
    Picture(#[from] Unusable),
    /// A picture could not be written.
    #[error("the picture could not be kept")]
    File(#[from] io::Error),
    /// The store could not do it.
    #[error("the profile could not be kept")]
    Store(#[from] error::Error),
}

/// Somebody new who lives here, of whom nothing is said yet.
pub fn newcomer(app: &App, kind: ActorKind, handle: &str) -> Profile {
    let of = |place| app.places().of(place);
    Profile {
        kind,
        handle: handle.to_owned(),
        host: String::new(),
        uri: of(Place::Actor(handle)),
        url: of(Place::Profile(handle)),
        // Clients show the handle of whoever has not chosen a name.
        name: String::new(),
        note: String::new(),
        note_source: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        locked: false,
        bot: false,
        discoverable: false,
        inbox: of(Place::Of(handle, Part::Inbox)),
        shared_inbox: Some(of(Place::SharedInbox)),
        outbox: Some(of(Place::Of(handle, Part::Outbox))),
        followers: Some(of(Place::Of(handle, Part::Followers))),
        featured: Some(of(Place::Of(handle, Part::Featured))),
        moderators: (kind == ActorKind::Group).then(|| of(Place::Of(handle, Part::Moderators))),
        created_at: app.now().midnight(),
    }
}

/// What is to be changed; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The name it goes by.
    pub name: Option<String>,
    /// About it, as typed.
    pub note: Option<String>,
    /// The lines of its table, name and value as typed.
    pub fields: Option<Vec<(String, String)>>,
    /// Its picture.
    pub avatar: Option<Picture>,
    /// Its banner.
    pub header: Option<Picture>,
    /// Follows wait for approval.
    pub locked: Option<bool>,
    /// It is a program.
    pub bot: Option<bool>,
    /// It may be found by the beginning of its name.
    pub discoverable: Option<bool>,
    /// What it writes for everybody may be found by its words.
    pub indexable: Option<bool>,
    /// Who may read its posts, where they do not say.
    pub visibility: Option<Visibility>,
    /// Their images are covered, where they do not say.
    pub sensitive: Option<bool>,
    /// Their language, where they do not say; an empty one means none.
    pub language: Option<String>,
}

/// A picture to show, or none.
#[derive(Debug, Clone)]
pub enum Picture {
    /// This file.
    New(Vec<u8>),
    /// None any more.
    Removed,
}

/// Changes a member's profile and choices; others are told of what they can see.
pub async fn update(app: &App, member: MemberId, changes: Changes) -> Result<Actor, Error> {
    check(&changes)?;
    let new = write(app, changes.avatar.as_ref(), changes.header.as_ref()).await?;
    let (unused, outcome) = match put(app, member, &changes, &new).await {
        Ok((unused, after)) => (unused, Ok(after)),
        Err(error) => (new.names(), Err(error)),
    };
    strays::remove(app, unused).await;
    outcome
}

/// The files that new pictures were written to.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    pub(crate) avatar: Option<String>,
    pub(crate) header: Option<String>,
}

impl Pictures {
    /// Their names.
    pub(crate) fn names(&self) -> Vec<String> {
        [&self.avatar, &self.header].into_iter().flatten().cloned().collect()
    }
}

/// Writes new pictures, both or none.
pub(crate) async fn write(
    app: &App,
    avatar: Option<&Picture>,
    header: Option<&Picture>,
) -> Result<Pictures, Error> {
    let mut new = Pictures { avatar: written(app, avatar, Purpose::Avatar).await?, header: None };
    match written(app, header, Purpose::Header).await {
        Ok(header) => new.header = header,
        Err(error) => {
            strays::remove(app, new.names()).await;
            return Err(error);
        }
    }
    Ok(new)
}

/// Writes what has changed; the files that are not shown any more, and the member as they are.
async fn put(
    app: &App,
    member: MemberId,
    changes: &Changes,
    new: &Pictures,
) -> Result<(Vec<String>, Actor), Error> {
    let mut tx = app.store().begin().await?;
    let before =
        actors::find(&mut tx, member.actor()).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?;
    choose(&mut tx, member, changes).await?;
    let profile = changed(app, &before, changes, new);
    actors::update(&mut tx, before.id, &profile, app.now()).await?;
    if let Some(indexable) = changes.indexable {
        actors::set_indexable(&mut tx, before.id, indexable).await?;
    }
    let after = actors::find(&mut tx, before.id).await?.ok_or(Refusal::Hidden)?;
    if after != before {
        effects::of(&mut tx, app, Event::ProfileChanged { actor: before.id }, Via::Here).await?;
    }
    let shown = [&after.avatar, &after.header];
    let old = [before.avatar, before.header].into_iter();
    let unused: Vec<String> = old.filter(|old| !shown.contains(&old)).flatten().collect();
    strays::keep(&mut tx, &new.names()).await?;
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    Ok((unused, after))
}

fn check(changes: &Changes) -> Result<(), Error> {
    let too_long = |text: &Option<String>, max| text.as_ref().is_some_and(|text| text.chars().count() > max);
    if too_long(&changes.name, NAME_CHARS_MAX) {
        return Err(Error::Name);
    }
    if too_long(&changes.note, NOTE_CHARS_MAX) {
        return Err(Error::Note);
    }
    let field_fits = |(name, value): &(String, String)| {
        name.chars().count() <= FIELD_CHARS_MAX && value.chars().count() <= FIELD_CHARS_MAX
    };
    if changes
        .fields
        .as_ref()
        .is_some_and(|fields| fields.len() > FIELDS_MAX || !fields.iter().all(field_fits))
    {
        return Err(Error::Fields);
    }
    // What is for a community's members has to name the community, so it cannot be a default.
    if changes.visibility == Some(Visibility::Members) {
        return Err(Error::Visibility);
    }
    Ok(())
}

/// The file that a new picture was written to.
async fn written(app: &App, picture: Option<&Picture>, purpose: Purpose) -> Result<Option<String>, Error> {
    let Some(Picture::New(bytes)) = picture else { return Ok(None) };
    let max = app.settings().media_bytes_max;
    if bytes.len() > max {
        return Err(Error::TooManyBytes { max });
    }
    let clean = pictures::clean(bytes.clone().into(), purpose).await?;
    let name = format!("{PROFILE_PREFIX}{}.{}", HEXLOWER.encode(&app.random::<16>()), clean.ending);
    strays::expect(app, slice::from_ref(&name)).await?;
    app.files().write(&name, clean.bytes.into()).await?;
    Ok(Some(name))
}

async fn choose(tx: &mut Tx, member: MemberId, changes: &Changes) -> Result<(), Error> {
    let before = members::find(tx, member).await?.ok_or(Refusal::Hidden)?;
    let language = match changes.language.as_deref() {
        None => before.default_language,
        Some("") => None,
        Some(language) => Some(language.to_owned()),
    };
    let defaults = Defaults {
        visibility: changes.visibility.unwrap_or(before.default_visibility),
        sensitive: changes.sensitive.unwrap_or(before.default_sensitive),
        language,
    };
    Ok(members::set_defaults(tx, member, &defaults).await?)
}

fn changed(app: &App, before: &Actor, changes: &Changes, new: &Pictures) -> Profile {
    Profile {
        kind: before.kind,
        handle: before.handle.clone(),
        host: before.host.clone(),
        uri: before.uri.clone(),
        url: before.url.clone(),
        name: changes.name.as_deref().unwrap_or(&before.name).trim().to_owned(),
        note: changes.note.as_ref().map_or_else(|| before.note.clone(), |note| html(app, note)),
        note_source: changes.note.as_ref().unwrap_or(&before.note_source).clone(),
        fields: changes.fields.as_ref().map_or_else(|| before.fields.clone(), |fields| lines(app, fields)),
        avatar: shown(changes.avatar.as_ref(), new.avatar.as_ref(), before.avatar.as_ref()),
        header: shown(changes.header.as_ref(), new.header.as_ref(), before.header.as_ref()),
        locked: changes.locked.unwrap_or(before.locked),
        bot: changes.bot.unwrap_or(before.bot),
        discoverable: changes.discoverable.unwrap_or(before.discoverable),
        inbox: before.inbox.clone(),
        shared_inbox: before.shared_inbox.clone(),
        outbox: before.outbox.clone(),
        followers: before.followers.clone(),
        featured: before.featured.clone(),
        moderators: None,
        created_at: before.created_at,
    }
}

fn shown(change: Option<&Picture>, written: Option<&String>, before: Option<&String>) -> Option<String> {
    match change {
        None => before.cloned(),
        Some(Picture::New(_)) => written.cloned(),
        Some(Picture::Removed) => None,
    }
}

/// Lines that say nothing are left out. A value is one line, without a paragraph around it.
fn lines(app: &App, fields: &[(String, String)]) -> Vec<Field> {
    let said = fields.iter().filter(|(name, _)| !name.trim().is_empty());
    said.map(|(name, value)| {
        let value = html(app, &value.replace(['\r', '\n'], " "));
        let value = value.strip_prefix("<p>").and_then(|value| value.strip_suffix("</p>")).unwrap_or(&value);
        Field { name: name.trim().to_owned(), value: value.to_owned() }
    })
    .collect()
}

/// Links and hashtags work in a profile; naming somebody there tells them nothing.
fn html(app: &App, text: &str) -> String {
    compose::html(text, &[], &app.places().of(Place::Tag("")))
}
