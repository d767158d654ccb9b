//! Pictures and other files.

use crate::entities::statuses::{Focus, MediaAttachment, Meta, Size};
use crate::error::Error;
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_domain::media::Media;
use alongside_domain::post::Post;
use alongside_store::posts;

/// A file, for whoever may read the post it goes with.
pub(crate) fn attachment(addresses: &Addresses, media: &Media, post: Option<&Post>) -> MediaAttachment {
    let original = size(media);
    MediaAttachment {
        id: media.id.to_string(),
        kind: media.kind.as_str(),
        url: addresses.file(media, post),
        preview_url: addresses.preview(media, post),
        remote_url: media.remote_url.clone(),
        preview_remote_url: None,
        text_url: None,
        meta: Meta { original, small: original, focus: Focus { x: media.focus_x, y: media.focus_y } },
        description: media.description.clone(),
        blurhash: media.blurhash.clone(),
    }
}

/// A file that its owner looks at, whether it goes with a post or not yet.
pub(crate) async fn own(app: &App, media: &Media) -> Result<MediaAttachment, Error> {
    let post = match media.post {
        Some(post) => posts::find(&mut app.reader(), post).await?,
        None => None,
    };
    Ok(attachment(&Addresses::load(app).await?, media, post.as_ref()))
}

/// Measures in a form that numbers of this size fit into exactly.
#[expect(clippy::cast_precision_loss, reason = "pixels are far below 2^52")]
fn size(media: &Media) -> Option<Size> {
    let known = media.width > 0 && media.height > 0;
    known.then(|| Size {
        width: media.width,
        height: media.height,
        aspect: media.width as f64 / media.height as f64,
    })
}
