//! What staff see of people, and what becomes of whom they sanction.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, Persona, each};
use alongside_app::sign_ups::{self, SignUp};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::id::{ActorId, AuditId, JobId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::post::Visibility;
use alongside_domain::sanction::SANCTION_SECS_DEFAULT;
use alongside_store::engine::Store;
use alongside_store::jobs::{self, Whose};
use alongside_store::mutes::{self, Mute};
use alongside_store::{audit, blocks, conversations, private_notes, sanctions};
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Somebody whose client may do what staff do.
async fn staff(door: &Door, handle: &str, role: Role) -> Persona {
    let member = door.node.member_as(handle, role).await;
    Persona { member, token: door.token(handle, "read write admin:read admin:write").await }
}

async fn act(door: &Door, token: &str, who: MemberId, body: &Value) -> StatusCode {
    door.post(&format!("/api/v1/admin/accounts/{who}/action"), token, body).await.status
}

async fn find(door: &Door, token: &str, filter: &str) -> Vec<String> {
    each(&door.get(&format!("/api/v1/admin/accounts?{filter}"), token).await.ok(), "/username")
}

async fn audited(door: &Door) -> Vec<(String, String)> {
    let lines = audit::after(&mut door.node.app.reader(), AuditId::new(-1), 99).await.unwrap();
    lines.into_iter().map(|line| (line.verb, line.subject)).collect()
}

async fn sign_up(door: &Door, handle: &str) -> Result<MemberId, sign_ups::Error> {
    let new = SignUp {
        handle: Handle::new(handle).unwrap(),
        email: Email::parse(&format!("{handle}@new.example")).unwrap(),
        password: Password::new("correct horse".to_owned()).unwrap(),
        reason: Some(" I cannot sleep. ".to_owned()),
        born: None,
        address: "192.0.2.7".parse().unwrap(),
    };
    sign_ups::apply(&door.node.app, new).await.map(|created| created.member)
}

async fn signs_in(door: &Door, handle: &str) -> bool {
    let email = format!("{handle}@new.example");
    alongside_app::accounts::sign_in(&door.node.app, &email, "correct horse").await.is_ok()
}

/// Does what is due of sanctions, each twice as a worker may, and drops all other work.
async fn let_end(door: &Door) {
    let app = &door.node.app;
    loop {
        let mut tx = app.store().begin().await.unwrap();
        let lease = app.now().plus_secs(60);
        let due = jobs::claim(&mut tx, 1, Whose::Anybodys, app.now(), lease, 99).await.unwrap();
        let ids: Vec<JobId> = due.iter().map(|claimed| claimed.id).collect();
        jobs::finish(&mut tx, &ids).await.unwrap();
        tx.commit().await.unwrap();
        if due.is_empty() {
            return;
        }
        for claimed in due {
            if let Job::SanctionEnded { sanction } = claimed.job().unwrap() {
                for _ in 0..2 {
                    alongside_app::sanctions::end(app, sanction).await.unwrap();
                }
            }
        }
    }
}

both_engines! {
    async fn staff_are_told_of_whoever_signs_up_and_nobody_else_is(store: Store) {
        let door = Door::new(store);
        let (mod_, sam) = (staff(&door, "mod", Role::Moderator).await, door.persona("sam").await);
        let robin = sign_up(&door, "robin").await.unwrap();
        let told = async |token: &str| door.get("/api/v1/notifications", token).await.ok();
        let first = told(&mod_.token).await;
        assert_eq!((each(&first, "/type"), each(&first, "/account/id")), (vec!["admin.sign_up".to_owned()], vec![robin.to_string()]));
        assert_is("Notification", &first[0]);
        assert_eq!(told(&sam.token).await, json!([]));
        let grouped = door.get("/api/v2/notifications", &mod_.token).await.ok();
        assert_eq!(each(&grouped["notification_groups"], "/type"), ["admin.sign_up"]);
        assert_eq!(each(&grouped["accounts"], "/id"), [robin.to_string()]);
        assert_eq!(door.get(&format!("/api/v1/accounts/{robin}"), &mod_.token).await.status, StatusCode::NOT_FOUND);
        sign_ups::approve(&door.node.app, mod_.member, robin.actor()).await.unwrap();
        assert_eq!(each(&told(&mod_.token).await, "/account/id"), [robin.to_string()], "once is enough");
        let ada = sign_up(&door, "ada").await.unwrap();
        sign_ups::reject(&door.node.app, mod_.member, ada.actor()).await.unwrap();
        assert_eq!(each(&told(&mod_.token).await, "/account/id"), [robin.to_string()], "who was turned away is forgotten");
    }

    async fn everybody_is_found_by_what_they_are(store: Store) {
        let door = Door::new(store);
        let root = staff(&door, "root", Role::Admin).await;
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let sam = door.persona("sam").await;
        door.node.stranger("far", "b.example").await;
        sign_up(&door, "newcomer").await.unwrap();
        for (filter, found) in [
            ("", vec!["newcomer", "sam", "mod", "root"]),
            ("remote=true", vec!["far"]),
            ("pending=true", vec!["newcomer"]),
            ("staff=true", vec!["mod", "root"]),
            ("username=sa", vec!["sam"]),
            ("username=s_m", vec![]),
            ("by_domain=B.example.", vec!["far"]),
            ("suspended=true", vec![]),
            ("local=true&active=true", vec!["sam", "mod", "root"]),
            ("ip=192.0.2.7", vec![]),
            ("email=sam@mail.example", vec!["sam"]),
        ] {
            assert_eq!(find(&door, &root.token, filter).await, found, "{filter}");
        }
        for one in door.get("/api/v1/admin/accounts", &root.token).await.ok().as_array().unwrap() {
            assert_is("AdminAccount", one);
        }
        let v2 = async |filter: &str| door.get(&format!("/api/v2/admin/accounts?{filter}"), &root.token).await;
        assert_eq!(each(&v2("origin=local&status=pending").await.ok(), "/username"), ["newcomer"]);
        assert_eq!(each(&v2("role_ids[]=1").await.ok(), "/username"), ["mod"]);
        assert_eq!(each(&v2("permissions=staff&origin=local&limit=1").await.ok(), "/username"), ["mod"]);
        assert!(v2("limit=1").await.header("link").contains("max_id="));
        assert_eq!(v2("status=bad").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let by_address = door.get("/api/v1/admin/accounts?email=sam@mail.example", &moderator.token).await;
        assert_eq!(by_address.status, StatusCode::FORBIDDEN);
        assert!(!String::from_utf8_lossy(&door.get("/api/v1/admin/accounts", &root.token).await.bytes).contains("mail.example"));
        let one = format!("/api/v1/admin/accounts/{}", sam.member);
        assert_eq!(door.get(&one, &moderator.token).await.ok()["email"], "");
        assert_eq!(door.get(&one, &root.token).await.ok()["email"], "sam@mail.example");
        let looked_at = ("address.read".to_owned(), format!("actor {}", sam.member));
        assert_eq!(audited(&door).await.last(), Some(&looked_at));
    }

    async fn a_suspension_hides_everything_and_ends_by_itself(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let post = door.node.post(sam.member.actor(), "hello").await.id;
        let seen = async || {
            let [post, profile] = [format!("/api/v1/statuses/{post}"), format!("/api/v1/accounts/{}", sam.member)];
            (door.get(&post, &ada.token).await.status, door.get(&profile, &ada.token).await.status)
        };
        assert_eq!(seen().await, (StatusCode::OK, StatusCode::OK));
        let body = json!({ "type": "suspend", "text": "Selling", "duration": 3600 });
        assert_eq!(act(&door, &moderator.token, sam.member, &body).await, StatusCode::OK);
        assert_eq!(seen().await, (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(door.get("/api/v1/timelines/public", &ada.token).await.ok(), json!([]));
        assert_eq!(door.get("/api/v1/timelines/home", &sam.token).await.status, StatusCode::UNAUTHORIZED);
        let favourite = door.post(&format!("/api/v1/statuses/{post}/favourite"), &ada.token, &json!({})).await;
        assert_eq!(favourite.status, StatusCode::NOT_FOUND);
        assert_eq!(find(&door, &moderator.token, "suspended=true").await, ["sam"]);
        let_end(&door).await;
        assert_eq!(seen().await.0, StatusCode::NOT_FOUND, "its time has not come");
        door.node.clock.advance_secs(3_601);
        let_end(&door).await;
        assert_eq!(seen().await, (StatusCode::OK, StatusCode::OK));
        let told = door.get("/api/v1/notifications?types[]=moderation_warning", &sam.token).await.ok();
        assert_is("AccountWarning", &told[0]["moderation_warning"]);
        assert_eq!(
            (&told[0]["moderation_warning"]["action"], &told[0]["moderation_warning"]["text"]),
            (&json!("suspend"), &json!("Selling")),
        );
        let about = format!("actor {}", sam.member);
        let lines = audited(&door).await;
        let verbs: Vec<&str> = lines.iter().filter(|line| line.1 == about).map(|line| line.0.as_str()).collect();
        assert_eq!(verbs, ["sanction.suspend.begin", "sanction.suspend.end"]);
    }

    async fn somebody_silenced_is_shown_to_followers_and_notifies_no_stranger(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let (sam, ada, kim) = (door.persona("sam").await, door.persona("ada").await, door.persona("kim").await);
        door.node.follow(ada.member.actor(), sam.member.actor()).await;
        let body = json!({ "type": "silence" });
        assert_eq!(act(&door, &moderator.token, sam.member, &body).await, StatusCode::OK);
        door.post("/api/v1/statuses", &sam.token, &json!({ "status": "hello @ada @kim" })).await.ok();
        let public = async |token: &str| each(&door.get("/api/v1/timelines/public", token).await.ok(), "/account/username");
        assert_eq!(public(&ada.token).await, ["sam"]);
        assert!(public(&kim.token).await.is_empty() && public("").await.is_empty());
        let told = async |token: &str| door.get("/api/v1/notifications?types[]=mention", token).await.ok().as_array().unwrap().len();
        assert_eq!((told(&ada.token).await, told(&kim.token).await), (1, 0));
        let lifted = door.post(&format!("/api/v1/admin/accounts/{}/unsilence", sam.member), &moderator.token, &json!({})).await.ok();
        assert_eq!(lifted["silenced"], json!(false));
        assert_eq!(public(&kim.token).await, ["sam"]);
        door.node.clock.advance_secs(SANCTION_SECS_DEFAULT + 1);
        let_end(&door).await;
        let ended = audited(&door).await.iter().filter(|line| line.0 == "sanction.silence.end").count();
        assert_eq!(ended, 0, "it had ended before");
    }

    async fn whoever_is_disabled_cannot_act_and_what_they_wrote_stays(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let newcomer = sign_up(&door, "newcomer").await.unwrap();
        let approve = format!("/api/v1/admin/accounts/{newcomer}/approve");
        door.post(&approve, &moderator.token, &json!({})).await.ok();
        let token = door.token("newcomer", "read").await;
        let post = door.node.post(newcomer.actor(), "hello").await.id;
        assert!(signs_in(&door, "newcomer").await);
        assert_eq!(act(&door, &moderator.token, newcomer, &json!({ "type": "disable" })).await, StatusCode::OK);
        assert!(!signs_in(&door, "newcomer").await);
        assert_eq!(door.get("/api/v1/preferences", &token).await.status, StatusCode::UNAUTHORIZED);
        door.get(&format!("/api/v1/statuses/{post}"), "").await.ok();
        let enabled = door.post(&format!("/api/v1/admin/accounts/{newcomer}/enable"), &moderator.token, &json!({})).await.ok();
        assert_eq!(enabled["disabled"], json!(false));
        assert!(signs_in(&door, "newcomer").await);
        let far = MemberId::of(door.node.stranger("far", "b.example").await);
        assert_eq!(act(&door, &moderator.token, far, &json!({ "type": "disable" })).await, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn pictures_of_somebody_are_covered_whatever_they_say(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let sam = door.persona("sam").await;
        let post = format!("/api/v1/statuses/{}", door.node.post(sam.member.actor(), "hello").await.id);
        assert_eq!(door.get(&post, "").await.ok()["sensitive"], json!(false));
        act(&door, &moderator.token, sam.member, &json!({ "type": "sensitive" })).await;
        assert_eq!(door.get(&post, "").await.ok()["sensitive"], json!(true));
        let lift = format!("/api/v1/admin/accounts/{}/unsensitive", sam.member);
        assert_eq!(door.post(&lift, &moderator.token, &json!({})).await.ok()["sensitized"], json!(false));
        assert_eq!(door.get(&post, "").await.ok()["sensitive"], json!(false));
    }

    async fn a_sanction_may_deal_with_the_report_that_led_to_it(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let report = door.post("/api/v1/reports", &sam.token, &json!({ "account_id": ada.member.to_string() })).await.ok();
        let warn = |report: &Value| json!({ "type": "none", "text": "Please stop", "report_id": report });
        assert_eq!(act(&door, &moderator.token, sam.member, &warn(&report["id"])).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(act(&door, &moderator.token, ada.member, &warn(&report["id"])).await, StatusCode::OK);
        let path = format!("/api/v1/admin/reports/{}", report["id"].as_str().unwrap());
        assert_eq!(door.get(&path, &moderator.token).await.ok()["action_taken"], json!(true));
        let told = door.get("/api/v1/notifications?types[]=moderation_warning", &ada.token).await.ok();
        assert_eq!(told[0]["moderation_warning"]["action"], "none");
        assert!(!String::from_utf8_lossy(told.to_string().as_bytes()).contains("\"mod\""), "not by whom");
        for wrong in [json!({}), json!({ "type": "bad" }), json!({ "type": "silence", "duration": 0 }),
            json!({ "type": "none", "text": "x".repeat(1_001) })] {
            assert_eq!(act(&door, &moderator.token, ada.member, &wrong).await, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    }

    async fn staff_are_out_of_reach_of_each_other_and_of_themselves(store: Store) {
        let door = Door::new(store);
        let (root, other) = (staff(&door, "root", Role::Admin).await, staff(&door, "other", Role::Admin).await);
        let (moderator, second) = (staff(&door, "mod", Role::Moderator).await, staff(&door, "second", Role::Moderator).await);
        let silence = json!({ "type": "silence" });
        for (by, whom) in [(&moderator, &second), (&moderator, &root), (&root, &other), (&root, &root)] {
            assert_eq!(act(&door, &by.token, whom.member, &silence).await, StatusCode::FORBIDDEN);
        }
        assert_eq!(act(&door, &root.token, moderator.member, &silence).await, StatusCode::OK);
        let alias = door.node.member("alias").await;
        door.node.of_one_account(moderator.member, alias).await;
        assert_eq!(act(&door, &moderator.token, alias, &silence).await, StatusCode::FORBIDDEN, "it is themselves");
    }

    async fn a_sanction_of_one_persona_tells_nothing_of_another(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let (sam, owl) = (door.persona("sam").await, door.persona("owl").await);
        door.node.of_one_account(sam.member, owl.member).await;
        for kind in ["suspend", "disable", "silence", "sensitive"] {
            assert_eq!(act(&door, &moderator.token, sam.member, &json!({ "type": kind })).await, StatusCode::OK);
        }
        let shown = door.get(&format!("/api/v1/admin/accounts/{}", owl.member), &moderator.token).await.ok();
        for state in ["suspended", "disabled", "silenced", "sensitized"] {
            assert_eq!(shown[state], json!(false), "{state}");
        }
        door.get("/api/v1/timelines/home", &owl.token).await.ok();
    }

    async fn whoever_signs_up_waits_unseen_until_somebody_lets_them_in(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let newcomer = sign_up(&door, "newcomer").await.unwrap();
        assert!(!signs_in(&door, "newcomer").await);
        assert_eq!(door.get("/api/v1/accounts/lookup?acct=newcomer", &moderator.token).await.status, StatusCode::NOT_FOUND);
        assert!(matches!(sign_up(&door, "newcomer").await, Err(sign_ups::Error::Create(_))), "the name is taken");
        let path = format!("/api/v1/admin/accounts/{newcomer}");
        let waiting = door.get(&path, &moderator.token).await.ok();
        assert_eq!(
            (&waiting["approved"], &waiting["confirmed"], &waiting["suspended"], &waiting["invite_request"]),
            (&json!(false), &json!(false), &json!(false), &json!("I cannot sleep.")),
        );
        for step in ["unsuspend", "enable"] {
            let out_of_turn = door.post(&format!("{path}/{step}"), &moderator.token, &json!({})).await;
            assert_eq!(out_of_turn.status, StatusCode::FORBIDDEN, "{step}");
        }
        let let_in = door.post(&format!("{path}/approve"), &moderator.token, &json!({})).await.ok();
        assert_eq!((&let_in["approved"], &let_in["confirmed"], &let_in["invite_request"]), (&json!(true), &json!(false), &Value::Null));
        assert!(signs_in(&door, "newcomer").await);
        door.get("/api/v1/accounts/lookup?acct=newcomer", &moderator.token).await.ok();
        for step in ["approve", "reject"] {
            let again = door.post(&format!("{path}/{step}"), &moderator.token, &json!({})).await;
            assert_eq!(again.status, StatusCode::FORBIDDEN, "{step}: they are in");
        }
    }

    async fn whoever_is_turned_away_leaves_nothing_and_may_ask_again(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let newcomer = sign_up(&door, "newcomer").await.unwrap();
        let path = format!("/api/v1/admin/accounts/{newcomer}");
        let turned_away = door.post(&format!("{path}/reject"), &moderator.token, &json!({})).await.ok();
        assert_eq!(turned_away["username"], "newcomer");
        assert_eq!(door.get(&path, &moderator.token).await.status, StatusCode::NOT_FOUND);
        assert!(!door.node.holds("newcomer").await);
        sign_up(&door, "newcomer").await.unwrap();
    }

    async fn whoever_waits_is_nobody_yet(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let newcomer = sign_up(&door, "newcomer").await.unwrap();
        for accept in ["text/html", "application/activity+json"] {
            let headers = [("accept", accept)];
            let asked = door.ask(Method::GET, "/actors/newcomer", "", "", &headers, Body::empty()).await;
            assert_eq!(asked.status, StatusCode::NOT_FOUND, "{accept}");
        }
        for step in ["block", "mute", "note"] {
            let path = format!("/api/v1/accounts/{newcomer}/{step}");
            let done = door.post(&path, &sam.token, &json!({ "comment": "who is that?" })).await;
            assert_eq!(done.status, StatusCode::NOT_FOUND, "{step}");
        }
        let report = door.post("/api/v1/reports", &sam.token, &json!({ "account_id": newcomer.to_string() })).await;
        assert_eq!(report.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_is_turned_away_goes_though_others_named_them(store: Store) {
        let door = Door::new(store);
        let moderator = staff(&door, "mod", Role::Moderator).await;
        let sam = door.node.member("sam").await;
        let newcomer = sign_up(&door, "newcomer").await.unwrap();
        let (who, app) = (newcomer.actor(), &door.node.app);
        let named = door.node.post_naming(sam.actor(), "hello", &[who], |post| post.visibility = Visibility::Direct).await;
        let mute = Mute { id: app.next_id(), target_id: who, notifications: true, expires_at: None };
        let mut tx = door.node.store().begin().await.unwrap();
        conversations::post_arrived(&mut tx, app.ids(), app.now(), &named, &[who]).await.unwrap();
        blocks::add(&mut tx, app.next_id(), sam.actor(), who).await.unwrap();
        mutes::put(&mut tx, sam, &mute).await.unwrap();
        private_notes::put(&mut tx, sam, who, "who is that?").await.unwrap();
        tx.commit().await.unwrap();
        let path = format!("/api/v1/admin/accounts/{newcomer}");
        door.post(&format!("{path}/reject"), &moderator.token, &json!({})).await.ok();
        assert_eq!(door.get(&path, &moderator.token).await.status, StatusCode::NOT_FOUND);
    }

    async fn whoever_is_let_in_and_turned_away_at_once_is_one_of_both(store: Store) {
        let door = Door::new(store);
        let by = staff(&door, "mod", Role::Moderator).await.member;
        let app = &door.node.app;
        for handle in ["newcomer", "another", "third"] {
            let who = sign_up(&door, handle).await.unwrap().actor();
            let (let_in, turned_away) = tokio::join!(sign_ups::approve(app, by, who), sign_ups::reject(app, by, who));
            assert_ne!(let_in.is_ok(), turned_away.is_ok(), "{let_in:?} {turned_away:?}");
            assert_eq!(signs_in(&door, handle).await, let_in.is_ok());
            let persona = alongside_store::actors::find(&mut app.reader(), who).await.unwrap();
            assert_eq!(persona.is_some(), let_in.is_ok());
        }
    }

    async fn nobody_is_deleted_who_is_not_suspended_or_whom_a_report_is_about(store: Store) {
        let door = Door::new(store);
        let root = staff(&door, "root", Role::Admin).await;
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let post = door.node.post(ada.member.actor(), "hello").await;
        let report = door.post("/api/v1/reports", &sam.token, &json!({ "account_id": ada.member.to_string() })).await.ok();
        let path = format!("/api/v1/admin/accounts/{}", ada.member);
        assert_eq!(door.delete(&path, &root.token).await.status, StatusCode::FORBIDDEN);
        assert_eq!(act(&door, &root.token, ada.member, &json!({ "type": "suspend" })).await, StatusCode::OK);
        assert_eq!(door.delete(&path, &root.token).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let resolve = format!("/api/v1/admin/reports/{}/resolve", report["id"].as_str().unwrap());
        door.post(&resolve, &root.token, &json!({})).await.ok();
        assert_eq!(door.delete(&path, &root.token).await.ok(), json!({}));
        assert_eq!(door.delete(&path, &root.token).await.status, StatusCode::NOT_FOUND);
        let gone = alongside_store::posts::find(&mut door.node.app.reader(), post.id).await.unwrap().unwrap();
        assert_eq!(gone.content, "");
        let sanction = sanctions::suspended_among(&mut door.node.app.reader(), &[ActorId::new(ada.member.get())]).await.unwrap();
        assert_eq!(sanction.len(), 1, "it stays hidden");
    }
}
