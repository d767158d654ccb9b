//! Files that no row refers to, because something kept the process from removing them.

use crate::media::{given, png};
use alongside_app::media::{self, Error};
use alongside_app::strays;
use alongside_app::uploads::{self, Wait, room};
use alongside_domain::clock::Clock as _;
use alongside_domain::id::MemberId;
use alongside_domain::media::Media;
use alongside_store::media::Words;
use alongside_store::stray_files;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::fs;

const DAY_SECS: i64 = 86_400;

async fn upload(node: &Node, member: MemberId) -> Result<Media, Error> {
    let words = Words { description: None, focus_x: 0.0, focus_y: 0.0 };
    uploads::take(&node.app, member, given(png(3, 2)), words, Wait::No).await
}

async fn swept(node: &Node) -> usize {
    strays::sweep(&node.app).await.unwrap()
}

both_engines! {
    async fn a_file_is_written_down_before_it_is_written(node: Node) {
        let sam = node.member("sam").await;
        let folder = node.folder().join("media");
        // Neither can a file be written there, nor one be removed.
        fs::write(&folder, "").unwrap();
        assert!(matches!(upload(&node, sam).await, Err(Error::File(_))));
        fs::remove_file(&folder).unwrap();
        let kept = upload(&node, sam).await.unwrap();
        assert_eq!(swept(&node).await, 0, "they may still be kept");
        node.clock.advance_secs(DAY_SECS);
        assert_eq!((swept(&node).await, swept(&node).await), (2, 0), "the picture and its small version");
        for name in [kept.file.unwrap(), kept.preview.unwrap()] {
            assert!(folder.join(name).exists());
        }
    }

    async fn what_could_not_be_removed_goes_later(node: Node) {
        let sam = node.member("sam").await;
        let media = upload(&node, sam).await.unwrap();
        let file = node.folder().join("media").join(media.file.unwrap());
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        media::remove(&node.app, sam, media.id).await.unwrap();
        assert_eq!(swept(&node).await, 1, "it is tried again");
        assert_eq!(swept(&node).await, 0, "and not at once a third time");
        fs::remove_dir(&file).unwrap();
        fs::write(&file, "").unwrap();
        node.clock.advance_secs(3_600);
        assert_eq!(swept(&node).await, 1);
        assert!(!file.exists());
        node.clock.advance_secs(DAY_SECS);
        assert_eq!(swept(&node).await, 0);
    }

    async fn what_a_killed_process_left_of_its_work_is_cleared_away(node: Node) {
        let work = ["work/0/17", "work/1/18"].map(|folder| node.folder().join(folder));
        for folder in &work {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("given"), "half a film").unwrap();
        }
        room::clear(&node.app).await.unwrap();
        assert_eq!(work.map(|folder| folder.exists()), [false, true], "another process is at work in the other");
        room::clear(&node.app).await.unwrap();
    }

    async fn nothing_is_kept_that_was_given_up(node: Node) {
        let names = ["one.png", "two.png"].map(str::to_owned);
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        stray_files::expect(&mut tx, &names, now.plus_secs(1)).await.unwrap();
        assert!(stray_files::claim(&mut tx, now, now.plus_secs(9), 9).await.unwrap().is_empty());
        assert_eq!(stray_files::keep(&mut tx, &names[..1]).await.unwrap(), 1);
        let claimed = stray_files::claim(&mut tx, now.plus_secs(1), now.plus_secs(9), 9).await.unwrap();
        assert_eq!(claimed, names[1..]);
        assert_eq!(stray_files::keep(&mut tx, &names).await.unwrap(), 0);
    }
}
