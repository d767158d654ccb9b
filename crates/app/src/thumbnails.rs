//! Pictures that a member wants to be shown first of a file, instead of a small version of it: of a film another
//! moment, of a sound its cover. Of such a picture only the small version is kept.

use crate::context::App;
use crate::media::names::Names;
use crate::media::{self as files, Error};
use crate::pictures::{self, Picture, Purpose};
use crate::strays;
use alongside_domain::id::{MediaId, MemberId};
use alongside_domain::media::Media;
use alongside_store::media;
use bytes::Bytes;
use std::slice;

/// Makes a clean picture of what was given.
pub(crate) async fn clean(app: &App, file: Bytes) -> Result<Picture, Error> {
    let max = app.settings().media_bytes_max;
    if file.len() > max {
        return Err(Error::TooManyBytes { max });
    }
    Ok(pictures::clean(file, Purpose::Post).await?)
}

/// Shows this first of a file from now on, instead of what was shown before.
pub async fn choose(app: &App, member: MemberId, id: MediaId, file: Bytes) -> Result<Media, Error> {
    files::find(app, member, id).await?;
    let Picture { preview, preview_size, blurhash, ending, .. } = clean(app, file).await?;
    let name = Names::new(app, id).preview(ending);
    let kept = async {
        strays::expect(app, slice::from_ref(&name)).await?;
        app.files().write(&name, preview.into()).await?;
        let mut tx = app.store().begin().await?;
        let before = files::own(media::find(&mut tx, id).await?, member)?;
        media::show_first(&mut tx, id, &name, preview_size, blurhash.clone()).await?;
        strays::keep(&mut tx, slice::from_ref(&name)).await?;
        strays::let_go(&mut tx, app, before.preview.as_slice()).await?;
        tx.commit().await?;
        Ok(before)
    };
    match kept.await {
        Ok(before) => {
            strays::remove(app, before.preview.clone().into_iter().collect()).await;
            Ok(Media { preview: Some(name), cover: Some(preview_size), blurhash, ..before })
        }
        Err(error) => {
            strays::remove(app, vec![name]).await;
            Err(error)
        }
    }
}
