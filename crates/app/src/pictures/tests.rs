//! Pictures of every kind, whole and broken, honest and hostile.

use super::*;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::codecs::gif::GifEncoder;
use image::{Frame, ImageBuffer, Rgb, RgbImage, Rgba, RgbaImage};

/// Red, in the four inks of a printer, as Adobe writes it.
const CMYK: &str = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZM\
    TlJTUjI+WmFaUGBKUVJP/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABQAAQAAAAAAAAAAAAAAAAAAAAf/xAAUEAEAAAAAAAAA\
    AAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AE4YDAnP/9k=";
/// Red, then blue, and red again.
const MOVING_WEBP: &str = "UklGRoQAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAAAAAAAAABBTk1GKAAAAAAAAAAAAAcAAAcAAGQAAAJWUDhM\
    DwAAAC8HwAEABxD9j/4HIqL/AQBBTk1GKAAAAAAAAAAAAAcAAAcAAGQAAABWUDhMDwAAAC8HwAEABxDR//4HIqL/AQA=";

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
    assert!(has(&file, b"51.5074N") && !has(&picture.bytes, b"51.5074N") && !has(&picture.bytes, b"Exif"));
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
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 }
            },
        )
    })
}

fn has(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

/// A block of a PNG.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc32(&body).to_be_bytes()].concat()
}

/// A block of a JPEG.
fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, data].concat()
}

/// A block of a RIFF file.
fn riff(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let padding = vec![0; data.len() % 2];
    [&kind[..], &u32::try_from(data.len()).unwrap().to_le_bytes(), data, &padding].concat()
}

#[test]
fn nothing_that_was_written_about_a_picture_is_kept() {
    const SECRET: &str = "Ada lives at 12 Mill Lane";
    let jpeg = written(&photograph(16, 8), ImageFormat::Jpeg);
    let about = [
        segment(0xe1, format!("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{SECRET}</x:xmpmeta>").as_bytes()),
        segment(0xed, format!("Photoshop 3.0\0{SECRET}").as_bytes()),
        segment(0xe2, format!("ICC_PROFILE\0\x01\x01{SECRET}").as_bytes()),
        segment(0xfe, SECRET.as_bytes()),
    ];
    let jpeg = [&jpeg[..2], &about.concat(), &jpeg[2..], SECRET.as_bytes()].concat();
    let png = written(&photograph(16, 8), ImageFormat::Png);
    let about = [
        chunk(*b"tEXt", format!("Author\0{SECRET}").as_bytes()),
        chunk(*b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{SECRET}").as_bytes()),
        chunk(*b"eXIf", format!("II*\0\x08\0\0\0\0\0{SECRET}").as_bytes()),
    ];
    let png = [&png[..33], &about.concat(), &png[33..], SECRET.as_bytes()].concat();
    let webp = written(&photograph(16, 8), ImageFormat::WebP);
    let head = riff(*b"VP8X", &[0x0c, 0, 0, 0, 15, 0, 0, 7, 0, 0]);
    let about = [riff(*b"EXIF", SECRET.as_bytes()), riff(*b"XMP ", SECRET.as_bytes())].concat();
    let body = [b"WEBP", &head[..], &webp[12..], &about].concat();
    let webp = riff(*b"RIFF", &body);
    for (kind, file) in [("JPEG", jpeg), ("PNG", png), ("WebP", webp)] {
        assert!(has(&file, SECRET), "{kind}");
        let picture = clean_now(&file, Purpose::Post).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!((picture.width, picture.height), (16, 8), "{kind}");
        assert!(!has(&picture.bytes, SECRET) && !has(&picture.preview, SECRET), "{kind}");
        for word in ["Exif", "xmp", "tEXt", "iTXt", "eXIf", "iCCP", "ICC_PROFILE", "Photoshop"] {
            assert!(!has(&picture.bytes, word), "{kind}: {word}");
        }
    }
}

#[test]
fn every_way_to_hold_a_camera_is_turned_upright() {
    for way in 1_u8..=8 {
        let mut file = with_exif(&written(&photograph(80, 40), ImageFormat::Jpeg));
        // The value of the one entry, which is 6 there.
        let at = file.windows(4).position(|window| window == [1, 0, 0, 0]).unwrap() + 4;
        assert_eq!(file[at], 6);
        file[at] = way;
        let picture = clean_now(&file, Purpose::Post).unwrap();
        let size = if way <= 4 { (80, 40) } else { (40, 80) };
        assert_eq!((picture.width, picture.height), size, "{way}");
    }
}

#[test]
fn the_inks_of_a_printer_become_light() {
    let picture = clean_now(&BASE64_STANDARD.decode(CMYK).unwrap(), Purpose::Post).unwrap();
    let [red, green, blue] = image::load_from_memory(&picture.bytes).unwrap().to_rgb8().get_pixel(4, 4).0;
    assert!(red > 200 && green < 60 && blue < 60, "{red} {green} {blue}");
}

#[test]
fn finer_shades_than_a_screen_has_are_taken() {
    let fine: ImageBuffer<Rgba<u16>, Vec<u16>> =
        ImageBuffer::from_pixel(8, 8, Rgba([65_535, 256, 0, 32_768]));
    let picture = clean_now(&written(&fine.into(), ImageFormat::Png), Purpose::Post).unwrap();
    let pixel = image::load_from_memory(&picture.bytes).unwrap().to_rgba8().get_pixel(1, 1).0;
    assert_eq!((picture.mime, pixel), ("image/png", [255, 1, 0, 128]));
    let grey = DynamicImage::from(ImageBuffer::from_pixel(8, 8, image::Luma([40_000_u16])));
    assert!(clean_now(&written(&grey, ImageFormat::Png), Purpose::Post).is_ok());
}

fn gif(pictures: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new(&mut out);
    for number in 0..pictures {
        let colour = if number == 0 { Rgba([250, 0, 0, 255]) } else { Rgba([0, 0, 250, 255]) };
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(8, 8, colour))).unwrap();
    }
    drop(encoder);
    out
}

#[test]
fn of_what_moves_the_first_picture_is_kept() {
    assert!(
        moves_now(&gif(2))
            && moves_now(&gif(3))
            && !moves_now(&gif(1))
            && !moves_now(b"GIF89a")
            && !moves_now(b"")
    );
    for file in [gif(2), BASE64_STANDARD.decode(MOVING_WEBP).unwrap()] {
        let picture = clean_now(&file, Purpose::Post).unwrap();
        let pixel = image::load_from_memory(&picture.bytes).unwrap().to_rgb8().get_pixel(4, 4).0;
        assert!(pixel[0] > 200 && pixel[2] < 60, "{pixel:?}");
    }
}

#[test]
fn a_huge_canvas_is_not_even_laid_out() {
    let mut file = gif(2);
    file[6..10].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(clean_now(&file, Purpose::Post).unwrap_err(), Unusable::TooLarge);
    assert!(!moves_now(&file));
}

#[test]
fn a_jpeg_that_says_everything_many_times_is_refused() {
    let jpeg = written(&photograph(16, 8), ImageFormat::Jpeg);
    let start = jpeg.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let scan = &jpeg[start..jpeg.len() - 2];
    let file = [&jpeg[..start], &scan.repeat(JPEG_SCANS_MAX + 1), &jpeg[jpeg.len() - 2..]].concat();
    assert_eq!(clean_now(&file, Purpose::Post).unwrap_err(), Unusable::TooSlow);
}

#[test]
fn no_cut_or_bent_file_makes_it_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = written(&photograph(20, 10), format);
        for cut in 0..whole.len() {
            // Some decoders make do with what is there; all that counts is that they come back.
            let _ = clean_now(&whole[..cut], Purpose::Post);
        }
        for at in 0..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 0x55;
            let _ = clean_now(&bent, Purpose::Post);
        }
        assert!(clean_now(&whole, Purpose::Post).is_ok(), "{format:?}");
    }
}

#[tokio::test]
async fn pictures_wait_for_one_another() {
    let file: Bytes = written(&photograph(600, 400), ImageFormat::Png).into();
    let many = (0..6).map(|_| clean(file.clone(), Purpose::Post));
    assert!(futures_util::future::join_all(many).await.iter().all(Result::is_ok));
}
