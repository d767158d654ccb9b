//! Describing files that were uploaded ([`crate::uploads`]), and showing them to those who may see them.
//!
//! A file's address is open where its post is, and so are the pictures of profiles, as long as nobody is suspended whose
//! they are. Anything else (members-only posts, messages, uploads that wait for their post, what staff have to look at)
//! is reached by an address that carries a signature and runs out; while somebody is suspended, only those that staff
//! were given work.

pub(crate) mod by_name;
pub(crate) mod names;
pub(crate) mod signatures;

use crate::context::App;
use crate::copies::Size;
use crate::films;
use crate::pictures::Unusable;
use crate::strays;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MediaId, MemberId};
use alongside_domain::limits::{MEDIA_DESCRIPTION_CHARS_MAX, UPLOAD_SECS_MAX};
use alongside_domain::media::{Media, MediaKind};
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Post;
use alongside_store::media::Words;
use alongside_store::{error, media, posts, sanctions};
use aws_lc_rs::hmac;
use std::io;

/// How long a signed address works at least, and at most twice as long: addresses change only this
/// often, so that browsers can keep what they have.
const ADDRESS_SECS: i64 = 3_600;
/// How long an address works at least that another server is told, and at most twice as long. A server that keeps
/// no copy shows the file no longer then.
const SERVERS_SECS: i64 = 30 * 86_400;
/// Files that are swept at once.
const SWEEP_MAX: i64 = 200;

/// Why a file was not taken or changed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A picture cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// A film or a sound cannot be used.
    #[error(transparent)]
    Film(#[from] films::Unfit),
    /// It has too many bytes.
    #[error("Validation failed: the file is larger than {max} bytes")]
    TooManyBytes {
        /// As allowed.
        max: usize,
    },
    /// It is described in too many words.
    #[error("Validation failed: a description may have {MEDIA_DESCRIPTION_CHARS_MAX} characters")]
    Description,
    /// The member has no such file.
    #[error("Record not found")]
    NotFound,
    /// It goes with a post.
    #[error("Media attachment is currently used by a status")]
    Used,
    /// The file could not be written.
    #[error("the file could not be kept")]
    File(#[from] io::Error),
    /// The store could not do it.
    #[error("what is known of the file could not be kept")]
    Store(#[from] error::Error),
}

/// What is to be changed of what is said of a file; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// What one would see.
    pub description: Option<String>,
    /// The point to keep in sight, across and down.
    pub focus: Option<(f64, f64)>,
}

/// Changes what is said of a file, also while it goes with a post.
pub async fn describe(app: &App, member: MemberId, id: MediaId, changes: Changes) -> Result<Media, Error> {
    let mut tx = app.store().begin().await?;
    let mut found = own(media::find(&mut tx, id).await?, member)?;
    let (focus_x, focus_y) = changes.focus.unwrap_or((found.focus_x, found.focus_y));
    let description = changes.description.or(found.description);
    let words = checked(Words { description, focus_x, focus_y })?;
    media::describe(&mut tx, id, &words).await?;
    tx.commit().await?;
    found.description = words.description;
    (found.focus_x, found.focus_y) = (words.focus_x, words.focus_y);
    Ok(found)
}

/// A file of a member.
pub async fn find(app: &App, member: MemberId, id: MediaId) -> Result<Media, Error> {
    own(media::find(&mut app.reader(), id).await?, member)
}

/// Takes back a file that goes with no post.
pub async fn remove(app: &App, member: MemberId, id: MediaId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let found = own(media::find(&mut tx, id).await?, member)?;
    if !media::remove(&mut tx, id).await? {
        return Err(Error::Used);
    }
    let unused: Vec<String> = files_of(found).collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(())
}

/// Forgets uploads that went with no post for a day; says how many. To be called from time to time.
pub async fn sweep(app: &App) -> Result<usize, error::Error> {
    let before = app.now().plus_secs(-UPLOAD_SECS_MAX);
    let mut tx = app.store().begin().await?;
    let mut gone = Vec::new();
    for unused in media::unused(&mut tx, before, SWEEP_MAX).await? {
        if media::remove(&mut tx, unused.id).await? {
            gone.push(unused);
        }
    }
    let swept = gone.len();
    let unused: Vec<String> = gone.into_iter().flat_map(files_of).collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(swept)
}

/// What a signed address carries beside the name of the file.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Until when it works, in seconds.
    pub until: i64,
    /// The signature.
    pub signature: String,
}

/// A file that may be shown.
#[derive(Debug)]
pub struct Shown {
    /// By what name it is kept.
    pub name: String,
    /// Its media type.
    pub mime: &'static str,
    /// Anybody may keep a copy; else only the browser that asked.
    pub open: bool,
}

/// The file of this name, if whoever holds this ticket, or no ticket, may see it.
pub async fn show(app: &App, name: &str, ticket: Option<&Ticket>) -> Result<Option<Shown>, error::Error> {
    let Some(mime) = mime(name) else { return Ok(None) };
    let open =
        if by_name::is_one(name) { by_name::is_seen(app, name).await? } else { is_open(app, name).await? };
    let may = open
        || match ticket {
            Some(ticket) => is_let_in(app, name, ticket).await?,
            None => false,
        };
    Ok(may.then(|| Shown { name: name.to_owned(), mime, open }))
}

/// Whether a ticket is good for a file that is still there. While its author is suspended, only one of staff is.
async fn is_let_in(app: &App, name: &str, ticket: &Ticket) -> Result<bool, error::Error> {
    let Some(holder) = Addresses::load(app).await?.holder(name, ticket, app.now()) else { return Ok(false) };
    if by_name::is_one(name) {
        return Ok(holder == Holder::Staff);
    }
    let Some(media) = behind(app, name).await? else { return Ok(false) };
    let Some(post) = media.post else { return Ok(true) };
    Ok(match holder {
        Holder::Reader => post_with(app, name).await?.is_some(),
        Holder::Staff => posts::find(&mut app.reader(), post).await?.is_some_and(|post| post.is_present()),
    })
}

/// For whom an address was signed: who may read the post, or staff, who look at what was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Reader,
    Staff,
}

/// Writes the addresses of files.
#[derive(Debug, Clone)]
pub struct Addresses {
    app: App,
    key: hmac::Key,
    /// Each is signed, also where it is open to everybody.
    signed: bool,
}

impl Addresses {
    /// Ready to write addresses.
    pub async fn load(app: &App) -> Result<Self, error::Error> {
        let key = app.media_key().get_or_try_init(|| signatures::key(app)).await?.clone();
        Ok(Self { app: app.clone(), key, signed: false })
    }

    /// The same for whoever looks at what is shown to nobody else, such as what somebody suspended wrote.
    #[must_use]
    pub fn for_staff(self) -> Self {
        Self { signed: true, ..self }
    }

    /// Where a file is, for whoever may read the post it goes with, if it goes with one.
    pub fn file(&self, media: &Media, post: Option<&Post>) -> Option<String> {
        self.address(media.file.as_deref(), media, post, Size::Original)
    }

    /// Where its small version is.
    pub fn preview(&self, media: &Media, post: Option<&Post>) -> Option<String> {
        let small = media.preview.as_deref();
        let name = small.or_else(|| media.file.as_deref().filter(|_| media.kind == MediaKind::Image));
        if name.is_none() && media.file.is_some() {
            // A sound has nothing to see.
            return None;
        }
        self.address(name, media, post, Size::Small)
    }

    /// Where a file is for the servers that a post goes to. They tell their members, who do not sign what they
    /// ask for, so this address works for longer.
    pub fn for_servers(&self, media: &Media, post: &Post) -> Option<String> {
        let Some(name) = media.file.as_deref() else { return media.remote_url.clone() };
        Some(self.kept(name, post.visibility.is_open(), SERVERS_SECS))
    }

    /// Where they get the picture that its owner chose to be shown first of a film or a sound: of a sound there is no other.
    pub fn cover_for_servers(&self, media: &Media, post: &Post) -> Option<String> {
        let is_chosen = match media.kind {
            MediaKind::Audio => true,
            MediaKind::Video | MediaKind::Gifv => media.cover.is_some(),
            MediaKind::Image | MediaKind::Unknown => false,
        };
        let name = media.preview.as_deref().filter(|_| is_chosen)?;
        Some(self.kept(name, post.visibility.is_open(), SERVERS_SECS))
    }

    /// Where members here get a file that lies elsewhere: there, or a copy from this node.
    pub fn elsewhere(&self, url: &str, size: Size, open: bool) -> String {
        self.copy(url, size, open).unwrap_or_else(|| url.to_owned())
    }

    /// The address of a copy of a file that lies elsewhere, where members get copies.
    pub fn copy(&self, url: &str, size: Size, open: bool) -> Option<String> {
        let until = if open { 0 } else { self.until(ADDRESS_SECS) };
        self.copies().then(|| signatures::copy_address(self.app.places(), &self.key, url, size, until))
    }

    /// Whether members get copies of what lies elsewhere.
    fn copies(&self) -> bool {
        self.app.settings().media.copies.is_some()
    }

    /// What a ticket for a copy is good for.
    pub fn read_ticket(&self, ticket: &str) -> Option<Wanted> {
        let (url, size, until) = signatures::read_copy(&self.key, ticket)?;
        let open = until == 0;
        (open || until > self.app.now().as_secs()).then_some(Wanted { url, size, open })
    }

    /// Where a picture of a profile is that is kept here, for staff who look at somebody suspended.
    pub fn portrait(&self, name: &str) -> Option<String> {
        by_name::is_one(name).then(|| self.kept(name, !self.signed, ADDRESS_SECS))
    }

    /// The addresses of this node.
    pub fn places(&self) -> &Places {
        self.app.places()
    }

    fn address(&self, name: Option<&str>, media: &Media, post: Option<&Post>, size: Size) -> Option<String> {
        let open = !self.signed && post.is_some_and(|post| post.visibility.is_open());
        match name {
            Some(name) => Some(self.kept(name, open, ADDRESS_SECS)),
            // Nobody makes a small version of a film that lies elsewhere.
            None if size == Size::Small && media.kind != MediaKind::Image && self.copies() => None,
            None => media.remote_url.as_deref().map(|url| self.elsewhere(url, size, open)),
        }
    }

    /// The address of a file that is kept here: plain if everybody may see it, else signed for some time.
    fn kept(&self, name: &str, open: bool, secs: i64) -> String {
        let address = self.app.places().of(Place::Media(name));
        if open {
            return address;
        }
        let holder = if self.signed { Holder::Staff } else { Holder::Reader };
        let Ticket { until, signature } = signatures::ticket(&self.key, name, self.until(secs), holder);
        format!("{address}?until={until}&signature={signature}")
    }

    /// When an address runs out that works for so long: the same moment for all of a while.
    fn until(&self, secs: i64) -> i64 {
        (self.app.now().as_secs().div_euclid(secs) + 2) * secs
    }

    fn holder(&self, name: &str, ticket: &Ticket, now: Timestamp) -> Option<Holder> {
        signatures::holder(&self.key, name, ticket).filter(|_| ticket.until > now.as_secs())
    }
}

/// A file elsewhere of which a copy is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it lies.
    pub url: String,
    /// How large it is wanted.
    pub size: Size,
    /// Whether everybody may see it.
    pub open: bool,
}

/// The row behind a file's name: the name begins with its id.
async fn behind(app: &App, name: &str) -> Result<Option<Media>, error::Error> {
    let Some(id) = name.split_once('-').and_then(|(id, _)| id.parse().ok()) else { return Ok(None) };
    let found = media::find(&mut app.reader(), id).await?;
    Ok(found.filter(|media| media.file.as_deref() == Some(name) || media.preview.as_deref() == Some(name)))
}

/// The post that the file of this name goes with, if it is there and its author is not suspended.
pub async fn post_with(app: &App, name: &str) -> Result<Option<Post>, error::Error> {
    let Some(post) = behind(app, name).await?.and_then(|media| media.post) else { return Ok(None) };
    let mut reader = app.reader();
    match posts::find(&mut reader, post).await?.filter(Post::is_present) {
        Some(post) if sanctions::suspended_among(&mut reader, &[post.author]).await?.is_empty() => {
            Ok(Some(post))
        }
        Some(_) | None => Ok(None),
    }
}

async fn is_open(app: &App, name: &str) -> Result<bool, error::Error> {
    Ok(post_with(app, name).await?.is_some_and(|post| post.visibility.is_open()))
}

/// What kind of file it is, by its name. A kind that is not here is shown to nobody.
pub fn mime(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "jpg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "mp4" => Some("video/mp4"),
        "webm" => Some("video/webm"),
        "mp3" => Some("audio/mpeg"),
        "ogg" => Some("audio/ogg"),
        "wav" => Some("audio/wav"),
        "flac" => Some("audio/flac"),
        "aac" => Some("audio/aac"),
        _ => None,
    }
}

pub(crate) fn own(found: Option<Media>, member: MemberId) -> Result<Media, Error> {
    let owner: ActorId = member.actor();
    found.filter(|media| media.owner == owner).ok_or(Error::NotFound)
}

pub(crate) fn checked(words: Words) -> Result<Words, Error> {
    let description = words.description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if description.as_ref().is_some_and(|text| text.chars().count() > MEDIA_DESCRIPTION_CHARS_MAX) {
        return Err(Error::Description);
    }
    let within = |at: f64| if at.is_finite() { at.clamp(-1.0, 1.0) } else { 0.0 };
    Ok(Words { description, focus_x: within(words.focus_x), focus_y: within(words.focus_y) })
}

/// The names of what is kept here of it.
pub(crate) fn files_of(media: Media) -> impl Iterator<Item = String> {
    media.file.into_iter().chain(media.preview)
}
