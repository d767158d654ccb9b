//! Pictures and other files.

use crate::entities::statuses::{Focus, MediaAttachment, Meta, Size};
use alongside_app::media::Addresses;
use alongside_domain::media::Media;
use alongside_domain::post::Post;

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
