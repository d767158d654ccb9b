//! From an uploaded file to a clean picture: decoded under limits, turned upright, made to fit, and
//! encoded anew, so that nothing the camera wrote about place or time is kept. Knows no database.

use alongside_domain::limits::{
    AVATAR_SIDE, HEADER_HEIGHT, HEADER_WIDTH, MEDIA_PIXELS_MAX, MEDIA_SIDE_MAX, PREVIEW_SIDE_MAX,
};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Pictures that are decoded at once: the largest takes some 130 MB.
const AT_ONCE_MAX: usize = 2;
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
    /// The node is shutting down.
    #[error("The image cannot be read right now")]
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
}

/// A clean picture.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// A small version.
    pub(crate) preview: Vec<u8>,
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

/// Makes a clean picture of a file, beside the async workers. The work keeps its place until it is
/// done: whoever asked may go away before.
pub(crate) async fn clean(file: Vec<u8>, purpose: Purpose) -> Result<Picture, Unusable> {
    let slot = Arc::clone(&SLOTS).acquire_owned().await.map_err(|_| Unusable::Stopped)?;
    let work = tokio::task::spawn_blocking(move || {
        let _slot = slot;
        clean_now(&file, purpose)
    });
    work.await.unwrap_or(Err(Unusable::Stopped))
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
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn photograph(width: u32, height: u32) -> DynamicImage {
        DynamicImage::from(RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) }
        }))
    }

    /// An EXIF block that says "turn a quarter to the right" and where it was taken.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"51.5074N 0.1278W");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_photograph_is_turned_upright_and_its_place_is_gone() {
        let file = with_exif(&written(&photograph(80, 40), ImageFormat::Jpeg));
        let picture = clean_now(&file, Purpose::Post).unwrap();
        assert_eq!((picture.width, picture.height, picture.mime), (40, 80, "image/jpeg"));
        let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        assert!(
            has(&file, b"51.5074N") && !has(&picture.bytes, b"51.5074N") && !has(&picture.bytes, b"Exif")
        );
        let upright = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
        assert!(upright.get_pixel(20, 5)[0] > 200 && upright.get_pixel(20, 75)[2] > 200);
    }

    #[test]
    fn a_large_picture_is_made_to_fit() {
        let file = written(&photograph(3_000, 1_500), ImageFormat::Jpeg);
        let picture = clean_now(&file, Purpose::Post).unwrap();
        assert_eq!((picture.width, picture.height), (2_560, 1_280));
        let preview = image::load_from_memory(&picture.preview).unwrap();
        assert_eq!((preview.width(), preview.height()), (400, 200));
        let avatar = clean_now(&file, Purpose::Avatar).unwrap();
        assert_eq!((avatar.width, avatar.height), (400, 400));
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let glass = DynamicImage::from(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 20])));
        let picture = clean_now(&written(&glass, ImageFormat::WebP), Purpose::Post).unwrap();
        assert_eq!(picture.mime, "image/png");
        assert_eq!(image::load_from_memory(&picture.bytes).unwrap().to_rgba8().get_pixel(1, 1)[3], 20);
        assert!(picture.blurhash.is_some());
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(clean_now(b"<svg onload=alert(1)>", Purpose::Post).unwrap_err(), Unusable::Kind);
        let half = &written(&photograph(80, 40), ImageFormat::Png)[..60];
        assert_eq!(clean_now(half, Purpose::Post).unwrap_err(), Unusable::Broken);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        // A PNG head that promises 60,000 × 60,000 pixels.
        let mut file = written(&photograph(4, 4), ImageFormat::Png);
        file[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc32(&file[12..29]).to_be_bytes();
        file[29..33].copy_from_slice(&crc);
        assert_eq!(clean_now(&file, Purpose::Post).unwrap_err(), Unusable::TooLarge);
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
            })
        })
    }
}
