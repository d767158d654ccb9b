//! Pictures and films as other software sends them: attached, inside a text, linked to, or as posts of their own.

use crate::scene::Scene;
use alongside_domain::media::MediaKind;
use alongside_store::engine::Store;
use alongside_store::{emojis, media};
use alongside_testkit::both_engines;
use serde_json::{Value, json};

both_engines! {
    async fn pictures_inside_a_text_are_shown_beside_it(store: Store) {
        let scene = Scene::new(store).await;
        // As the Lemmy family writes them.
        let text = "<p>Look: <img alt=\"a lamp\" src=\"https://photos.example/lamp.png\"> and <img src=\"https://photos.example/bed.png\"></p>";
        let post = scene.publishes("1/create", scene.kim.note("1", text)).await.unwrap();
        assert_eq!(post.content, "<p>Look:  and </p>");
        let files = media::of_posts(&mut scene.ours.kit.app.reader(), &[post.id]).await.unwrap();
        assert_eq!(files[0].description.as_deref(), Some("a lamp"));
        let lamp = (MediaKind::Image, "https://photos.example/lamp.png".to_owned());
        let bed = (MediaKind::Image, "https://photos.example/bed.png".to_owned());
        assert_eq!(scene.files_of(&post).await, [lamp.clone(), bed]);
        // Others attach what they show, perhaps in another size.
        let mut attached = scene.kim.note("2", text);
        attached["attachment"] = json!([{ "type": "Image", "url": lamp.1 }]);
        let attached = scene.publishes("2/create", attached).await.unwrap();
        assert_eq!(scene.files_of(&attached).await, [lamp]);
    }

    async fn what_a_thread_of_the_lemmy_family_links_to_is_shown(store: Store) {
        let scene = Scene::new(store).await;
        let page = |name: &str, attachment: Value| {
            let mut page = scene.kim.note(name, "<p>Read this</p>");
            page["type"] = "Page".into();
            page["name"] = "About sleep".into();
            page["attachment"] = json!([attachment]);
            page
        };
        let link = page("1", json!({ "type": "Link", "href": "https://paper.example/sleep?a=1&b=2", "mediaType": "text/html; charset=utf-8" }));
        let post = scene.publishes("1/create", link).await.unwrap();
        assert!(post.content.starts_with("<p>Read this</p>"), "{}", post.content);
        assert!(post.content.contains("href=\"https://paper.example/sleep?a=1&amp;b=2\""), "{}", post.content);
        let mut bare = page("2", json!({ "type": "Link", "href": "https://paper.example/sleep" }));
        bare.as_object_mut().unwrap().remove("content");
        assert!(scene.publishes("2/create", bare).await.unwrap().content.contains("https://paper.example/sleep"));
        let mut said = page("3", json!({ "type": "Link", "href": "https://paper.example/sleep" }));
        said["content"] = "<p><a href=\"https://paper.example/sleep\">Read this</a></p>".into();
        let said = scene.publishes("3/create", said).await.unwrap();
        assert_eq!(said.content.matches("https://paper.example/sleep").count(), 1, "once is enough: {}", said.content);
        let picture = page("4", json!({ "type": "Link", "href": "https://paper.example/image/owl.JPG" }));
        let picture = scene.publishes("4/create", picture).await.unwrap();
        assert_eq!(picture.content, "<p>Read this</p>");
        assert_eq!(scene.files_of(&picture).await, [(MediaKind::Image, "https://paper.example/image/owl.JPG".to_owned())]);
    }

    /// Lemmy has no other place for a picture in an answer.
    async fn a_picture_in_the_text_of_the_lemmy_family_is_shown_beside_it(store: Store) {
        let scene = Scene::new(store).await;
        let text = r#"<p>Look <img src="https://photos.example/owl.png" alt="an owl"> there</p>"#;
        let mut note = scene.kim.note("1", text);
        note["attachment"] = json!([{ "type": "Image", "url": "https://photos.example/moon.png" }]);
        let as_it_is = scene.publishes("1/create", note.clone()).await.unwrap();
        assert_eq!(scene.files_of(&as_it_is).await.len(), 1, "elsewhere it is the attachment in another size");
        note["id"] = format!("{}/2", scene.kim.id).into();
        note["source"] = json!({ "content": "Look ![an owl](https://photos.example/owl.png) there", "mediaType": "text/markdown" });
        let post = scene.publishes("2/create", note).await.unwrap();
        let picture = |name: &str| (MediaKind::Image, format!("https://photos.example/{name}.png"));
        assert_eq!(scene.files_of(&post).await, [picture("moon"), picture("owl")]);
        assert!(!post.content.contains("img"), "{}", post.content);
    }

    async fn a_picture_that_is_a_post_of_its_own_is_shown(store: Store) {
        let scene = Scene::new(store).await;
        let mut image = scene.kim.note("1", "<p>a new photo</p>");
        image["type"] = "Image".into();
        image["url"] = json!([
            { "type": "Link", "mediaType": "image/jpeg", "href": "https://photos.example/small.jpg", "width": 320 },
            { "type": "Link", "mediaType": "image/jpeg", "href": "https://photos.example/large.jpg", "width": 2200 },
            { "type": "Link", "mediaType": "text/html", "href": scene.home.at("/photos/1") },
        ]);
        let post = scene.publishes("1/create", image).await.unwrap();
        assert_eq!(scene.files_of(&post).await, [(MediaKind::Image, "https://photos.example/large.jpg".to_owned())]);
    }

    async fn what_matters_in_a_picture_stays_in_view(store: Store) {
        let scene = Scene::new(store).await;
        for (number, (said, focus)) in (1..).zip([
            (json!([-0.5, 0.25]), (-0.5, 0.25)),
            (json!([0, 1]), (0.0, 1.0)),
            (json!([-7, 0.5]), (0.0, 0.0)),
            (json!("middle"), (0.0, 0.0)),
        ]) {
            let mut note = scene.kim.note(&number.to_string(), "<p>a new photo</p>");
            let url = "https://photos.example/1.jpg";
            note["attachment"] = json!({ "type": "Image", "url": url, "summary": "an owl", "focalPoint": said });
            let post = scene.publishes(&format!("{number}/create"), note).await.unwrap();
            let files = media::of_posts(&mut scene.ours.kit.app.reader(), &[post.id]).await.unwrap();
            assert_eq!((files[0].focus_x, files[0].focus_y), focus, "{said}");
            assert_eq!(files[0].description.as_deref(), Some("an owl"));
        }
    }

    async fn a_picture_in_a_profile_is_known_like_one_in_a_post(store: Store) {
        let scene = Scene::new(store).await;
        let mut profile = scene.kim.document();
        profile["name"] = "Kim :owl:".into();
        let icon = json!({ "type": "Image", "url": "https://pictures.example/owl.png" });
        profile["tag"] = json!([{ "type": "Emoji", "name": ":owl:", "icon": icon }]);
        scene.home.serve(&profile);
        scene.ours.act_on(&scene.kim, &scene.kim.activity("1", "Update", profile)).await;
        let kim = scene.ours.actor(&scene.kim.id).await.unwrap();
        assert_eq!(kim.name, "Kim :owl:");
        let known = emojis::find(&mut scene.ours.kit.app.reader(), &kim.host, "owl").await.unwrap();
        assert_eq!(known.unwrap().url.as_deref(), Some("https://pictures.example/owl.png"));
    }
}
