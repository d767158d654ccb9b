//! Films and sounds: looked at and encoded anew by the programs `ffmpeg` and `ffprobe`, where they are
//! installed, so that nothing the camera wrote about place or time is kept.
//!
//! The programs are told what kind of file they get, from its first bytes, and may open that one file and
//! nothing else: a playlist inside, or an address, leads nowhere. Knows no database.

pub mod container;
mod look;
mod run;

use crate::films::container::Container;
use crate::films::look::Seen;
use crate::films::run::{Failed, careful, run};
use crate::pictures::{self, Purpose};
use alongside_domain::limits::{
    FILM_FRAME_RATE_MAX, FILM_KEPT_FRAME_RATE_MAX, FILM_PIXELS_MAX, FILM_SECS_MAX, FILM_SIDE_MAX,
    FILM_WORK_SECS_MAX, FILMS_WAITING_MAX,
};
use alongside_domain::media::{MediaKind, Playing};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long looking at a file may take, and taking one picture of it.
const LOOK: Duration = Duration::from_secs(20);
/// How long encoding one may take.
const WORK: Duration = Duration::from_secs(FILM_WORK_SECS_MAX);
/// The files of one work, in its folder.
pub(crate) const GIVEN: &str = "given";
const STILL: &str = "still.jpg";

/// The two programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    ffmpeg: PathBuf,
    ffprobe: PathBuf,
}

/// Why a film or a sound was not taken. The texts are shown to the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The programs are not installed.
    #[error("Validation failed: this node takes no films or sounds, only JPEG, PNG, GIF and WebP images")]
    Unsupported,
    /// Broken, or of a kind the programs do not know.
    #[error("Validation failed: the film or sound cannot be read")]
    Broken,
    /// It plays for too long.
    #[error("Validation failed: a film or sound may last {FILM_SECS_MAX} seconds")]
    TooLong,
    /// Its pictures are too large.
    #[error("Validation failed: the film has more than {FILM_PIXELS_MAX} pixels")]
    TooLarge,
    /// It has too many pictures in a second.
    #[error("Validation failed: the film has more than {FILM_FRAME_RATE_MAX} frames per second")]
    TooFast,
    /// The member's films that wait are many already.
    #[error("Validation failed: {FILMS_WAITING_MAX} of your files are still being processed, wait for them")]
    Busy,
    /// A program could not be run at all.
    #[error("The film or sound cannot be read right now")]
    Stopped,
}

/// A clean film or sound.
#[derive(Debug)]
pub(crate) struct Film {
    /// Which it is.
    pub(crate) kind: MediaKind,
    /// The name of its file in the folder of the work.
    pub(crate) file: &'static str,
    /// Its media type.
    pub(crate) mime: &'static str,
    /// What the name of its file ends with.
    pub(crate) ending: &'static str,
    /// A picture of it, if there is something to see.
    pub(crate) still: Option<pictures::Picture>,
    /// Pixels across and down.
    pub(crate) size: (i64, i64),
    /// How it plays.
    pub(crate) playing: Playing,
}

impl Tools {
    /// The programs in the first of these folders that has both.
    pub fn find(folders: impl IntoIterator<Item = PathBuf>) -> Option<Self> {
        let both = |folder: PathBuf| Self { ffmpeg: folder.join("ffmpeg"), ffprobe: folder.join("ffprobe") };
        folders.into_iter().map(both).find(|tools| tools.ffmpeg.is_file() && tools.ffprobe.is_file())
    }

    /// Where the first of them lies.
    pub fn path(&self) -> &Path {
        &self.ffmpeg
    }

    /// Says what a file in the folder of a work holds, if we take such.
    pub(crate) async fn look(&self, folder: &Path, container: Container) -> Result<Seen, Unfit> {
        self.probe(folder, GIVEN, container.demuxer()).await?.check()
    }

    /// Encodes a file in the folder of a work anew. It takes long.
    pub(crate) async fn clean(&self, folder: &Path, container: Container) -> Result<Film, Unfit> {
        let seen = self.look(folder, container).await?;
        let (kind, file, mime, ending) = match (seen.size, container) {
            (None, _) => (MediaKind::Audio, "clean.mp3", "audio/mpeg", "mp3"),
            (Some(_), Container::Gif) => (MediaKind::Gifv, "clean.mp4", "video/mp4", "mp4"),
            (Some(_), _) => (MediaKind::Video, "clean.mp4", "video/mp4", "mp4"),
        };
        let encode = if kind == MediaKind::Audio { SOUND.map(str::to_owned).to_vec() } else { film() };
        let until = (FILM_SECS_MAX + 1).to_string();
        let before = ["-nostdin", "-y", "-threads", "2"].into_iter().chain(careful(container.demuxer()));
        let all = before.chain([GIVEN, "-t", &until]).chain(encode.iter().map(String::as_str)).chain([file]);
        run(&self.ffmpeg, folder, all, WORK).await.map_err(|failed| unfit(&failed))?;
        // What it says of itself is believed of the clean one only.
        let clean = self.probe(folder, file, if ending == "mp3" { "mp3" } else { "mov" }).await?.check()?;
        let still = if kind == MediaKind::Audio { None } else { Some(self.still(folder, file).await?) };
        Ok(Film {
            kind,
            file,
            mime,
            ending,
            still,
            size: clean.size.unwrap_or_default(),
            playing: clean.playing,
        })
    }

    async fn probe(&self, folder: &Path, file: &str, demuxer: &str) -> Result<Seen, Unfit> {
        let arguments =
            careful(demuxer).into_iter().chain([file, "-show_entries", look::ENTRIES, "-of", "json"]);
        Seen::read(&run(&self.ffprobe, folder, arguments, LOOK).await.map_err(|failed| unfit(&failed))?)
    }

    /// The first picture of a clean film.
    async fn still(&self, folder: &Path, file: &str) -> Result<pictures::Picture, Unfit> {
        let before = ["-nostdin", "-y"].into_iter().chain(careful("mov"));
        let all = before.chain([file, "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg", STILL]);
        run(&self.ffmpeg, folder, all, LOOK).await.map_err(|failed| unfit(&failed))?;
        let bytes = tokio::fs::read(folder.join(STILL)).await.map_err(|_| Unfit::Broken)?;
        pictures::clean(bytes.into(), Purpose::Post).await.map_err(|_| Unfit::Broken)
    }
}

/// Sound that plays everywhere, and nothing beside it: no cover, no names, no chapters.
const SOUND: [&str; 22] = [
    "-map",
    "0:a:0",
    "-vn",
    "-sn",
    "-dn",
    "-map_metadata",
    "-1",
    "-map_chapters",
    "-1",
    "-c:a",
    "libmp3lame",
    "-b:a",
    "128k",
    "-ac",
    "2",
    "-ar",
    "44100",
    "-id3v2_version",
    "0",
    "-bitexact",
    "-f",
    "mp3",
];

/// A film that plays everywhere and begins while it is still being loaded, made to fit, and nothing beside it.
fn film() -> Vec<String> {
    let fit = format!(
        "scale=w='min({FILM_SIDE_MAX},iw)':h='min({FILM_SIDE_MAX},ih)':force_original_aspect_ratio=decrease:\
         force_divisible_by=2,setsar=1"
    );
    let rate = FILM_KEPT_FRAME_RATE_MAX.to_string();
    [
        "-map",
        "0:v:0",
        "-map",
        "0:a:0?",
        "-sn",
        "-dn",
        "-map_metadata",
        "-1",
        "-map_chapters",
        "-1",
        "-vf",
        &fit,
        "-fpsmax",
        &rate,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "26",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-b:a",
        "96k",
        "-ac",
        "2",
        "-ar",
        "44100",
        "-movflags",
        "+faststart",
        "-bitexact",
        "-f",
        "mp4",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn unfit(failed: &Failed) -> Unfit {
    match failed {
        Failed::Refused => Unfit::Broken,
        Failed::TooLong(_) => {
            tracing::warn!(error = %failed, "a film was given up");
            Unfit::Broken
        }
        Failed::Start(source) => {
            tracing::warn!(error = %source, "ffmpeg cannot be run");
            Unfit::Stopped
        }
    }
}
