//! Copies of pictures, films and sounds that lie elsewhere. Where the operator wants it, members get them from
//! this node, so that the servers where they lie do not learn who looks at what.
//!
//! A copy is made when somebody first looks. A picture is encoded anew; a film or a sound is kept as it came, if
//! it begins like one. What nobody looks at goes, and what is too much. Asking elsewhere is not done here.

use crate::context::App;
use crate::films::container::Container;
use crate::media::Error;
use crate::pictures::{self, Purpose};
use crate::strays;
use alongside_store::copies::{self, Copy};
use alongside_store::error;
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use data_encoding::HEXLOWER;

alongside_domain::words! {
    /// How large a copy is wanted.
    pub enum Size {
        /// As it is.
        Original = "original",
        /// Small, for a picture.
        Small = "small",
    }
}

/// How copies are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Bytes that all of them may take.
    pub bytes_max: i64,
    /// Days that one is kept which nobody looks at.
    pub days: i64,
}

/// What is known of a file elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// There is a copy, by this name.
    Copied(String),
    /// It could not be had a while ago.
    Missed,
    /// It was not asked for yet, or long ago.
    Not,
}

/// What could not be had is asked for again after this long.
const MISSED_SECS: i64 = 600;
/// That somebody looked is written down no more often than this.
const TOUCH_SECS: i64 = 6 * 3_600;
/// Copies that are swept at once.
const SWEEP_MAX: i64 = 200;

/// What is known of the file at this address elsewhere.
pub async fn find(app: &App, url: &str, size: Size) -> Result<Known, error::Error> {
    let (hash, now) = (hash(url), app.now());
    let Some(copy) = copies::find(&mut app.reader(), &hash).await? else { return Ok(Known::Not) };
    if now.as_secs() - copy.used_at.as_secs() > TOUCH_SECS && copy.file.is_some() {
        let mut tx = app.store().begin().await?;
        copies::touch(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    let is_recent = now.as_secs() - copy.fetched_at.as_secs() < MISSED_SECS;
    let wanted = if size == Size::Small { copy.preview.or(copy.file) } else { copy.file };
    Ok(match wanted {
        Some(name) => Known::Copied(name),
        None if is_recent => Known::Missed,
        None => Known::Not,
    })
}

/// Keeps a copy of what lies at this address elsewhere; the name of the size that is wanted.
pub async fn keep(app: &App, url: &str, bytes: Bytes, size: Size) -> Result<String, Error> {
    let random = HEXLOWER.encode(&app.random::<16>());
    let (files, preview) = match Container::of(&bytes) {
        Some(container) if container != Container::Gif => {
            (vec![(format!("copy-{random}.{}", container.ending()), bytes)], None)
        }
        Some(_) | None => {
            let picture = pictures::clean(bytes, Purpose::Post).await?;
            let name = |part: &str| format!("copy-{random}{part}.{}", picture.ending);
            let small = name("-small");
            let files = vec![(name(""), picture.bytes.into()), (small.clone(), picture.preview.into())];
            (files, Some(small))
        }
    };
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let copy = Copy {
        url_hash: hash(url),
        file: names.first().cloned(),
        preview: preview.clone(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        fetched_at: app.now(),
        used_at: app.now(),
    };
    let kept = async {
        strays::expect(app, &names).await?;
        for (name, bytes) in files {
            app.files().write(&name, bytes).await?;
        }
        put(app, &copy).await.map_err(Error::from)
    };
    if let Err(error) = kept.await {
        strays::remove(app, names).await;
        return Err(error);
    }
    make_room(app).await?;
    let small = preview.filter(|_| size == Size::Small);
    small.or(copy.file).ok_or(Error::NotFound)
}

/// Remembers that what lies there could not be had.
pub async fn miss(app: &App, url: &str) -> Result<(), error::Error> {
    let (url_hash, now) = (hash(url), app.now());
    put(app, &Copy { url_hash, file: None, preview: None, bytes: 0, fetched_at: now, used_at: now }).await
}

/// Forgets copies that nobody has looked at for long. To be called from time to time.
pub async fn sweep(app: &App) -> Result<usize, error::Error> {
    let days = app.settings().media.copies.map_or(0, |keep| keep.days);
    let before = app.now().plus_secs(-days * 86_400);
    let mut swept = 0;
    loop {
        let unused = copies::unused(&mut app.reader(), before, SWEEP_MAX).await?;
        if unused.is_empty() {
            return Ok(swept);
        }
        swept += unused.len();
        forget(app, unused).await?;
    }
}

/// Forgets those that were not looked at for longest, until what is left is not too much.
async fn make_room(app: &App) -> Result<(), error::Error> {
    let max = app.settings().media.copies.map_or(0, |keep| keep.bytes_max);
    let mut over = copies::total(&mut app.reader()).await? - max;
    while over > 0 {
        let mut oldest = copies::unused(&mut app.reader(), app.now(), SWEEP_MAX).await?;
        if oldest.is_empty() {
            // All of them are from this very moment.
            return Ok(());
        }
        let mut count = 0;
        while over > 0 && count < oldest.len() {
            over -= oldest[count].bytes;
            count += 1;
        }
        oldest.truncate(count);
        forget(app, oldest).await?;
    }
    Ok(())
}

/// The rows go first: a file without a row is seen by nobody.
async fn forget(app: &App, gone: Vec<Copy>) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    for copy in &gone {
        copies::remove(&mut tx, &copy.url_hash).await?;
    }
    let unused: Vec<String> = gone.into_iter().flat_map(files_of).collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(())
}

/// Puts a copy in place of the one before, whose files go.
async fn put(app: &App, copy: &Copy) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    // Another server may keep one of the same at this moment.
    copies::hold(&mut tx, &copy.url_hash, copy.used_at).await?;
    let before = copies::find(&mut tx, &copy.url_hash).await?;
    copies::put(&mut tx, copy).await?;
    let kept: Vec<String> = files_of(copy.clone()).collect();
    strays::keep(&mut tx, &kept).await?;
    let unused: Vec<String> = before.into_iter().flat_map(files_of).collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(())
}

fn files_of(copy: Copy) -> impl Iterator<Item = String> {
    copy.file.into_iter().chain(copy.preview)
}

fn hash(url: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, url.as_bytes()).as_ref())
}
