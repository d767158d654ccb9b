//! Pictures and other files.

use crate::entities::statuses::{Focus, Length, MediaAttachment, Meta, Original, Shape, Size};
use crate::error::Error;
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_domain::media::{Media, MediaKind, MediaState, Playing};
use alongside_domain::post::Post;
use alongside_store::posts;

/// A file, for whoever may read the post it goes with. One that is not ready has no address yet.
pub(crate) fn attachment(addresses: &Addresses, media: &Media, post: Option<&Post>) -> MediaAttachment {
    let ready = media.state == MediaState::Ready;
    MediaAttachment {
        id: media.id.to_string(),
        kind: media.kind.as_str(),
        url: addresses.file(media, post).filter(|_| ready),
        preview_url: addresses.preview(media, post).filter(|_| ready),
        remote_url: media.remote_url.clone(),
        preview_remote_url: None,
        text_url: None,
        meta: meta(media),
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

fn meta(media: &Media) -> Meta {
    let (size, playing) = (size(media.width, media.height), media.playing.as_ref());
    let shape = playing.and_then(|playing| Some(Shape { fps: rate(playing), size: size.clone()? }));
    let original = (size.is_some() || playing.is_some()).then(|| Original {
        size,
        frame_rate: playing.and_then(|playing| playing.frame_rate.clone()),
        duration: playing.map(secs),
        bitrate: playing.map(|playing| playing.bitrate),
    });
    Meta {
        length: playing.map(|playing| Length { length: clock(playing), duration: secs(playing) }),
        shape,
        original,
        small: media.preview_size().and_then(|(width, height)| self::size(width, height)),
        focus: (media.kind != MediaKind::Audio).then_some(Focus { x: media.focus_x, y: media.focus_y }),
    }
}

/// Measures in a form that numbers of this size fit into exactly.
#[expect(clippy::cast_precision_loss, reason = "pixels are far below 2^52")]
fn size(width: i64, height: i64) -> Option<Size> {
    let known = width > 0 && height > 0;
    known.then(|| Size {
        width,
        height,
        size: format!("{width}x{height}"),
        aspect: width as f64 / height as f64,
    })
}

#[expect(clippy::cast_precision_loss, reason = "no film lasts 2^52 milliseconds")]
fn secs(playing: &Playing) -> f64 {
    playing.millis as f64 / 1_000.0
}

/// Whole pictures in a second.
fn rate(playing: &Playing) -> Option<i64> {
    let (above, below) = playing.frame_rate.as_deref()?.split_once('/')?;
    let (above, below) = (above.parse::<i64>().ok()?, below.parse::<i64>().ok().filter(|below| *below > 0)?);
    Some((above + below / 2) / below)
}

/// Hours, minutes, seconds and hundredths.
fn clock(playing: &Playing) -> String {
    let hundredths = playing.millis / 10;
    let (secs, minutes, hours) = (hundredths / 100, hundredths / 6_000, hundredths / 360_000);
    format!("{hours}:{:02}:{:02}.{:02}", minutes % 60, secs % 60, hundredths % 100)
}
