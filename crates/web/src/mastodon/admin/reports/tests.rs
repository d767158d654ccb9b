//! What staff see of reports, and do with them.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, each};
use alongside_domain::account::Role;
use alongside_domain::post::Visibility;
use alongside_store::audit;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

async fn reported(door: &Door, token: &str, body: &Value) -> String {
    let report = door.post("/api/v1/reports", token, body).await.ok();
    report["id"].as_str().unwrap().to_owned()
}

async fn verbs(door: &Door) -> Vec<String> {
    let lines =
        audit::after(&mut door.node.app.reader(), alongside_domain::id::AuditId::new(-1), 99).await.unwrap();
    lines.into_iter().map(|line| line.verb).collect()
}

both_engines! {
    async fn a_report_is_looked_after_corrected_and_dealt_with(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let staff_id = door.node.member_as("staff", Role::Moderator).await;
        let staff = door.token("staff", "admin:read admin:write").await;
        let post = door.node.post(ada.member.actor(), "buy this").await.id;
        let body = json!({ "account_id": ada.member.to_string(), "status_ids": [post.to_string()], "comment": "selling",
            "category": "violation", "rule_ids": ["4"] });
        let id = reported(&door, &sam.token, &body).await;
        let open = door.get("/api/v1/admin/reports", &staff).await.ok();
        assert_eq!(each(&open, "/id"), [id.as_str()]);
        let first = &open[0];
        assert_is("AdminReport", first);
        assert_eq!(
            (&first["account"]["username"], &first["target_account"]["username"], &first["comment"]),
            (&json!("sam"), &json!("ada"), &json!("selling")),
        );
        assert_eq!((each(&first["statuses"], "/id"), each(&first["rules"], "/id")), (vec![post.to_string()], vec!["4".to_owned()]));
        assert_eq!((&first["assigned_account"], &first["action_taken_by_account"]), (&Value::Null, &Value::Null));
        let at = |step: &str| format!("/api/v1/admin/reports/{id}/{step}");
        let taken = door.post(&at("assign_to_self"), &staff, &json!({})).await.ok();
        assert_eq!(taken["assigned_account"]["id"], json!(staff_id.to_string()));
        assert_eq!(door.post(&at("unassign"), &staff, &json!({})).await.ok()["assigned_account"], Value::Null);
        let path = format!("/api/v1/admin/reports/{id}");
        let revised = door.put(&path, &staff, &json!({ "category": "violation", "rule_ids": ["1", "2"] })).await.ok();
        assert_eq!(each(&revised["rules"], "/id"), ["1", "2"]);
        let revised = door.put(&path, &staff, &json!({ "category": "spam" })).await.ok();
        assert_eq!((&revised["category"], &revised["rules"]), (&json!("spam"), &json!([])));
        for wrong in [json!({ "category": "bad" }), json!({ "category": "violation", "rule_ids": ["77"] })] {
            assert_eq!(door.put(&path, &staff, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let resolved = door.post(&at("resolve"), &staff, &json!({})).await.ok();
        assert_is("AdminReport", &resolved);
        assert_eq!(
            (&resolved["action_taken"], &resolved["action_taken_by_account"]["username"]),
            (&json!(true), &json!("staff")),
        );
        let again = door.post(&at("resolve"), &staff, &json!({})).await.ok();
        assert_eq!(again["action_taken_at"], resolved["action_taken_at"], "twice is once");
        assert_eq!(door.get("/api/v1/admin/reports", &staff).await.ok(), json!([]));
        let closed = format!("/api/v1/admin/reports?resolved=true&target_account_id={}", ada.member);
        assert_eq!(each(&door.get(&closed, &staff).await.ok(), "/id"), [id.as_str()]);
        let of_others = format!("/api/v1/admin/reports?resolved=true&account_id={}", ada.member);
        assert_eq!(door.get(&of_others, &staff).await.ok(), json!([]));
        let of_nobody = "/api/v1/admin/reports?resolved=true&account_id=x";
        assert_eq!(door.get(of_nobody, &staff).await.ok(), json!([]));
        assert_eq!(door.post(&at("reopen"), &staff, &json!({})).await.ok()["action_taken"], json!(false));
        let steps = ["report.create", "report.assign", "report.unassign", "report.revise", "report.revise", "report.resolve", "report.reopen"];
        assert_eq!(verbs(&door).await, steps, "each once, and in this order");
    }

    async fn a_message_is_shown_to_staff_only_if_who_got_it_reports_it_and_the_look_is_written_down(store: Store) {
        let door = Door::new(store);
        let (sam, ada, kim) = (door.persona("sam").await, door.persona("ada").await, door.persona("kim").await);
        door.node.member_as("staff", Role::Admin).await;
        let staff = door.token("staff", "admin:read read").await;
        let direct = |post: &mut alongside_domain::post::Post| post.visibility = Visibility::Direct;
        let message = door.node.post_naming(ada.member.actor(), "where do you live?", &[sam.member.actor()], direct).await.id;
        let body = json!({ "account_id": ada.member.to_string(), "status_ids": [message.to_string()] });
        let guessed = reported(&door, &kim.token, &body).await;
        let shown = door.get(&format!("/api/v1/admin/reports/{guessed}"), &staff).await.ok();
        assert_eq!(shown["statuses"], json!([]), "nobody brings what they cannot read before others");
        let told = reported(&door, &sam.token, &body).await;
        assert_eq!(door.get(&format!("/api/v1/statuses/{message}"), &staff).await.status, StatusCode::NOT_FOUND);
        let listed = door.get("/api/v1/admin/reports", &staff).await.ok();
        assert!(listed.as_array().unwrap().iter().all(|report| report["statuses"] == json!([])));
        assert!(!verbs(&door).await.contains(&"report.read".to_owned()));
        let shown = door.get(&format!("/api/v1/admin/reports/{told}"), &staff).await.ok();
        assert_eq!(each(&shown["statuses"], "/id"), [message.to_string()]);
        assert_eq!(verbs(&door).await.last().map(String::as_str), Some("report.read"));
    }

    async fn of_a_person_elsewhere_who_reports_only_their_server_is_named(store: Store) {
        use alongside_app::reports::{NewReport, create};
        let door = Door::new(store);
        let sam = door.node.member("sam").await.actor();
        let far = door.node.stranger("robin", "b.example").await;
        door.node.member_as("staff", Role::Admin).await;
        let staff = door.token("staff", "admin:read read:notifications").await;
        let new = NewReport {
            target: sam,
            posts: Vec::new(),
            category: alongside_domain::report::ReportCategory::Other,
            comment: "from afar".to_owned(),
            rules: Vec::new(),
            uri: Some("https://b.example/flags/1".to_owned()),
            forward: false,
        };
        create(&door.node.app, far, new).await.unwrap();
        let reports = door.get("/api/v1/admin/reports", &staff).await;
        assert_eq!(reports.ok()[0]["account"]["username"], "b.example");
        let told = door.get("/api/v1/notifications", &staff).await;
        for answer in [reports, told] {
            assert!(!String::from_utf8_lossy(&answer.bytes).contains("robin"));
        }
    }
}
