//! Push subscriptions, asked for over HTTP. What is pushed is seen in the tests of the whole project.

use crate::mastodon::testing::Door;
use alongside_app::oauth;
use alongside_store::engine::Store;
use alongside_store::{oauth as tokens, push_subscriptions};
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;

const ADDRESS: &str = "/api/v1/push/subscription";
const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

both_engines! {
    async fn each_token_has_one_and_it_ends_with_it(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let (phone, laptop) = (door.token("sam", "push").await, door.token("sam", "push").await);
        assert_eq!(door.get(ADDRESS, &sam.token).await.status, StatusCode::FORBIDDEN);
        assert_eq!(door.get(ADDRESS, "").await.status, StatusCode::UNAUTHORIZED);
        let empty = door.post(ADDRESS, &phone, &json!({})).await;
        assert_eq!(empty.status, StatusCode::BAD_REQUEST);
        for unusable in ["not an address", "https://push.example/1"] {
            let body = json!({ "subscription": { "endpoint": unusable, "keys": { "p256dh": "x", "auth": "y" } } });
            assert_eq!(door.post(ADDRESS, &phone, &body).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{unusable}");
        }
        assert_eq!(door.put(ADDRESS, &phone, &json!({})).await.status, StatusCode::NOT_FOUND, "there is none yet");
        assert_eq!(door.delete(ADDRESS, &phone).await.ok(), json!({}));
        let form = format!(
            "subscription[endpoint]=https://push.example/1&subscription[keys][p256dh]={P256DH}\
             &subscription[keys][auth]=BTBZMqHH6r4Tts7J_aSIgg%3D%3D&data[alerts][mention]=1&data[alerts][poll]=0&data[policy]=follower"
        );
        let made = door.send(Method::POST, ADDRESS, &phone, "application/x-www-form-urlencoded", Body::from(form)).await.ok();
        assert_eq!(made["endpoint"], "https://push.example/1");
        let id = made["id"].as_i64().expect("clients on telephones read it as a number");
        assert!((0..=i64::from(i32::MAX)).contains(&id), "{id} has more than 32 bits");
        assert_eq!((&made["alerts"]["mention"], &made["alerts"]["poll"], &made["alerts"]["admin.sign_up"]), (&json!(true), &json!(false), &json!(false)));
        assert_eq!((&made["policy"], &made["standard"]), (&json!("follower"), &json!(false)));
        assert_eq!(door.get(ADDRESS, &phone).await.ok(), made);
        assert_eq!(door.get(ADDRESS, &laptop).await.status, StatusCode::NOT_FOUND);
        let wrong = door.put(ADDRESS, &phone, &json!({ "data": { "policy": "some" } })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let app = &door.node.app;
        let token = oauth::bearer(app, &phone).await.unwrap().unwrap();
        let mut tx = app.store().begin().await.unwrap();
        assert!(tokens::revoke(&mut tx, &oauth::fingerprint(&phone), token.app_id, app.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(push_subscriptions::find(&mut app.reader(), token.id).await.unwrap().is_none());
    }

    async fn an_endpoint_is_shown_as_it_was_given(store: Store) {
        let door = Door::new(store);
        door.persona("sam").await;
        let phone = door.token("sam", "push").await;
        for endpoint in ["https://push.example", "https://PUSH.example:443/a/../b"] {
            let wanted = json!({ "subscription": { "endpoint": endpoint,
                "keys": { "p256dh": P256DH, "auth": "BTBZMqHH6r4Tts7J_aSIgg" } } });
            assert_eq!(door.post(ADDRESS, &phone, &wanted).await.ok()["endpoint"], endpoint);
            assert_eq!(door.get(ADDRESS, &phone).await.ok()["endpoint"], endpoint);
        }
    }

    async fn a_member_with_very_many_clients_is_told_on_the_newest_until_they_leave(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let wanted = json!({ "subscription": { "endpoint": "https://push.example/1",
            "keys": { "p256dh": P256DH, "auth": "BTBZMqHH6r4Tts7J_aSIgg" } } });
        let mut newest = Vec::new();
        for _ in 0..3 {
            let token = door.token("sam", "push").await;
            door.post(ADDRESS, &token, &wanted).await.ok();
            newest.insert(0, oauth::bearer(&door.node.app, &token).await.unwrap().unwrap().id);
        }
        newest.truncate(2);
        let told = push_subscriptions::of_member(&mut door.node.app.reader(), sam.member, 2).await.unwrap();
        assert_eq!(told.iter().map(|subscription| subscription.token).collect::<Vec<_>>(), newest);
        alongside_app::departures::delete(&door.node.app, "sam").await.unwrap();
        for token in newest {
            let kept = push_subscriptions::find(&mut door.node.app.reader(), token).await.unwrap();
            assert!(kept.is_none(), "it went with the member");
        }
    }
}
