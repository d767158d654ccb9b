//! Files, asked over HTTP: pictures here, and films.

mod films;

use crate::mastodon::testing::{Answer, Door, png};
use alongside_app::emojis;
use alongside_app::profiles::{self, Changes, Picture};
use alongside_domain::account::Role;
use alongside_domain::agreement::Terms;
use alongside_domain::id::{MediaId, PostId};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::media;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

async fn upload(door: &Door, path: &str, token: &str, file: &[u8], fields: &[(&str, &str)]) -> Answer {
    send(door, Method::POST, path, token, &[("file", file)], fields).await
}

/// Sends files and what is said of them.
async fn send(
    door: &Door,
    method: Method,
    path: &str,
    token: &str,
    files: &[(&str, &[u8])],
    fields: &[(&str, &str)],
) -> Answer {
    let mut body = Vec::new();
    for (name, text) in fields {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, file) in files.iter().filter(|(_, file)| !file.is_empty()) {
        let head =
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.svg\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    door.send(method, path, token, "multipart/form-data; boundary=x", body.into()).await
}

/// A picture that is larger than the smallest.
fn avatar() -> Vec<u8> {
    include_bytes!("../../../static/avatar.png").to_vec()
}

/// Pixels across, as a PNG says.
fn width(png: &[u8]) -> u32 {
    u32::from_be_bytes(png[16..20].try_into().unwrap())
}

/// The path and query of an address of the node.
fn path(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix("http://127.0.0.1:7100").unwrap().to_owned()
}

async fn attach(
    door: &Door,
    id: &Value,
    author: alongside_domain::id::MemberId,
    visibility: Visibility,
) -> PostId {
    let post = door.node.post_with(author.actor(), "a card", |post| post.visibility = visibility).await.id;
    let id: MediaId = id.as_str().unwrap().parse().unwrap();
    let mut tx = door.node.store().begin().await.unwrap();
    assert!(media::attach(&mut tx, author.actor(), post, &[id]).await.unwrap());
    tx.commit().await.unwrap();
    post
}

/// The picture as its post shows it.
async fn of(door: &Door, post: PostId, token: &str) -> Value {
    door.get(&format!("/api/v1/statuses/{post}"), token).await.ok()["media_attachments"][0].clone()
}

both_engines! {
    async fn the_picture_of_a_profile_can_be_looked_at(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\n".to_vec();
        body.extend_from_slice(&png());
        body.extend_from_slice(b"\r\n--x--\r\n");
        let (kind, change) = ("multipart/form-data; boundary=x", "/api/v1/accounts/update_credentials");
        let me = door.send(Method::PATCH, change, &sam.token, kind, body.into()).await.ok();
        let shown = door.get(&path(&me["avatar"]), "").await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/png"));
        let page = door.get("/@sam", "").await;
        let page = String::from_utf8_lossy(&page.bytes).into_owned();
        assert!(page.contains(&format!("src=\"{}\"", path(&me["avatar"]))), "{page}");
    }

    async fn a_picture_is_taken_described_and_taken_back(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let said = [("description", "green card"), ("focus", "0.1,-0.2")];
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &said).await.ok();
        assert_eq!((&taken["type"], &taken["description"]), (&json!("image"), &json!("green card")));
        assert_eq!(
            (&taken["meta"]["focus"]["y"], &taken["meta"]["original"]["width"]),
            (&json!(-0.2), &json!(1)),
        );
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        let changed = door.put(&one, &sam.token, &json!({ "description": "a plain green card" })).await.ok();
        assert_eq!(
            (&changed["description"], &changed["meta"]["focus"]["x"]),
            (&json!("a plain green card"), &json!(0.1)),
        );
        assert_eq!(door.get(&one, &sam.token).await.ok()["description"], "a plain green card");
        assert_eq!(door.get(&one, &ada.token).await.status, StatusCode::NOT_FOUND, "it is nobody else's");
        let unclear = door.put(&one, &sam.token, &json!({ "focus": "left" })).await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.delete(&one, &sam.token).await.ok();
        assert_eq!(door.get(&path(&taken["url"]), "").await.status, StatusCode::NOT_FOUND);
    }

    async fn what_is_shown_first_of_a_file_can_be_chosen(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let cover = avatar();
        let files = [("file", &*png()), ("thumbnail", &*cover)];
        let taken = send(&door, Method::POST, "/api/v2/media", &sam.token, &files, &[]).await.ok();
        let plain = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        assert_eq!(taken["meta"]["original"]["width"], 1);
        assert_ne!(taken["blurhash"], plain["blurhash"], "the impression is of what is shown");
        let shown = async |of: &Value| door.get(&path(&of["preview_url"]), "").await;
        assert!(width(&shown(&taken).await.bytes) > 1 && width(&shown(&plain).await.bytes) == 1);
        assert_eq!((&taken["meta"]["small"]["size"], &plain["meta"]["small"]["size"]), (&json!("128x128"), &json!("1x1")));

        let one = format!("/api/v1/media/{}", plain["id"].as_str().unwrap());
        let (first, said) = ([("thumbnail", &*cover)], [("description", "a card")]);
        let changed = send(&door, Method::PUT, &one, &sam.token, &first, &said).await.ok();
        assert_eq!((&changed["description"], &changed["blurhash"]), (&json!("a card"), &taken["blurhash"]));
        assert!(width(&shown(&changed).await.bytes) > 1);
        assert_eq!((&changed["meta"]["small"], &changed["meta"]["original"]), (&taken["meta"]["small"], &plain["meta"]["original"]));
        assert_eq!(shown(&plain).await.status, StatusCode::NOT_FOUND, "what was shown before is gone");
        assert_eq!(changed["url"], plain["url"]);
        let other = send(&door, Method::PUT, &one, &ada.token, &first, &[]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let odd = send(&door, Method::PUT, &one, &sam.token, &[("thumbnail", &b"?"[..])], &[]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = door.get(&one, &sam.token).await.ok();
        assert_eq!((&kept["preview_url"], &kept["meta"]), (&changed["preview_url"], &changed["meta"]));
    }

    async fn what_is_no_picture_is_refused(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for file in [&b""[..], b"<svg onload='alert(1)'/>"] {
            let answer = upload(&door, "/api/v1/media", &sam.token, file, &[]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let large = vec![0; door.node.app.settings().media_bytes_max + 1];
        let answer = upload(&door, "/api/v2/media", &sam.token, &large, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "said in words, not cut off");
        let endless = vec![0; 2 * large.len() + super::FORM_BYTES_MAX];
        let answer = upload(&door, "/api/v2/media", &sam.token, &endless, &[]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(upload(&door, "/api/v2/media", "", &png(), &[]).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn of_somebody_suspended_staff_alone_see_what_was_reported(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        door.node.member_as("staff", Role::Moderator).await;
        let staff = door.token("staff", "admin:read admin:write").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let post = attach(&door, &taken["id"], sam.member, Visibility::Public).await;
        let open = path(&of(&door, post, &sam.token).await["url"]);
        let private = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let private = attach(&door, &private["id"], sam.member, Visibility::Followers).await;
        let signed = path(&of(&door, private, &sam.token).await["url"]);
        let report = json!({ "account_id": sam.member.to_string(), "status_ids": [post.to_string()] });
        door.post("/api/v1/reports", &ada.token, &report).await.ok();
        assert_eq!(door.get(&open, "").await.status, StatusCode::OK);
        let action = format!("/api/v1/admin/accounts/{}/action", sam.member);
        door.post(&action, &staff, &json!({ "type": "suspend", "text": "why" })).await.ok();
        assert_eq!(door.get(&open, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&signed, "").await.status, StatusCode::NOT_FOUND, "whoever was given its address before");
        let reports = door.get("/api/v1/admin/reports", &staff).await.ok();
        let evidence = path(&reports[0]["statuses"][0]["media_attachments"][0]["url"]);
        assert_eq!(door.get(&evidence, "").await.status, StatusCode::OK);
        door.post(&format!("/api/v1/admin/accounts/{}/unsuspend", sam.member), &staff, &json!({})).await.ok();
        for again in [&open, &signed] {
            assert_eq!(door.get(again, "").await.status, StatusCode::OK, "it ends");
        }
    }

    async fn of_somebody_suspended_staff_alone_see_the_portraits(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        door.node.member_as("staff", Role::Moderator).await;
        let staff = door.token("staff", "read admin:read admin:write").await;
        let body = json!({ "account_id": sam.member.to_string() });
        door.post("/api/v1/reports", &door.persona("ada").await.token, &body).await.ok();
        let picture = || Some(Picture::New(png()));
        let changes = Changes { avatar: picture(), header: picture(), ..Changes::default() };
        profiles::update(&door.node.app, sam.member, changes).await.unwrap();
        let account = format!("/api/v1/accounts/{}", sam.member);
        let shown = door.get(&account, "").await.ok();
        let plain = ["avatar", "header"].map(|name| path(&shown[name]));
        let seen = async |address: &str| {
            let answer = door.get(address, "").await;
            (answer.status == StatusCode::OK).then(|| answer.header("cache-control").to_owned())
        };
        for address in &plain {
            assert_eq!(seen(address).await.as_deref(), Some("public, max-age=3600"));
        }
        let action = format!("/api/v1/admin/accounts/{}/action", sam.member);
        door.post(&action, &staff, &json!({ "type": "suspend", "text": "why" })).await.ok();
        let looked_at = door.get(&format!("/api/v1/admin/accounts/{}", sam.member), &staff).await.ok();
        let told = door.get("/api/v1/notifications", &staff).await.ok();
        for (address, name) in plain.iter().zip(["avatar", "header"]) {
            assert_eq!(seen(address).await, None, "{name}");
            let signed = path(&looked_at["account"][name]);
            assert_ne!(&signed, address);
            assert_eq!(told[0]["report"]["target_account"][name], looked_at["account"][name], "where it is told too");
            assert_eq!(looked_at["account"][format!("{name}_static")], looked_at["account"][name]);
            assert_eq!(seen(&signed).await.as_deref(), Some("private, max-age=3600"));
            let forged = format!("{address}?until=99999999999&signature=AAAA");
            assert_eq!(seen(&forged).await, None, "{name}");
            door.node.clock.advance_secs(2 * 3_600);
            assert_eq!(seen(&signed).await, None, "it runs out");
            door.node.clock.advance_secs(-2 * 3_600);
        }
        door.post(&format!("/api/v1/admin/accounts/{}/unsuspend", sam.member), &staff, &json!({})).await.ok();
        for address in &plain {
            assert!(seen(address).await.is_some(), "it ends");
        }
    }

    async fn a_picture_of_a_public_post_is_for_everybody_and_does_nothing_else(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let post = attach(&door, &taken["id"], sam.member, Visibility::Public).await;
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        let shown = of(&door, post, &sam.token).await;
        assert!(!shown["url"].as_str().unwrap().contains('?'), "no signature is needed");
        for address in ["url", "preview_url"] {
            let file = door.get(&path(&shown[address]), "").await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/png"));
            assert_eq!(file.header("cache-control"), "public, max-age=3600");
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert!(file.header("content-security-policy").contains("sandbox"));
            assert_eq!(file.header("content-length"), file.bytes.len().to_string());
            assert!(file.bytes.starts_with(b"\x89PNG"));
        }
        let delete = door.delete(&one, &sam.token).await;
        assert_eq!(delete.status, StatusCode::UNPROCESSABLE_ENTITY, "it goes with its post");
        assert_eq!(delete.json()["error"], "Media attachment is currently used by a status");
        assert_eq!(door.get(&one, &sam.token).await.status, StatusCode::NOT_FOUND, "and is reached through it");
        let change = door.put(&one, &sam.token, &json!({ "description": "else" })).await;
        assert_eq!(change.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/media/../node.db", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/media/..%2Fnode.db", "").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_picture_of_a_private_post_has_an_address_that_runs_out(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let post = attach(&door, &taken["id"], sam.member, Visibility::Direct).await;
        let shown = of(&door, post, &sam.token).await;
        let signed = path(&shown["url"]);
        let (name, _) = signed.split_once('?').unwrap();
        let file = door.get(&signed, "").await;
        assert_eq!((file.status, file.header("cache-control")), (StatusCode::OK, "private, max-age=3600"));
        assert_eq!(door.get(name, "").await.status, StatusCode::NOT_FOUND);
        let forged = signed.replace("until=1", "until=2");
        assert_eq!(door.get(&forged, "").await.status, StatusCode::NOT_FOUND);
        door.node.clock.advance_secs(2 * 3_600);
        assert_eq!(door.get(&signed, "").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_part_of_a_file_can_be_asked_for(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let post = attach(&door, &taken["id"], sam.member, Visibility::Public).await;
        let shown = of(&door, post, &sam.token).await;
        let address = path(&shown["url"]);
        let whole = door.get(&address, "").await;
        assert_eq!(whole.header("accept-ranges"), "bytes");
        let length = whole.bytes.len();
        for (range, from, to) in [("bytes=0-3", 0, 4), ("bytes=4-", 4, length), ("bytes=-5", length - 5, length)] {
            let part = door.ask(Method::GET, &address, "", "", &[("range", range)], Body::empty()).await;
            assert_eq!((part.status, &part.bytes[..]), (StatusCode::PARTIAL_CONTENT, &whole.bytes[from..to]), "{range}");
            assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{length}", to - 1));
            assert_eq!(part.header("content-length"), (to - from).to_string());
        }
        let beyond = door.ask(Method::GET, &address, "", "", &[("range", "bytes=99999-")], Body::empty()).await;
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
        let odd = door.ask(Method::GET, &address, "", "", &[("range", "bytes=1-2,4-5")], Body::empty()).await;
        assert_eq!((odd.status, odd.bytes), (StatusCode::OK, whole.bytes));
    }

    async fn whoever_keeps_a_file_asks_again_and_learns_that_it_is_gone(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        let post = attach(&door, &taken["id"], sam.member, Visibility::Public).await;
        let address = path(&of(&door, post, &sam.token).await["url"]);
        let whole = door.get(&address, "").await;
        let tag = whole.header("etag").to_owned();
        let ask = async |headers: &[(&str, &str)]| door.ask(Method::GET, &address, "", "", headers, Body::empty()).await;
        let same = ask(&[("if-none-match", &tag)]).await;
        assert_eq!((same.status, same.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(same.header("cache-control"), whole.header("cache-control"));
        for (only_of, status) in [(tag.as_str(), StatusCode::PARTIAL_CONTENT), ("\"other\"", StatusCode::OK)] {
            assert_eq!(ask(&[("range", "bytes=0-3"), ("if-range", only_of)]).await.status, status, "{only_of}");
        }
        door.delete(&format!("/api/v1/statuses/{post}"), &sam.token).await.ok();
        assert_eq!(ask(&[("if-none-match", &tag)]).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_the_node_says_it_takes_is_what_it_takes(store: Store) {
        let node = Node::keeping(store, "http://127.0.0.1:7100", Terms::default(), |keeping| keeping.films = None);
        let door = Door::of(node, Vec::new());
        let said = door.get("/api/v2/instance", "").await.ok()["configuration"]["media_attachments"].clone();
        assert_eq!((&said["video_size_limit"], said["supported_mime_types"].as_array().unwrap().len()), (&json!(0), 4));
        assert_eq!(said["image_size_limit"], door.node.app.settings().media_bytes_max);
        let sam = door.persona("sam").await;
        let answer = upload(&door, "/api/v2/media", &sam.token, b"\0\0\0\x20ftypisom\0\0", &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["error"].as_str().unwrap().contains("takes no films or sounds"));
        let words = "x".repeat(usize::try_from(said["description_limit"].as_u64().unwrap()).unwrap());
        upload(&door, "/api/v2/media", &sam.token, &png(), &[("description", &words)]).await.ok();
        let long = upload(&door, "/api/v2/media", &sam.token, &png(), &[("description", &format!("{words}x"))]).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_emoji_of_the_node_is_shown_where_its_word_is(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        emojis::add(&door.node.app, "lamp", png(), Some("night")).await.unwrap();
        let all = door.get("/api/v1/custom_emojis", "").await.ok();
        assert_eq!((&all[0]["shortcode"], &all[0]["category"], &all[0]["visible_in_picker"]), (&json!("lamp"), &json!("night"), &json!(true)));
        let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "a :lamp: and :nothing:" })).await.ok();
        assert_eq!(posted["emojis"], json!([all[0]]));
        let picture = door.get(&path(&all[0]["url"]), "").await;
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/png"));
        emojis::remove(&door.node.app, "lamp").await.unwrap();
        assert_eq!(door.get(&path(&all[0]["url"]), "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/api/v1/custom_emojis", "").await.ok(), json!([]));
        for (name, file) in [("no word", png()), ("x", png()), ("lamp", b"?".to_vec())] {
            assert!(emojis::add(&door.node.app, name, file, None).await.is_err(), "{name}");
        }
    }
}
