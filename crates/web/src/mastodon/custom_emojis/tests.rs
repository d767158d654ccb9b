//! Pictures that stand for words, wherever somebody may write one.

use crate::mastodon::testing::{Door, each, png};
use alongside_app::copies::Keep;
use alongside_app::emojis;
use alongside_domain::agreement::Terms;
use alongside_store::actors;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use http::Method;
use serde_json::json;

both_engines! {
    async fn an_emoji_of_the_node_stands_in_profiles_and_choices_too(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for word in ["lamp", "owl", "tea"] {
            emojis::add(&door.node.app, word, png(), None).await.unwrap();
        }
        let says = json!({
            "display_name": "Sam :owl:",
            "note": "up late :lamp:",
            "fields_attributes": [{ "name": "drinks", "value": ":tea:" }],
        });
        let change = "/api/v1/accounts/update_credentials";
        let me = door.send(Method::PATCH, change, &sam.token, "application/json", says.to_string().into()).await.ok();
        assert_eq!(each(&me["emojis"], "/shortcode"), ["owl", "lamp", "tea"]);
        let one = door.get(&format!("/api/v1/accounts/{}", sam.member), "").await.ok();
        assert_eq!(one["emojis"], me["emojis"]);
        let found = door.get("/api/v1/accounts/search?q=sam", &sam.token).await.ok();
        assert_eq!(found[0]["emojis"], me["emojis"]);

        let asks = json!({ "status": "which?", "poll": { "options": [":tea:", "cocoa"], "expires_in": 3_600 } });
        let posted = door.post("/api/v1/statuses", &sam.token, &asks).await.ok();
        assert_eq!((&posted["account"]["emojis"], &posted["emojis"]), (&me["emojis"], &json!([])));
        assert_eq!(each(&posted["poll"]["emojis"], "/shortcode"), ["tea"]);
        let poll = format!("/api/v1/polls/{}", posted["poll"]["id"].as_str().unwrap());
        assert_eq!(door.get(&poll, "").await.ok()["emojis"], posted["poll"]["emojis"]);
    }

    async fn what_a_post_said_before_is_shown_with_its_emojis(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        emojis::add(&door.node.app, "lamp", png(), None).await.unwrap();
        let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "a :lamp:" })).await.ok();
        let one = format!("/api/v1/statuses/{}", posted["id"].as_str().unwrap());
        door.node.clock.advance_secs(60);
        door.put(&one, &sam.token, &json!({ "status": "a lamp" })).await.ok();
        let said = door.get(&format!("{one}/history"), &sam.token).await.ok();
        assert_eq!((each(&said[0]["emojis"], "/shortcode"), &said[1]["emojis"]), (vec!["lamp".to_owned()], &json!([])));
    }

    async fn somebody_elsewhere_is_shown_with_the_emojis_of_their_host(store: Store) {
        let keep = Keep { bytes_max: 1_000_000, days: 1 };
        let node = Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.copies = Some(keep));
        let door = Door::of(node, Vec::new());
        let app = &door.node.app;
        let kim = door.node.stranger("kim", "b.example").await;
        let mut tx = door.node.store().begin().await.unwrap();
        actors::present(&mut tx, kim, "Kim :lamp: :owl: :moon:", "", None, None, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        emojis::add(app, "lamp", png(), None).await.unwrap();
        for (host, word) in [("b.example", "owl"), ("c.example", "moon")] {
            let picture = (word.to_owned(), format!("https://{host}/{word}.png"));
            emojis::learn(app, host, &[picture]).await.unwrap();
        }
        let shown = door.get(&format!("/api/v1/accounts/{kim}"), "").await.ok();
        assert_eq!(each(&shown["emojis"], "/shortcode"), ["owl"], "those of others are not meant");
        let address = shown["emojis"][0]["url"].as_str().unwrap();
        assert!(address.starts_with("http://127.0.0.1:7100/"), "nobody is sent elsewhere for it: {address}");
    }
}
