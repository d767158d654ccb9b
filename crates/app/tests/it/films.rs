//! Films and sounds, which a job makes ready. They need `ffmpeg`, and are passed over where it is not installed.

use crate::media::{given, png};
use alongside_app::films::Unfit;
use alongside_app::media::{self, Addresses, Error};
use alongside_app::uploads::{self, Wait};
use alongside_domain::agreement::Terms;
use alongside_domain::id::MemberId;
use alongside_domain::limits::{FILMS_WAITING_MAX, UPLOAD_SECS_MAX};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_store::engine::Store;
use alongside_store::jobs::{self, Whose};
use alongside_store::media::{self as stored, Words};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::path::Path;
use std::process::Command;

const SECRET: &str = "Ada lives at 12 Mill Lane";
const WORDS: Words = Words { description: None, focus_x: 0.0, focus_y: 0.0 };

/// A film of a second, with sound, that tells where it was made.
const FILM: &[&str] = &[
    "-f",
    "lavfi",
    "-i",
    "testsrc=duration=1:size=320x240:rate=10",
    "-f",
    "lavfi",
    "-i",
    "sine=duration=1",
    "-metadata",
    "comment=Ada lives at 12 Mill Lane",
    "-c:v",
    "mpeg4",
    "-c:a",
    "aac",
];

/// What `ffmpeg` makes of this; none, saying so, where it is not installed.
fn made(node: &Node, ending: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let Some(tools) = &node.app.settings().media.films else {
        eprintln!("skipped: ffmpeg is not installed; `./dev test` installs it");
        return None;
    };
    let file = node.folder().join(format!("made.{ending}"));
    let status = Command::new(tools.path())
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments)
        .arg(&file)
        .status()
        .unwrap();
    assert!(status.success());
    Some(std::fs::read(file).unwrap())
}

async fn take(node: &Node, member: MemberId, file: &[u8]) -> Result<Media, Error> {
    uploads::take(&node.app, member, given(file.to_vec()), WORDS, Wait::No).await
}

async fn kept(node: &Node, media: &Media) -> Media {
    stored::find(&mut node.app.reader(), media.id).await.unwrap().unwrap()
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn has(file: &[u8], what: &str) -> bool {
    file.windows(what.len()).any(|window| window == what.as_bytes())
}

both_engines! {
    async fn a_film_is_made_ready_and_does_not_tell_where_it_was_made(node: Node) {
        let Some(file) = made(&node, "mov", FILM) else { return };
        assert!(has(&file, SECRET));
        let sam = node.member("sam").await;
        let waiting = take(&node, sam, &file).await.unwrap();
        assert_eq!((waiting.state, waiting.kind), (MediaState::Waiting, MediaKind::Video));
        let name = waiting.file.clone().unwrap();
        let addresses = Addresses::load(&node.app).await.unwrap();
        let address = addresses.file(&waiting, None).unwrap();
        let ticket = address.split_once("until=").unwrap().1.split_once("&signature=").unwrap();
        let ticket = media::Ticket { until: ticket.0.parse().unwrap(), signature: ticket.1.to_owned() };
        assert!(media::show(&node.app, &name, Some(&ticket)).await.unwrap().is_none(), "nobody sees it as it came");
        let post = node.post(sam.actor(), "look").await.id;
        let mut tx = node.store().begin().await.unwrap();
        assert!(!stored::attach(&mut tx, sam.actor(), post, &[waiting.id]).await.unwrap());
        tx.commit().await.unwrap();

        uploads::make_ready(&node.app, waiting.id).await.unwrap();
        let ready = kept(&node, &waiting).await;
        assert_eq!((ready.state, ready.mime.as_str()), (MediaState::Ready, "video/mp4"));
        assert_eq!((ready.width, ready.height), (320, 240));
        let playing = ready.playing.clone().unwrap();
        assert!((900..1_300).contains(&playing.millis) && playing.frame_rate.is_some() && playing.bitrate > 0, "{playing:?}");
        assert!(ready.blurhash.is_some() && ready.preview.as_deref().unwrap().ends_with("-small.jpg"));
        let folder = node.folder().join("media");
        let clean = std::fs::read(folder.join(ready.file.as_deref().unwrap())).unwrap();
        assert!(!has(&clean, SECRET) && clean[4..8] == *b"ftyp");
        assert_eq!((count(&folder), count(&node.folder().join("work/0"))), (2, 0), "nothing else is left");
        uploads::make_ready(&node.app, waiting.id).await.unwrap();
        assert_eq!(kept(&node, &waiting).await, ready, "once more is harmless");
    }

    async fn a_sound_has_nothing_to_see(node: Node) {
        let made_of = ["-f", "lavfi", "-i", "sine=duration=2", "-metadata", "title=Ada lives at 12 Mill Lane"];
        let sam = node.member("sam").await;
        for ending in ["ogg", "wav", "flac", "mp3", "m4a"] {
            let Some(file) = made(&node, ending, &made_of) else { return };
            let waiting = take(&node, sam, &file).await.unwrap();
            assert_eq!(waiting.kind, MediaKind::Audio);
            uploads::make_ready(&node.app, waiting.id).await.unwrap();
            let ready = kept(&node, &waiting).await;
            assert_eq!((ready.state, ready.mime.as_str(), &ready.preview), (MediaState::Ready, "audio/mpeg", &None), "{ending}");
            assert_eq!((ready.width, ready.preview_size()), (0, None));
            assert!((1_900..2_200).contains(&ready.playing.unwrap().millis));
            let clean = std::fs::read(node.folder().join("media").join(ready.file.unwrap())).unwrap();
            assert!(!has(&clean, SECRET), "{ending}");
        }
    }

    async fn a_gif_that_moves_is_a_silent_film(node: Node) {
        let Some(file) = made(&node, "gif", &["-f", "lavfi", "-i", "testsrc=duration=1:size=64x48:rate=5"]) else { return };
        let sam = node.member("sam").await;
        let waiting = take(&node, sam, &file).await.unwrap();
        uploads::make_ready(&node.app, waiting.id).await.unwrap();
        let ready = kept(&node, &waiting).await;
        assert_eq!((ready.kind, ready.width, ready.height), (MediaKind::Gifv, 64, 48));
    }

    async fn what_passes_a_limit_or_cannot_be_read_is_refused_at_once(node: Node) {
        let long = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "601", "-c:a", "libmp3lame", "-b:a", "8k"];
        let Some(long) = made(&node, "mp3", &long) else { return };
        let large = ["-f", "lavfi", "-i", "color=size=4096x4096:rate=1", "-frames:v", "1", "-c:v", "mpeg4"];
        let large = made(&node, "mp4", &large).unwrap();
        let fast = ["-f", "lavfi", "-i", "color=size=16x16:rate=240", "-frames:v", "24", "-c:v", "libx264"];
        let fast = made(&node, "mp4", &fast).unwrap();
        let broken = b"\0\0\0\x20ftypisom\0\0\0\0 and then nothing of the kind".to_vec();
        let sam = node.member("sam").await;
        for (file, unfit) in
            [(long, Unfit::TooLong), (large, Unfit::TooLarge), (fast, Unfit::TooFast), (broken, Unfit::Broken)]
        {
            match take(&node, sam, &file).await {
                Err(Error::Film(found)) => assert_eq!(found, unfit),
                other => panic!("{unfit:?} was expected, not {other:?}"),
            }
        }
        let max = node.app.settings().media.film_bytes_max;
        let endless = [&b"OggS"[..], &vec![0; max]].concat();
        assert!(matches!(take(&node, sam, &endless).await, Err(Error::TooManyBytes { .. })));
        assert_eq!((count(&node.folder().join("media")), count(&node.folder().join("work/0"))), (0, 0));
    }

    async fn a_list_of_files_opens_none_of_them(node: Node) {
        let sam = node.member("sam").await;
        for list in [
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n",
            "ffconcat version 1.0\nfile '/etc/hostname'\n",
            "[playlist]\nFile1=http://127.0.0.1:9/\n",
        ] {
            assert!(matches!(take(&node, sam, list.as_bytes()).await, Err(Error::Unusable(_))), "{list}");
        }
    }

    async fn some_films_wait_and_more_are_refused(node: Node) {
        let Some(file) = made(&node, "mp4", FILM) else { return };
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        for _ in 0..FILMS_WAITING_MAX {
            take(&node, sam, &file).await.unwrap();
        }
        assert!(matches!(take(&node, sam, &file).await, Err(Error::Film(Unfit::Busy))));
        take(&node, other, &file).await.unwrap();
        let kept = usize::try_from(FILMS_WAITING_MAX).unwrap() + 1;
        assert_eq!(count(&node.folder().join("media")), kept, "what is refused leaves nothing");
        node.clock.advance_secs(UPLOAD_SECS_MAX + 1);
        assert_eq!(media::sweep(&node.app).await.unwrap(), kept);
        assert_eq!(count(&node.folder().join("media")), 0);
    }

    async fn what_cannot_be_made_ready_says_so(node: Node) {
        let Some(file) = made(&node, "mp4", FILM) else { return };
        let sam = node.member("sam").await;
        let waiting = take(&node, sam, &file).await.unwrap();
        std::fs::write(node.folder().join("media").join(waiting.file.as_deref().unwrap()), b"\0\0\0\0ftyp").unwrap();
        uploads::make_ready(&node.app, waiting.id).await.unwrap();
        let failed = kept(&node, &waiting).await;
        assert_eq!((failed.state, failed.file), (MediaState::Failed, None));
        let lost = take(&node, sam, &file).await.unwrap();
        std::fs::remove_file(node.folder().join("media").join(lost.file.as_deref().unwrap())).unwrap();
        uploads::make_ready(&node.app, lost.id).await.unwrap();
        assert_eq!(kept(&node, &lost).await.state, MediaState::Failed);
        assert_eq!(count(&node.folder().join("media")), 0);
    }

    async fn what_is_taken_back_meanwhile_leaves_nothing(node: Node) {
        let Some(file) = made(&node, "mp4", FILM) else { return };
        let sam = node.member("sam").await;
        let waiting = take(&node, sam, &file).await.unwrap();
        media::remove(&node.app, sam, waiting.id).await.unwrap();
        uploads::make_ready(&node.app, waiting.id).await.unwrap();
        assert_eq!(count(&node.folder().join("media")), 0);
    }

    async fn who_waits_has_it_ready_and_the_job_is_for_later(node: Node) {
        let Some(file) = made(&node, "mp4", FILM) else { return };
        let sam = node.member("sam").await;
        let ready = uploads::take(&node.app, sam, given(file), WORDS, Wait::Yes).await.unwrap();
        assert_eq!((ready.state, ready.mime.as_str()), (MediaState::Ready, "video/mp4"));
        let mut tx = node.store().begin().await.unwrap();
        let due = jobs::claim(&mut tx, 0, Whose::Anybodys, node.app.now(), node.app.now().plus_secs(9), 9).await.unwrap();
        assert!(due.is_empty());
        let later = node.app.now().plus_secs(3_600);
        let due = jobs::claim(&mut tx, 0, Whose::Anybodys, later, later.plus_secs(9), 9).await.unwrap();
        assert_eq!(due.len(), 1, "if whoever waited had gone, it would still be done");
    }

    async fn without_the_programs_films_are_refused_and_pictures_are_not(store: Store) {
        let node = Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.films = None);
        let sam = node.member("sam").await;
        for file in [&b"\0\0\0\x20ftypisom\0\0"[..], b"OggS\0", b"ID3\x04", b"\x1a\x45\xdf\xa3"] {
            assert!(matches!(take(&node, sam, file).await, Err(Error::Film(Unfit::Unsupported))));
        }
        assert_eq!(take(&node, sam, &png(4, 4)).await.unwrap().state, MediaState::Ready);
    }
}
