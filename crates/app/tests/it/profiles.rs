//! What a member says of itself.

use crate::media::png;
use alongside_app::media;
use alongside_app::profiles::{self, Changes, Error, Picture};
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_store::{actors, members};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn words_become_clean_html_and_others_are_told(node: Node) {
        let sam = node.member("sam").await;
        let changes = Changes {
            name: Some(" Sam 🌙 ".to_owned()),
            note: Some("Awake <b>at</b> 2\n\n#insomnia https://a.example".to_owned()),
            fields: Some(vec![
                ("Site".to_owned(), "https://a.example/x".to_owned()),
                (" ".to_owned(), "nothing".to_owned()),
                ("Mood".to_owned(), "calm\n& <i>slow</i>".to_owned()),
            ]),
            locked: Some(true),
            bot: Some(true),
            discoverable: Some(false),
            ..Changes::default()
        };
        let actor = profiles::update(&node.app, sam, changes).await.unwrap();
        assert_eq!(actors::find(&mut node.app.reader(), sam.actor()).await.unwrap(), Some(actor.clone()));
        assert_eq!(actor.name, "Sam 🌙");
        assert!(actor.note.starts_with("<p>Awake &lt;b&gt;at&lt;/b&gt; 2</p><p>"), "{}", actor.note);
        assert!(actor.note.contains("http://127.0.0.1:7100/tags/insomnia"));
        assert_eq!(actor.note_source, "Awake <b>at</b> 2\n\n#insomnia https://a.example");
        let names: Vec<&str> = actor.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["Site", "Mood"]);
        assert!(actor.fields[0].value.starts_with("<a href=\"https://a.example/x\""));
        assert_eq!(actor.fields[1].value, "calm &amp; &lt;i&gt;slow&lt;/i&gt;");
        assert!(actor.locked && actor.bot && !actor.discoverable);
        assert_eq!(node.queued().await, [Job::Profile { actor: sam.actor() }]);
    }

    async fn what_is_not_said_stays_and_what_only_the_member_sees_is_told_nobody(node: Node) {
        let sam = node.member("sam").await;
        let before = actors::find(&mut node.app.reader(), sam.actor()).await.unwrap().unwrap();
        let changes = Changes {
            visibility: Some(Visibility::Unlisted),
            sensitive: Some(true),
            language: Some("cy".to_owned()),
            ..Changes::default()
        };
        assert_eq!(profiles::update(&node.app, sam, changes).await.unwrap(), before);
        let member = members::find(&mut node.app.reader(), sam).await.unwrap().unwrap();
        assert_eq!((member.default_visibility, member.default_sensitive), (Visibility::Unlisted, true));
        assert_eq!(member.default_language.as_deref(), Some("cy"));
        profiles::update(&node.app, sam, Changes { language: Some(String::new()), ..Changes::default() }).await.unwrap();
        let member = members::find(&mut node.app.reader(), sam).await.unwrap().unwrap();
        assert_eq!((member.default_visibility, member.default_language), (Visibility::Unlisted, None));
        assert!(node.queued().await.is_empty());
    }

    async fn what_is_too_long_is_refused(node: Node) {
        let sam = node.member("sam").await;
        let update = async |changes| profiles::update(&node.app, sam, changes).await;
        let name = Changes { name: Some("x".repeat(101)), ..Changes::default() };
        assert!(matches!(update(name).await, Err(Error::Name)));
        let note = Changes { note: Some("x".repeat(1_001)), ..Changes::default() };
        assert!(matches!(update(note).await, Err(Error::Note)));
        let many = vec![("a".to_owned(), "b".to_owned()); 5];
        assert!(matches!(update(Changes { fields: Some(many), ..Changes::default() }).await, Err(Error::Fields)));
        let long = vec![("a".to_owned(), "b".repeat(256))];
        assert!(matches!(update(Changes { fields: Some(long), ..Changes::default() }).await, Err(Error::Fields)));
        let members_only = Changes { visibility: Some(Visibility::Members), ..Changes::default() };
        assert!(matches!(update(members_only).await, Err(Error::Visibility)));
        let no_picture = Changes { avatar: Some(Picture::New(b"?".to_vec())), ..Changes::default() };
        assert!(matches!(update(no_picture).await, Err(Error::Picture(_))));
    }

    async fn a_picture_is_cut_to_size_and_replaced(node: Node) {
        let sam = node.member("sam").await;
        let with = async |avatar| {
            let changes = Changes { avatar: Some(avatar), ..Changes::default() };
            profiles::update(&node.app, sam, changes).await.unwrap().avatar
        };
        let first = with(Picture::New(png(90, 30))).await.unwrap();
        let shown = media::show(&node.app, &first, None).await.unwrap().unwrap();
        assert!(shown.open);
        let image = image::open(node.folder().join("media").join(&shown.name)).unwrap();
        assert_eq!((image.width(), image.height()), (400, 400));
        let second = with(Picture::New(png(30, 90))).await.unwrap();
        assert_ne!(first, second);
        assert!(!node.folder().join("media").join(&shown.name).exists(), "the old file is gone");
        let header = Changes { header: Some(Picture::New(png(30, 90))), ..Changes::default() };
        let actor = profiles::update(&node.app, sam, header).await.unwrap();
        assert_eq!(actor.avatar, Some(second.clone()));
        let header = image::open(node.folder().join("media").join(actor.header.unwrap())).unwrap();
        assert_eq!((header.width(), header.height()), (1_500, 500));
        assert_eq!(with(Picture::Removed).await, None);
        assert!(!node.folder().join("media").join(second).exists());
    }
}
