//! Uploading pictures, and who may see them.

use alongside_app::media::{self, Addresses, Changes, Error, Ticket};
use alongside_app::profiles::{self, Picture};
use alongside_app::uploads::{self, Given, Wait};
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::limits::UPLOAD_SECS_MAX;
use alongside_domain::media::Media;
use alongside_domain::post::{Post, Visibility};
use alongside_store::media::{self as stored, Words};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let image = DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([10, 200, 30])));
    image.write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

pub(crate) fn given(file: Vec<u8>) -> Given {
    Given { file: file.into(), thumbnail: None }
}

fn words(description: &str) -> Words {
    Words { description: Some(description.to_owned()), focus_x: -3.0, focus_y: f64::NAN }
}

async fn uploaded(node: &Node, member: MemberId) -> Media {
    uploads::take(&node.app, member, given(png(30, 20)), words("a green field"), Wait::No).await.unwrap()
}

async fn attached(node: &Node, member: MemberId, visibility: Visibility) -> (Media, Post) {
    let media = uploaded(node, member).await;
    let post = node.post_with(member.actor(), "look", |post| post.visibility = visibility).await;
    let mut tx = node.store().begin().await.unwrap();
    assert!(stored::attach(&mut tx, member.actor(), post.id, &[media.id]).await.unwrap());
    tx.commit().await.unwrap();
    (media, post)
}

/// The name and the ticket an address carries.
fn read(address: &str) -> (String, Option<Ticket>) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let name = path.rsplit_once('/').unwrap().1.to_owned();
    let value = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key));
    let ticket = value("until=").zip(value("signature="));
    (
        name,
        ticket.map(|(until, signature)| Ticket {
            until: until.parse().unwrap(),
            signature: signature.to_owned(),
        }),
    )
}

async fn is_shown(node: &Node, name: &str, ticket: Option<&Ticket>) -> bool {
    media::show(&node.app, name, ticket).await.unwrap().is_some()
}

both_engines! {
    async fn a_picture_is_kept_with_a_preview_and_its_words(node: Node) {
        let sam = node.member("sam").await;
        let media = uploaded(&node, sam).await;
        assert_eq!(stored::find(&mut node.app.reader(), media.id).await.unwrap(), Some(media.clone()));
        assert_eq!((media.width, media.height, media.mime.as_str()), (30, 20, "image/png"));
        assert_eq!((media.focus_x, media.focus_y), (-1.0, 0.0));
        assert!(media.blurhash.is_some());
        for name in [media.file.clone().unwrap(), media.preview.clone().unwrap()] {
            let file = std::fs::read(node.folder().join("media").join(name)).unwrap();
            assert_eq!(image::load_from_memory(&file).unwrap().width(), 30);
        }
        let changes = Changes { description: Some("a field at dawn".to_owned()), focus: None };
        let described = media::describe(&node.app, sam, media.id, changes).await.unwrap();
        assert_eq!((described.description.as_deref(), described.focus_x), (Some("a field at dawn"), -1.0));
        assert_eq!(media::find(&node.app, sam, media.id).await.unwrap(), described);
    }

    async fn what_cannot_be_used_is_refused_and_leaves_nothing(node: Node) {
        let sam = node.member("sam").await;
        let max = node.app.settings().media_bytes_max;
        let upload = async |file: Vec<u8>, description: &str| {
            uploads::take(&node.app, sam, given(file), words(description), Wait::No).await
        };
        assert!(matches!(upload(vec![0; max + 1], "").await, Err(Error::TooManyBytes { .. })));
        assert!(matches!(upload(b"<svg/>".to_vec(), "").await, Err(Error::Unusable(_))));
        assert!(matches!(upload(png(2, 2), &"x".repeat(1_501)).await, Err(Error::Description)));
        assert!(!node.folder().join("media").exists());
    }

    async fn a_picture_that_cannot_be_written_down_leaves_no_file(node: Node) {
        let nobody = MemberId::of(ActorId::new(404));
        let refused = uploads::take(&node.app, nobody, given(png(3, 2)), words(""), Wait::No).await;
        assert!(matches!(refused, Err(Error::Store(_))));
        let changes = profiles::Changes {
            avatar: Some(Picture::New(png(3, 2))),
            header: Some(Picture::New(png(3, 2))),
            ..profiles::Changes::default()
        };
        assert!(profiles::update(&node.app, nobody, changes).await.is_err());
        let sam = node.member("sam").await;
        let half = profiles::Changes {
            avatar: Some(Picture::New(png(3, 2))),
            header: Some(Picture::New(b"?".to_vec())),
            ..profiles::Changes::default()
        };
        assert!(profiles::update(&node.app, sam, half).await.is_err());
        assert_eq!(std::fs::read_dir(node.folder().join("media")).unwrap().count(), 0);
    }

    async fn a_picture_is_its_owners(node: Node) {
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let media = uploaded(&node, sam).await;
        assert!(matches!(media::find(&node.app, other, media.id).await, Err(Error::NotFound)));
        assert!(matches!(media::describe(&node.app, other, media.id, Changes::default()).await, Err(Error::NotFound)));
        assert!(matches!(media::remove(&node.app, other, media.id).await, Err(Error::NotFound)));
        media::remove(&node.app, sam, media.id).await.unwrap();
        assert!(!node.folder().join("media").join(media.file.unwrap()).exists());
        let (used, _) = attached(&node, sam, Visibility::Public).await;
        assert!(matches!(media::remove(&node.app, sam, used.id).await, Err(Error::Used)));
    }

    async fn an_open_picture_has_a_plain_address_until_its_post_goes(node: Node) {
        let sam = node.member("sam").await;
        let (media, post) = attached(&node, sam, Visibility::Public).await;
        let addresses = Addresses::load(&node.app).await.unwrap();
        let address = addresses.file(&media, Some(&post)).unwrap();
        assert_eq!(address, format!("http://127.0.0.1:7100/media/{}", media.file.clone().unwrap()));
        let (name, ticket) = read(&address);
        assert!(ticket.is_none() && is_shown(&node, &name, None).await);
        assert!(is_shown(&node, &read(&addresses.preview(&media, Some(&post)).unwrap()).0, None).await);
        let mut tx = node.store().begin().await.unwrap();
        alongside_store::measures::set_removed(&mut tx, post.id, Some(node.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_shown(&node, &name, None).await);
    }

    async fn any_other_picture_needs_a_signed_address_that_runs_out(node: Node) {
        let sam = node.member("sam").await;
        let addresses = Addresses::load(&node.app).await.unwrap();
        for visibility in [Visibility::Members, Visibility::Followers, Visibility::Direct] {
            let (media, post) = attached(&node, sam, visibility).await;
            let (name, ticket) = read(&addresses.file(&media, Some(&post)).unwrap());
            let ticket = ticket.unwrap();
            assert!(!is_shown(&node, &name, None).await);
            let shown = media::show(&node.app, &name, Some(&ticket)).await.unwrap().unwrap();
            assert!(!shown.open && shown.name == name && shown.mime == "image/png");
            for wrong in [
                Ticket { until: ticket.until + 1, ..ticket.clone() },
                Ticket { signature: String::new(), ..ticket.clone() },
            ] {
                assert!(!is_shown(&node, &name, Some(&wrong)).await);
            }
            let preview = media.preview.clone().unwrap();
            assert!(!is_shown(&node, &preview, Some(&ticket)).await, "a ticket is for one file");
            node.clock.advance_secs(2 * 3_600);
            assert!(!is_shown(&node, &name, Some(&ticket)).await);
        }
        let waiting = uploaded(&node, sam).await;
        let (name, ticket) = read(&addresses.file(&waiting, None).unwrap());
        assert!(!is_shown(&node, &name, None).await && is_shown(&node, &name, ticket.as_ref()).await);
    }

    async fn cve_2023_36460_no_name_leads_out_of_the_folder(node: Node) {
        for name in ["../test.db", "profile-../../x.png", "profile-00.sqlite", "1-2.png", "", ".png", "profile-.."] {
            assert!(!is_shown(&node, name, None).await, "{name:?}");
        }
    }

    async fn an_upload_without_a_post_is_swept_after_a_day(node: Node) {
        let sam = node.member("sam").await;
        let (used, _) = attached(&node, sam, Visibility::Public).await;
        let unused = uploaded(&node, sam).await;
        node.clock.advance_secs(UPLOAD_SECS_MAX);
        assert_eq!(media::sweep(&node.app).await.unwrap(), 0);
        node.clock.advance_secs(1);
        assert_eq!(media::sweep(&node.app).await.unwrap(), 1);
        let is_there = |media: Media| node.folder().join("media").join(media.file.unwrap()).exists();
        assert!(is_there(used) && !is_there(unused));
    }
}
