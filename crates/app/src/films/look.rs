//! What a file holds, as `ffprobe` tells: film or sound, how large, how long.

use crate::films::Unfit;
use alongside_domain::limits::{FILM_FRAME_RATE_MAX, FILM_PIXELS_MAX, FILM_SECS_MAX};
use alongside_domain::media::Playing;
use serde::Deserialize;

/// What is asked for.
pub(super) const ENTRIES: &str = "format=duration,bit_rate:stream=codec_type,width,height,avg_frame_rate,duration,bit_rate:\
    stream_disposition=attached_pic";

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// Pixels across and down, where there is something to see.
    pub(crate) size: Option<(i64, i64)>,
    /// How it plays. Some files do not say how long they are, and then it is nothing.
    pub(crate) playing: Playing,
}

impl Seen {
    /// Reads what the program said.
    pub(super) fn read(said: &[u8]) -> Result<Self, Unfit> {
        let said: Said = serde_json::from_slice(said).map_err(|_| Unfit::Broken)?;
        // The picture on the cover of a record is a stream of its own.
        let film =
            said.streams.iter().find(|stream| stream.kind == "video" && stream.disposition.attached_pic == 0);
        let sound = said.streams.iter().find(|stream| stream.kind == "audio");
        let first = film.or(sound).ok_or(Unfit::Broken)?;
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
        let secs = number(&said.format.duration).or_else(|| number(&first.duration)).unwrap_or_default();
        let bitrate = number(&said.format.bit_rate).or_else(|| number(&first.bit_rate)).unwrap_or_default();
        let playing = Playing {
            millis: whole(secs * 1_000.0),
            frame_rate: film
                .and_then(|film| film.avg_frame_rate.clone())
                .filter(|rate| parsed(rate).is_some()),
            bitrate: whole(bitrate),
        };
        let size = film.map(|film| (film.width.unwrap_or_default(), film.height.unwrap_or_default()));
        Ok(Self { size, playing })
    }

    /// Whether it keeps to the limits.
    pub(super) fn check(self) -> Result<Self, Unfit> {
        if self.playing.millis > i64::from(FILM_SECS_MAX) * 1_000 {
            return Err(Unfit::TooLong);
        }
        if let Some((width, height)) = self.size {
            let pixels = u64::try_from(width).ok().zip(u64::try_from(height).ok());
            match pixels.and_then(|(width, height)| width.checked_mul(height)) {
                None | Some(0) => return Err(Unfit::Broken),
                Some(pixels) if pixels > FILM_PIXELS_MAX => return Err(Unfit::TooLarge),
                Some(_) => {}
            }
        }
        let rate = self.playing.frame_rate.as_deref().and_then(parsed);
        if rate.is_some_and(|rate| rate > f64::from(FILM_FRAME_RATE_MAX)) {
            return Err(Unfit::TooFast);
        }
        Ok(self)
    }
}

/// A rate that is written as a fraction.
fn parsed(rate: &str) -> Option<f64> {
    let (above, below) = rate.split_once('/')?;
    let rate = above.parse::<f64>().ok()? / below.parse::<f64>().ok()?;
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

#[expect(clippy::cast_possible_truncation, reason = "a number too large is as good as the largest")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

#[derive(Debug, Deserialize)]
struct Said {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Default, Deserialize)]
struct Format {
    duration: Option<String>,
    bit_rate: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Stream {
    #[serde(default, rename = "codec_type")]
    kind: String,
    width: Option<i64>,
    height: Option<i64>,
    avg_frame_rate: Option<String>,
    duration: Option<String>,
    bit_rate: Option<String>,
    #[serde(default)]
    disposition: Disposition,
}

#[derive(Debug, Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    attached_pic: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(width: i64, height: i64, rate: &str, secs: &str) -> Result<Seen, Unfit> {
        let said = serde_json::json!({
            "streams": [
                { "codec_type": "audio" },
                { "codec_type": "video", "width": width, "height": height, "avg_frame_rate": rate },
            ],
            "format": { "duration": secs, "bit_rate": "64000" },
        });
        Seen::read(said.to_string().as_bytes())?.check()
    }

    #[test]
    fn a_film_is_measured() {
        let seen = film(640, 360, "30000/1001", "5.334").unwrap();
        assert_eq!(seen.size, Some((640, 360)));
        let playing = Playing { millis: 5_334, frame_rate: Some("30000/1001".to_owned()), bitrate: 64_000 };
        assert_eq!(seen.playing, playing);
    }

    #[test]
    fn what_passes_the_limits_is_refused() {
        assert!(film(3_840, 2_160, "120/1", "600").is_ok(), "the limits themselves are kept to");
        assert_eq!(film(640, 360, "30/1", "600.5"), Err(Unfit::TooLong));
        assert_eq!(film(640, 360, "30/1", "1e300"), Err(Unfit::TooLong));
        assert_eq!(film(4_000, 4_000, "30/1", "5"), Err(Unfit::TooLarge));
        assert_eq!(film(i64::MAX, i64::MAX, "30/1", "5"), Err(Unfit::Broken));
        assert_eq!(film(0, 360, "30/1", "5"), Err(Unfit::Broken));
        assert_eq!(film(-2, -2, "30/1", "5"), Err(Unfit::Broken));
        assert_eq!(film(640, 360, "1000/1", "5"), Err(Unfit::TooFast));
        assert!(film(640, 360, "0/0", "N/A").is_ok_and(|seen| seen.playing.frame_rate.is_none()));
    }

    #[test]
    fn a_cover_makes_no_film_of_a_record() {
        let said = br#"{"streams": [{"codec_type": "audio", "duration": "2.5"},
            {"codec_type": "video", "width": 600, "height": 600, "disposition": {"attached_pic": 1}}]}"#;
        let seen = Seen::read(said).unwrap();
        assert_eq!((seen.size, seen.playing.millis), (None, 2_500));
        assert_eq!(Seen::read(b"{}"), Err(Unfit::Broken));
        assert_eq!(Seen::read(b"?"), Err(Unfit::Broken));
        assert_eq!(Seen::read(br#"{"streams": [{"codec_type": "data"}]}"#), Err(Unfit::Broken));
    }
}
