//! Taking files that will go with posts: pictures at once, films and sounds by a job.
//!
//! A film is looked at before it is taken, so that what passes a limit is refused in words. What was
//! taken is kept as it came, where nobody can see it, until a worker has made it ready.

pub mod room;

use crate::context::App;
use crate::effects;
use crate::films::container::{Container, HEAD_BYTES};
use crate::films::{Film, GIVEN, Tools, Unfit};
use crate::media::names::Names;
use crate::media::{Error, checked, files_of};
use crate::pictures::{self, Picture, Purpose};
use crate::uploads::room::Room;
use crate::{strays, thumbnails};
use alongside_domain::id::{MediaId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::limits::{FILM_WORK_SECS_MAX, FILMS_WAITING_MAX};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_store::jobs;
use alongside_store::media::{self, Words};
use bytes::Bytes;
use std::path::Path;
use std::{io, iter};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::sync::Semaphore;

/// Films that are encoded at once: each takes what processors there are.
static SLOT: Semaphore = Semaphore::const_new(1);
/// Films that are looked at and stored at once while those who sent them wait: that takes memory of its own.
static LOOKING: Semaphore = Semaphore::const_new(2);
/// One film after the other, by workers that may take long.
const SEQUENCE: &str = "from:films";
/// The same for those that somebody has waited for in vain: they are due later, and must not keep the others.
const WAITED_FOR: &str = "from:films-waited-for";
/// What the name of a file ends with that is kept as it came. It is no kind of file that is ever shown.
const AS_IT_CAME: &str = "given";

/// Whether whoever uploads waits until the file can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// They ask again later.
    No,
    /// They wait.
    Yes,
}

/// What is uploaded.
#[derive(Debug, Clone)]
pub struct Given {
    /// The file.
    pub file: Bytes,
    /// A picture to show of it first, instead of one that is made of it.
    pub thumbnail: Option<Bytes>,
}

/// Takes a file that will go with a post.
pub async fn take(
    app: &App,
    member: MemberId,
    Given { file, thumbnail }: Given,
    words: Words,
    wait: Wait,
) -> Result<Media, Error> {
    let media = begun(app, member, checked(words)?);
    let first = match thumbnail {
        Some(thumbnail) => Some(thumbnails::clean(app, thumbnail).await?),
        None => None,
    };
    let films = app.settings().media.films.as_ref();
    let container = match Container::of(&file) {
        // Without the programs a GIF that moves is shown as it begins.
        Some(Container::Gif) if films.is_none() => None,
        Some(Container::Gif) => pictures::moves(file.clone()).await?.then_some(Container::Gif),
        other => other,
    };
    match (container, films) {
        (None, _) => picture(app, media, file, first).await,
        (Some(_), None) => Err(Unfit::Unsupported.into()),
        (Some(container), Some(tools)) => film(app, tools, media, (file, container), first, wait).await,
    }
}

async fn picture(app: &App, mut media: Media, file: Bytes, first: Option<Picture>) -> Result<Media, Error> {
    within(file.len(), app.settings().media_bytes_max)?;
    let picture = pictures::clean(file, Purpose::Post).await?;
    let named = Names::new(app, media.id);
    media.cover = first.as_ref().map(|first| first.preview_size);
    let (ending, small, blurhash) = match first {
        Some(first) => (first.ending, first.preview, first.blurhash),
        None => (picture.ending, picture.preview, picture.blurhash),
    };
    let files = [named.file(picture.ending), named.preview(ending)];
    let [name, preview] = &files;
    media.file = Some(name.clone());
    media.preview = Some(preview.clone());
    picture.mime.clone_into(&mut media.mime);
    (media.width, media.height) = (picture.width.into(), picture.height.into());
    media.blurhash = blurhash;
    media.state = MediaState::Ready;
    let kept = async {
        strays::expect(app, &files).await?;
        app.files().write(name, picture.bytes.into()).await?;
        app.files().write(preview, small.into()).await?;
        let mut tx = app.store().begin().await?;
        media::insert_upload(&mut tx, &media).await?;
        strays::keep(&mut tx, &files).await?;
        Ok(tx.commit().await?)
    };
    if let Err(error) = kept.await {
        strays::remove(app, files.into()).await;
        return Err(error);
    }
    Ok(media)
}

async fn film(
    app: &App,
    tools: &Tools,
    mut media: Media,
    (file, container): (Bytes, Container),
    first: Option<Picture>,
    wait: Wait,
) -> Result<Media, Error> {
    within(file.len(), app.settings().media.film_bytes_max)?;
    let room = Room::make(app, media.id).await?;
    tokio::fs::write(room.path().join(GIVEN), &file).await?;
    drop(file);
    let named = Names::new(app, media.id);
    let name = named.file(AS_IT_CAME);
    media.preview = first.as_ref().map(|first| named.preview(first.ending));
    media.cover = first.as_ref().map(|first| first.preview_size);
    media.blurhash = first.as_ref().and_then(|first| first.blurhash.clone());
    media.file = Some(name.clone());
    let files: Vec<String> = files_of(media.clone()).collect();
    {
        let _turn = LOOKING.acquire().await.map_err(|_| Unfit::Stopped)?;
        let seen = tools.look(room.path(), container).await?;
        media.kind = if seen.size.is_some() { MediaKind::Video } else { MediaKind::Audio };
        strays::expect(app, &files).await?;
        app.files().write_from(&name, &room.path().join(GIVEN)).await?;
    }
    // A worker may begin at once, and makes a folder of the same name.
    drop(room);
    let kept = async {
        if let (Some(first), Some(preview)) = (first, &media.preview) {
            app.files().write(preview, first.preview.into()).await?;
        }
        let mut tx = app.store().begin().await?;
        if media::count_waiting(&mut tx, media.owner).await? >= FILMS_WAITING_MAX {
            return Err(Unfit::Busy.into());
        }
        media::insert_upload(&mut tx, &media).await?;
        strays::keep(&mut tx, &files).await?;
        let job = Job::Film { media: media.id };
        match wait {
            Wait::No => effects::push(&mut tx, app, &job, SEQUENCE).await?,
            // Whoever waits has it done now. The job is for the case that they cannot wait so long.
            Wait::Yes => {
                let later = app.now().plus_secs(i64::try_from(FILM_WORK_SECS_MAX).unwrap_or(i64::MAX));
                jobs::push(&mut tx, app.next_id(), &job, WAITED_FOR, later).await?;
            }
        }
        Ok(tx.commit().await?)
    };
    if let Err(error) = kept.await {
        strays::remove(app, files).await;
        return Err(error);
    }
    match wait {
        Wait::No => Ok(media),
        Wait::Yes => {
            make_ready(app, media.id).await?;
            media::find(&mut app.reader(), media.id).await?.ok_or(Error::NotFound)
        }
    }
}

/// Makes a film or a sound ready that was taken; it takes long. Doing it twice is harmless.
pub async fn make_ready(app: &App, id: MediaId) -> Result<(), Error> {
    let Ok(_slot) = SLOT.acquire().await else { return Ok(()) };
    let found = media::find(&mut app.reader(), id).await?;
    let Some(media) = found.filter(|media| media.state == MediaState::Waiting) else { return Ok(()) };
    let room = Room::make(app, id).await?;
    let settled = match encoded(app, &media, room.path()).await {
        Ok(film) => ready(app, &media, film, room.path()).await?,
        Err(Error::Film(unfit)) if unfit != Unfit::Stopped => {
            tracing::info!(media.id = id.get(), %unfit, "an upload could not be made ready");
            Media { state: MediaState::Failed, file: None, ..media.clone() }
        }
        Err(error) => return Err(error),
    };
    let mut tx = app.store().begin().await?;
    media::settle(&mut tx, &settled).await?;
    // Its owner may have taken it back meanwhile, or chosen what is to be shown first of it.
    let shown: Vec<String> = media::find(&mut tx, id).await?.into_iter().flat_map(files_of).collect();
    let before: Vec<String> = files_of(media).collect();
    let made = files_of(settled).filter(|name| !before.contains(name));
    let (kept, given_up): (Vec<String>, Vec<String>) = made.partition(|name| shown.contains(name));
    let unused: Vec<String> =
        before.into_iter().filter(|name| !shown.contains(name)).chain(given_up).collect();
    strays::keep(&mut tx, &kept).await?;
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(())
}

async fn encoded(app: &App, media: &Media, room: &Path) -> Result<Film, Error> {
    let tools = app.settings().media.films.as_ref().ok_or(Unfit::Unsupported)?;
    let name = media.file.as_deref().ok_or(Unfit::Broken)?;
    let given = room.join(GIVEN);
    match app.files().read_to(name, &given).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unfit::Broken.into()),
        other => other?,
    }
    let mut head = Vec::new();
    File::open(&given).await?.take(HEAD_BYTES).read_to_end(&mut head).await?;
    let container = Container::of(&head).ok_or(Unfit::Broken)?;
    Ok(tools.clean(room, container).await?)
}

/// Keeps the clean files. A picture that its owner chose to be shown first stays.
async fn ready(app: &App, media: &Media, film: Film, room: &Path) -> Result<Media, Error> {
    let named = Names::new(app, media.id);
    let name = named.file(film.ending);
    let still = film.still.filter(|_| media.preview.is_none());
    let small = still.as_ref().map(|_| named.preview("jpg"));
    let files: Vec<String> = iter::once(name.clone()).chain(small.clone()).collect();
    strays::expect(app, &files).await?;
    app.files().write_from(&name, &room.join(film.file)).await?;
    let (preview, blurhash) = match still.zip(small) {
        Some((still, preview)) => {
            app.files().write(&preview, still.preview.into()).await?;
            (Some(preview), still.blurhash)
        }
        None => (media.preview.clone(), media.blurhash.clone()),
    };
    Ok(Media {
        kind: film.kind,
        mime: film.mime.to_owned(),
        file: Some(name),
        preview,
        blurhash,
        width: film.size.0,
        height: film.size.1,
        playing: Some(film.playing),
        state: MediaState::Ready,
        ..media.clone()
    })
}

fn within(bytes: usize, max: usize) -> Result<(), Error> {
    if bytes > max { Err(Error::TooManyBytes { max }) } else { Ok(()) }
}

/// A row that only lacks what the file says.
fn begun(app: &App, member: MemberId, words: Words) -> Media {
    Media {
        id: app.next_id(),
        owner: member.actor(),
        post: None,
        kind: MediaKind::Image,
        mime: String::new(),
        file: None,
        preview: None,
        cover: None,
        remote_url: None,
        description: words.description,
        focus_x: words.focus_x,
        focus_y: words.focus_y,
        blurhash: None,
        width: 0,
        height: 0,
        playing: None,
        state: MediaState::Waiting,
        created_at: app.now(),
    }
}
