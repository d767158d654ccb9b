//! The operator's side of this API. What a deletion led to is told over real connections in `tests/it/delivery.rs`.

use crate::mastodon::testing::Door;
use alongside_domain::account::Role;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

both_engines! {
    async fn whoever_runs_the_node_sees_how_it_stands_with_others(store: Store) {
        let door = Door::new(store);
        door.node.member_as("root_owl", Role::Admin).await;
        door.node.member_as("mod_owl", Role::Moderator).await;
        let (now, sam) = (door.node.app.now(), door.persona("sam").await);
        let mut tx = door.node.store().begin().await.unwrap();
        hosts::ensure(&mut tx, "a.example").await.unwrap();
        hosts::ensure(&mut tx, "b.example").await.unwrap();
        hosts::failed(&mut tx, "b.example", now, now.plus_secs(30), "status 503").await.unwrap();
        tx.commit().await.unwrap();
        let path = "/api/alongside/v1/admin/hosts";
        let admin = door.token("root_owl", "admin:read admin:write").await;
        let page = door.get(path, &admin).await.json();
        assert_eq!((&page[0]["domain"], &page[0]["state"]), (&json!("a.example"), &json!("well")));
        assert_eq!((&page[1]["state"], &page[1]["last_error"]), (&json!("unreachable"), &json!("status 503")));
        assert_eq!(door.get(&format!("{path}?after=a.example&limit=1"), &admin).await.json()[0], page[1]);
        assert_eq!(door.get(&format!("{path}/b.example"), &admin).await.json(), page[1]);
        assert_eq!(door.get(&format!("{path}/c.example"), &admin).await.status, StatusCode::NOT_FOUND);
        let retried = door.post(&format!("{path}/b.example/retry"), &admin, &json!({})).await.json();
        assert_eq!((&retried["state"], &retried["failures"]), (&json!("well"), &json!(0)));
        let dropped = door.post(&format!("{path}/b.example/drop"), &admin, &json!({})).await.json();
        assert_eq!(dropped, json!({ "dropped": 0 }));
        let others = [
            sam.token,
            door.token("mod_owl", "admin:read admin:write").await,
            door.token("sam", "admin:read admin:write").await,
            door.token("root_owl", "read write").await,
        ];
        for token in others {
            assert_eq!(door.get(path, &token).await.status, StatusCode::FORBIDDEN);
        }
        let reading = door.token("root_owl", "admin:read").await;
        let refused = door.post(&format!("{path}/b.example/drop"), &reading, &json!({})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(door.get("/metrics", &reading).await.status, StatusCode::OK);
        let figures = String::from_utf8(door.get("/metrics", &reading).await.bytes.to_vec()).unwrap();
        assert!(figures.contains("alongside_hosts{state=\"well\"} 2\n") && !figures.contains("owl"), "{figures}");
        assert_eq!(door.get("/metrics", &door.token("sam", "admin:read").await).await.status, StatusCode::NOT_FOUND);
    }
}
