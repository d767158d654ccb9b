//! What kind of film or sound a file is, by its first bytes. What it calls itself does not matter.

/// A kind of file that may hold film or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    /// MP4 and its like.
    Mp4,
    /// Matroska, and what browsers record.
    Matroska,
    /// Ogg, with Opus or Vorbis.
    Ogg,
    /// MP3.
    Mp3,
    /// WAV.
    Wave,
    /// FLAC.
    Flac,
    /// AAC without anything around it.
    Aac,
    /// A GIF, which is a film only where it moves.
    Gif,
}

/// Media types that are taken where the programs are installed, beside those of pictures.
pub const MIMES: [&str; 10] = [
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
    "audio/wav",
    "audio/flac",
    "audio/aac",
];

/// Bytes that tell what kind a file is.
pub(crate) const HEAD_BYTES: u64 = 16;

impl Container {
    /// The kind that a file begins like; its first [`HEAD_BYTES`] are enough.
    pub(crate) fn of(file: &[u8]) -> Option<Self> {
        let at = |from: usize, what: &[u8]| file.get(from..).is_some_and(|rest| rest.starts_with(what));
        // Pictures of newer telephones are of this family too, and are none of ours.
        let is_picture = [&b"heic"[..], b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"]
            .iter()
            .any(|brand| at(8, brand));
        match file {
            _ if at(4, b"ftyp") => (!is_picture).then_some(Self::Mp4),
            _ if at(0, b"\x1a\x45\xdf\xa3") => Some(Self::Matroska),
            _ if at(0, b"OggS") => Some(Self::Ogg),
            _ if at(0, b"RIFF") && at(8, b"WAVE") => Some(Self::Wave),
            _ if at(0, b"fLaC") => Some(Self::Flac),
            _ if at(0, b"ID3") => Some(Self::Mp3),
            // A frame of MPEG sound: eleven bits set, then the version, and the layer, which AAC has not.
            [0xff, second, ..] if second & 0xf6 == 0xf0 => Some(Self::Aac),
            [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Some(Self::Mp3),
            _ if at(0, b"GIF8") => Some(Self::Gif),
            _ => None,
        }
    }

    /// What the name of such a file ends with.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Matroska => "webm",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Wave => "wav",
            Self::Flac => "flac",
            Self::Aac => "aac",
            Self::Gif => "gif",
        }
    }

    /// What the programs call it.
    pub(super) const fn demuxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mov",
            Self::Matroska => "matroska",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Wave => "wav",
            Self::Flac => "flac",
            Self::Aac => "aac",
            Self::Gif => "gif",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        for (file, container) in [
            (&b"\0\0\0\x20ftypisom\0\0"[..], Some(Container::Mp4)),
            (b"\0\0\0\x20ftypM4A \0\0", Some(Container::Mp4)),
            (b"\0\0\0\x20ftypheic\0\0", None),
            (b"\0\0\0\x20ftypavif\0\0", None),
            (b"\x1a\x45\xdf\xa3\x01", Some(Container::Matroska)),
            (b"OggS\0", Some(Container::Ogg)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Container::Wave)),
            (b"RIFF\0\0\0\0WEBPVP8 ", None),
            (b"fLaC\0", Some(Container::Flac)),
            (b"ID3\x04\0", Some(Container::Mp3)),
            (b"\xff\xfb\x90", Some(Container::Mp3)),
            (b"\xff\xf1\x50", Some(Container::Aac)),
            (b"GIF89a", Some(Container::Gif)),
            (b"\xff\xd8\xff\xe0", None),
            (b"#EXTM3U\nfile:///etc/passwd", None),
            (b"ffconcat version 1.0\nfile '/etc/passwd'", None),
            (b"<svg/>", None),
            (b"", None),
        ] {
            assert_eq!(Container::of(file), container, "{}", file.escape_ascii());
        }
    }
}
