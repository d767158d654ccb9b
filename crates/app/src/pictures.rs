//! From an uploaded file to a clean picture: decoded under limits, turned upright, made to fit, and
//! encoded anew, so that nothing the camera wrote about place or time is kept. Knows no database.

use alongside_domain::limits::{
    AVATAR_SIDE, EMOJI_SIDE_MAX, HEADER_HEIGHT, HEADER_WIDTH, JPEG_SCANS_MAX, MEDIA_PIXELS_MAX,
    MEDIA_SIDE_MAX, PREVIEW_SIDE_MAX,
};
use bytes::Bytes;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{
    AnimationDecoder as _, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};
use std::io::Cursor;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Pictures that are decoded at once: the largest takes some 130 MB.
const AT_ONCE_MAX: usize = 2;
/// How long a picture waits for its turn.
const TURN: Duration = Duration::from_secs(20);
static SLOTS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE_MAX)));

/// Memory that one picture may take while it is decoded.
const DECODE_BYTES_MAX: u64 = 400 * 1024 * 1024;
const JPEG_QUALITY: u8 = 85;
/// The blurred impression is taken of a picture this small: more would not show.
const BLUR_SIDE: u32 = 32;

/// Why a file was not taken. The texts are shown to the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Not one of the kinds we show.
    #[error("Validation failed: only JPEG, PNG, GIF and WebP images can be uploaded")]
    Kind,
    /// Broken, or not what it says it is.
    #[error("Validation failed: the image cannot be read")]
    Broken,
    /// Too many pixels.
    #[error("Validation failed: the image has more than {MEDIA_PIXELS_MAX} pixels")]
    TooLarge,
    /// It is made to take long.
    #[error("Validation failed: the image is built in a way that takes too long to read")]
    TooSlow,
    /// Too many others are being read, or the node is shutting down.
    #[error("The image cannot be read right now, try again in a moment")]
    Stopped,
}

/// What a picture is for, which says how it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It goes with a post.
    Post,
    /// It stands for somebody.
    Avatar,
    /// It heads a profile.
    Header,
    /// It stands for a word.
    Emoji,
}

/// A clean picture.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// A small version.
    pub(crate) preview: Vec<u8>,
    /// Pixels of that across and down.
    pub(crate) preview_size: (i64, i64),
    /// Its media type.
    pub(crate) mime: &'static str,
    /// What its file's name ends with.
    pub(crate) ending: &'static str,
    /// Pixels across.
    pub(crate) width: u32,
    /// Pixels down.
    pub(crate) height: u32,
    /// A blurred impression.
    pub(crate) blurhash: Option<String>,
}

/// Makes a clean picture of a file.
pub(crate) async fn clean(file: Bytes, purpose: Purpose) -> Result<Picture, Unusable> {
    in_turn(move || clean_now(&file, purpose)).await?
}

/// Whether a GIF has more than one picture.
pub(crate) async fn moves(gif: Bytes) -> Result<bool, Unusable> {
    in_turn(move || moves_now(&gif)).await
}

/// Decodes something beside the async workers. The work keeps its place until it is done: whoever asked may go
/// away before.
async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unusable> {
    let turn = tokio::time::timeout(TURN, Arc::clone(&SLOTS).acquire_owned()).await;
    let slot = turn.map_err(|_| Unusable::Stopped)?.map_err(|_| Unusable::Stopped)?;
    let work = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        work()
    });
    work.await.map_err(|_| Unusable::Stopped)
}

fn moves_now(gif: &[u8]) -> bool {
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let Ok(mut decoder) = GifDecoder::new(Cursor::new(gif)) else { return false };
    let (width, height) = decoder.dimensions();
    u64::from(width) * u64::from(height) <= MEDIA_PIXELS_MAX
        && decoder.set_limits(limits).is_ok()
        && decoder.into_frames().take(2).flatten().count() == 2
}

fn clean_now(file: &[u8], purpose: Purpose) -> Result<Picture, Unusable> {
    let (image, format) = decode(file)?;
    let image = cut(image, purpose);
    // Photographs are kept as such; drawings, and what can be seen through, keep every pixel.
    let as_photograph =
        format == ImageFormat::Jpeg || (format == ImageFormat::WebP && !image.color().has_alpha());
    let (mime, ending) = if as_photograph { ("image/jpeg", "jpg") } else { ("image/png", "png") };
    let small = image.thumbnail(PREVIEW_SIDE_MAX.min(image.width()), PREVIEW_SIDE_MAX.min(image.height()));
    Ok(Picture {
        bytes: encode(&image, as_photograph)?,
        preview: encode(&small, as_photograph)?,
        preview_size: (small.width().into(), small.height().into()),
        mime,
        ending,
        width: image.width(),
        height: image.height(),
        blurhash: blur(&small),
    })
}

fn decode(file: &[u8]) -> Result<(DynamicImage, ImageFormat), Unusable> {
    let format = image::guess_format(file).map_err(|_| Unusable::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP) {
        return Err(Unusable::Kind);
    }
    if format == ImageFormat::Jpeg && scans(file) > JPEG_SCANS_MAX {
        return Err(Unusable::TooSlow);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MEDIA_PIXELS_MAX {
        return Err(Unusable::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    image.apply_orientation(orientation);
    Ok((image, format))
}

/// How often a JPEG begins to tell the picture: what is in between cannot look like that.
fn scans(jpeg: &[u8]) -> usize {
    jpeg.windows(2).filter(|pair| *pair == [0xff, 0xda]).count()
}

fn refused(error: &ImageError) -> Unusable {
    match error {
        ImageError::Limits(_) => Unusable::TooLarge,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => Unusable::Broken,
    }
}

fn cut(image: DynamicImage, purpose: Purpose) -> DynamicImage {
    let filter = FilterType::CatmullRom;
    match purpose {
        Purpose::Post if image.width().max(image.height()) <= MEDIA_SIDE_MAX => image,
        Purpose::Post => image.resize(MEDIA_SIDE_MAX, MEDIA_SIDE_MAX, filter),
        Purpose::Avatar => image.resize_to_fill(AVATAR_SIDE, AVATAR_SIDE, filter),
        Purpose::Emoji if image.width().max(image.height()) <= EMOJI_SIDE_MAX => image,
        Purpose::Emoji => image.resize(EMOJI_SIDE_MAX, EMOJI_SIDE_MAX, filter),
        Purpose::Header => image.resize_to_fill(HEADER_WIDTH, HEADER_HEIGHT, filter),
    }
}

fn encode(image: &DynamicImage, as_photograph: bool) -> Result<Vec<u8>, Unusable> {
    let mut out = Cursor::new(Vec::new());
    let written = if as_photograph {
        let encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        image.to_rgb8().write_with_encoder(encoder)
    } else if image.color().has_alpha() {
        image.to_rgba8().write_to(&mut out, ImageFormat::Png)
    } else {
        image.to_rgb8().write_to(&mut out, ImageFormat::Png)
    };
    written.map_err(|_| Unusable::Broken)?;
    Ok(out.into_inner())
}

fn blur(image: &DynamicImage) -> Option<String> {
    let tiny = image.thumbnail(BLUR_SIDE, BLUR_SIDE).to_rgba8();
    blurhash::encode(4, 3, tiny.width(), tiny.height(), tiny.as_raw()).ok()
}

#[cfg(test)]
mod tests;
