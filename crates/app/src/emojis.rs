//! Pictures that stand for a word between colons: the node's own, which whoever runs it makes, and those that
//! people elsewhere use, of which we remember where they lie.

use crate::context::App;
use crate::media::by_name::EMOJI_PREFIX;
use crate::pictures::{self, Purpose, Unusable};
use crate::strays;
use alongside_domain::emoji::is_shortcode;
use alongside_domain::limits::{EMOJI_CATEGORY_CHARS_MAX, EMOJIS_MAX, HOST_EMOJIS_MAX, POST_EMOJIS_MAX};
use alongside_store::emojis::{self, Emoji};
use alongside_store::error;
use data_encoding::HEXLOWER;
use std::{io, slice};

/// Whose emojis the node's own are: nobody's elsewhere.
pub const HERE: &str = "";

/// Why there is no such emoji. The texts are shown to whoever runs the node.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The word cannot stand between colons.
    #[error("the name of an emoji has 2 to 40 letters, digits and underscores")]
    Name,
    /// The heading is too long.
    #[error("the category of an emoji may have {EMOJI_CATEGORY_CHARS_MAX} characters")]
    Category,
    /// The picture has too many bytes.
    #[error("the file is larger than {max} bytes")]
    TooManyBytes {
        /// As allowed.
        max: usize,
    },
    /// The picture cannot be used.
    #[error(transparent)]
    Picture(#[from] Unusable),
    /// The node has as many as it may have.
    #[error("a node may have {EMOJIS_MAX} emojis: remove one first")]
    Full,
    /// There is none of that name.
    #[error("there is no emoji of that name")]
    NotFound,
    /// The picture could not be written.
    #[error("the picture could not be kept")]
    File(#[from] io::Error),
    /// The store could not do it.
    #[error("the emoji could not be kept")]
    Store(#[from] error::Error),
}

/// Gives the node an emoji, or an emoji another picture.
pub async fn add(
    app: &App,
    shortcode: &str,
    picture: Vec<u8>,
    category: Option<&str>,
) -> Result<Emoji, Error> {
    if !is_shortcode(shortcode) {
        return Err(Error::Name);
    }
    let category = category.map(str::trim).filter(|category| !category.is_empty());
    if category.is_some_and(|category| category.chars().count() > EMOJI_CATEGORY_CHARS_MAX) {
        return Err(Error::Category);
    }
    let max = app.settings().media_bytes_max;
    if picture.len() > max {
        return Err(Error::TooManyBytes { max });
    }
    let picture = pictures::clean(picture.into(), Purpose::Emoji).await?;
    let file = format!("{EMOJI_PREFIX}{}.{}", HEXLOWER.encode(&app.random::<16>()), picture.ending);
    let emoji = Emoji {
        host: HERE.to_owned(),
        shortcode: shortcode.to_owned(),
        file: Some(file.clone()),
        url: None,
        category: category.map(str::to_owned),
        updated_at: app.now(),
    };
    let kept = async {
        strays::expect(app, slice::from_ref(&file)).await?;
        app.files().write(&file, picture.bytes.into()).await?;
        put(app, &emoji).await
    };
    match kept.await {
        Ok(unused) => {
            strays::remove(app, unused).await;
            Ok(emoji)
        }
        Err(error) => {
            strays::remove(app, vec![file]).await;
            Err(error)
        }
    }
}

/// The files of the emoji that was there before.
async fn put(app: &App, emoji: &Emoji) -> Result<Vec<String>, Error> {
    let mut tx = app.store().begin().await?;
    let before = emojis::find(&mut tx, HERE, &emoji.shortcode).await?;
    if before.is_none() && emojis::count(&mut tx, HERE).await? >= EMOJIS_MAX {
        return Err(Error::Full);
    }
    emojis::put(&mut tx, emoji).await?;
    strays::keep(&mut tx, emoji.file.as_slice()).await?;
    let unused: Vec<String> = before.and_then(|before| before.file).into_iter().collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    Ok(unused)
}

/// Takes an emoji of the node away. The word stays in what was written with it.
pub async fn remove(app: &App, shortcode: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let found = emojis::find(&mut tx, HERE, shortcode).await?.ok_or(Error::NotFound)?;
    emojis::remove(&mut tx, HERE, shortcode).await?;
    let unused: Vec<String> = found.file.into_iter().collect();
    strays::let_go(&mut tx, app, &unused).await?;
    tx.commit().await?;
    strays::remove(app, unused).await;
    Ok(())
}

/// The emojis of the node, by their names.
pub async fn all(app: &App) -> Result<Vec<Emoji>, error::Error> {
    emojis::of_host(&mut app.reader(), HERE, EMOJIS_MAX).await
}

/// Remembers where the emojis lie that somebody on a host uses. What is known already is not written again.
pub async fn learn(app: &App, host: &str, used: &[(String, String)]) -> Result<(), error::Error> {
    let used = used.iter().filter(|(shortcode, _)| is_shortcode(shortcode)).take(POST_EMOJIS_MAX);
    let mut new = Vec::new();
    for (shortcode, url) in used {
        let known = emojis::find(&mut app.reader(), host, shortcode).await?;
        if known.is_none_or(|known| known.url.as_ref() != Some(url)) {
            new.push((shortcode, url));
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    let room = HOST_EMOJIS_MAX - emojis::count(&mut tx, host).await?;
    for (shortcode, url) in new.into_iter().take(usize::try_from(room).unwrap_or_default()) {
        let emoji = Emoji {
            host: host.to_owned(),
            shortcode: shortcode.clone(),
            file: None,
            url: Some(url.clone()),
            category: None,
            updated_at: app.now(),
        };
        emojis::put(&mut tx, &emoji).await?;
    }
    tx.commit().await
}
