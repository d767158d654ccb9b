//! Every address of the API, read off the source, asked by everybody who might: a table that says who is answered
//! what, and that a reviewer can read.
//!
//! Sam wrote a post, another in a community, and one for the members of a second community; the other things that are
//! asked for are Sam's own. Those who ask:
//!
//! - `no token`: nobody in particular.
//! - `scope`: Ada, with a token for another thing: for `push`, which is why it opens the addresses of push messages alone.
//! - `other`: Ada, who has nothing to do with Sam.
//! - `blocked`: Eve, whom Sam blocks.
//! - `muted`: Mia, whom Sam mutes, and who must not notice.
//! - `members`: Ada again, asking about what is for the members of a community she is not in.
//!
//! `[]` behind a status stands for an empty list: there is something, but nothing for them.

use crate::mastodon::testing::{Answer, Door, Persona, png};
use alongside_domain::community::Audience;
use alongside_testkit::engines::on_sqlite;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What nobody but its members may ever see.
const SECRET: &str = "for members alone";
/// What nobody but those it names may ever see.
const BETWEEN_US: &str = "between us";
const ASKERS: [&str; 6] = ["no token", "scope", "other", "blocked", "muted", "members"];

type Route = (String, String);

#[tokio::test]
async fn everybody_is_answered_as_the_table_says() {
    let routes = routes();
    assert!(routes.len() > 150, "the addresses were not found: {routes:?}");
    // What only reads changes nothing for the others, so all that is asked of one world.
    let (reads, changes): (Vec<Route>, Vec<Route>) =
        routes.into_iter().partition(|(_, method)| method == "GET");
    let mut rows = on_a_world(reads).await;
    for route in changes {
        rows.append(&mut on_a_world(vec![route]).await);
    }
    let mut table = format!("{:<66}", "");
    for asker in ASKERS {
        let _ = write!(table, " {asker:<9}");
    }
    for ((path, method), cells) in rows {
        let mut row = format!("{path:<59} {method:<6}");
        for cell in cells {
            let _ = write!(row, " {cell:<9}");
        }
        let _ = write!(table, "\n{}", row.trim_end());
    }
    insta::assert_snapshot!(table);
}

/// The answers of these lines, each asked of the same new world. Who may least asks first.
async fn on_a_world(routes: Vec<Route>) -> BTreeMap<Route, Vec<String>> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    on_sqlite(|store| async move {
        let world = World::new(Door::new(store)).await;
        let mut rows = BTreeMap::new();
        for (path, method) in routes {
            let mut cells = Vec::new();
            for asker in ASKERS {
                cells.push(world.cell(asker, &method, &path).await);
            }
            rows.insert((path, method), cells);
        }
        let _ = sender.send(rows);
    })
    .await;
    receiver.await.unwrap()
}

struct World {
    door: Door,
    ada: Persona,
    eve: Persona,
    mia: Persona,
    narrow: String,
    /// What the parts of a path stand for, by the beginning of the path: for everybody, and for members.
    things: Vec<(&'static str, String, String)>,
    post: String,
    secret: String,
}

impl World {
    async fn new(door: Door) -> Self {
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let (eve, mia) = (door.persona("eve").await, door.persona("mia").await);
        let narrow = door.token("ada", "push").await;
        let open = door.node.community("open", Audience::Everyone).await;
        let quiet = door.node.community("quiet", Audience::Members).await;
        door.node.follow(sam.member.actor(), quiet.actor()).await;
        let poll = json!({ "options": ["yes", "no"], "expires_in": 3600 });
        let say =
            async |by: &Persona, body: Value| door.post("/api/v1/statuses", &by.token, &body).await.ok();
        let post = say(&sam, json!({ "status": "awake #night", "poll": poll })).await;
        let within = say(&sam, json!({ "status": "@open awake" })).await;
        let secret = say(&sam, json!({ "status": format!("@quiet {SECRET}"), "poll": poll })).await;
        say(&ada, json!({ "status": "@sam hello" })).await;
        say(&sam, json!({ "status": format!("@mia {BETWEEN_US}"), "visibility": "direct" })).await;
        let make = async |path: &str, body: Value| text(&door.post(path, &sam.token, &body).await.ok()["id"]);
        let list = make("/api/v1/lists", json!({ "title": "Night" })).await;
        let filter =
            json!({ "title": "No", "context": ["home"], "keywords_attributes": [{ "keyword": "no" }] });
        let filter = make("/api/v2/filters", filter).await;
        let later =
            make("/api/v1/statuses", json!({ "status": "later", "scheduled_at": "2026-11-24T02:00:00Z" }))
                .await;
        let kind = "multipart/form-data; boundary=x";
        let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        let form = [&head[..], &png(), b"\r\n--x--\r\n"].concat();
        let media =
            text(&door.send(Method::POST, "/api/v2/media", &sam.token, kind, form.into()).await.ok()["id"]);
        let notice = first(&door.get("/api/v1/notifications", &sam.token).await.ok());
        let talk = first(&door.get("/api/v1/conversations", &sam.token).await.ok());
        for (verb, whom) in [("block", eve.member), ("mute", mia.member)] {
            door.post(&format!("/api/v1/accounts/{whom}/{verb}"), &sam.token, &json!({})).await.ok();
        }
        let own = |prefix, id: &str| (prefix, id.to_owned(), id.to_owned());
        let (open, quiet, sam) = (open.to_string(), quiet.to_string(), sam.member.to_string());
        let (post, within, secret) = (
            (text(&post["id"]), text(&post["poll"]["id"])),
            text(&within["id"]),
            (text(&secret["id"]), text(&secret["poll"]["id"])),
        );
        let things = vec![
            ("/api/v1/accounts/", sam, quiet.clone()),
            ("/api/v1/statuses/", post.0.clone(), secret.0.clone()),
            ("/api/v1/polls/", post.1.clone(), secret.1.clone()),
            ("/api/v1/groups/", open.clone(), quiet.clone()),
            ("/api/v1/timelines/group/", open, quiet.clone()),
            ("/api/v1/timelines/list/", list.clone(), quiet.clone()),
            ("/api/v1/lists/", list, quiet),
            own("/api/v2/filters/keywords/", "7"),
            own("/api/v2/filters/", &filter),
            own("/api/v1/filters/", &filter),
            own("/api/v1/scheduled_statuses/", &later),
            own("/api/v1/media/", &media),
            own("/api/v1/notifications/", &notice),
            own("/api/v1/conversations/", &talk),
        ];
        let (post, secret) = (post.0, secret.0);
        Self { door, ada, eve, mia, narrow, things, post: format!("{post} {within}"), secret }
    }

    async fn cell(&self, asker: &str, method: &str, path: &str) -> String {
        let for_members = asker == "members";
        let filled = self.filled(path, for_members);
        if for_members && filled == self.filled(path, false) && path != "/api/v1/statuses" {
            return "-".to_owned();
        }
        let token = match asker {
            "no token" => "",
            "scope" => &self.narrow,
            "blocked" => &self.eve.token,
            "muted" => &self.mia.token,
            _ => &self.ada.token,
        };
        let method: Method = method.parse().unwrap();
        let body = if method == Method::GET { Body::empty() } else { self.body(path, for_members).into() };
        let kind = if method == Method::GET { "" } else { "application/json" };
        let answer = self.door.send(method, &filled, token, kind, body).await;
        Self::keeps_secrets(asker, path, &answer);
        let empty = if answer.bytes.as_ref() == b"[]" { " []" } else { "" };
        format!("{}{empty}", answer.status.as_u16())
    }

    fn keeps_secrets(asker: &str, path: &str, answer: &Answer) {
        let said = String::from_utf8_lossy(&answer.bytes);
        assert!(!said.contains(SECRET), "{asker} {path}: {said}");
        assert!(asker == "muted" || !said.contains(BETWEEN_US), "{asker} {path}: {said}");
        assert!(answer.status < StatusCode::INTERNAL_SERVER_ERROR, "{asker} {path}: {said}");
    }

    /// The path with what its parts stand for.
    fn filled(&self, path: &str, for_members: bool) -> String {
        let thing = self.things.iter().find(|(prefix, ..)| path.starts_with(*prefix));
        let id =
            thing.map_or("7", |(_, everybodys, members)| if for_members { &**members } else { everybodys });
        let mia = self.mia.member.to_string();
        let (_, within) = self.post.split_once(' ').unwrap();
        let post = if for_members { &self.secret } else { within };
        let mut filled = String::new();
        for part in path.split('/').skip(1) {
            let part = match part {
                "{post}" => post,
                "{account}" | "{account_id}" => &mia,
                "{tag}" | "{name}" | "{hashtag}" => "night",
                part if part.starts_with('{') => id,
                part => part,
            };
            let _ = write!(filled, "/{part}");
        }
        filled
    }

    /// One body for all: each address takes from it what it knows.
    fn body(&self, path: &str, for_members: bool) -> String {
        let (post, _) = self.post.split_once(' ').unwrap();
        let mut body = json!({
            "status": "me too", "in_reply_to_id": if for_members { &self.secret } else { post }, "title": "x",
            "comment": "x", "display_name": "x", "account_ids": [self.mia.member.to_string()],
            "account_id": self.things[0].1, "category": "other", "context": ["home"], "phrase": "x", "keyword": "x",
            "choices": [0], "domain": "b.example", "client_name": "x", "redirect_uris": "https://a.example/",
        });
        if path.starts_with("/api/v1/scheduled_statuses") {
            body["scheduled_at"] = json!("2026-11-25T02:00:00Z");
        }
        body.to_string()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn first(list: &Value) -> String {
    text(&list[0]["id"])
}

/// Every address of the API with each of its methods, as the routers in the source have them.
fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![source.join("mastodon"), source.join("mastodon.rs")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if !path.to_string_lossy().ends_with("tests.rs") {
            read(&fs::read_to_string(&path).unwrap_or_default(), &mut found);
        }
    }
    found
}

/// Reads `.route("/api/…", get(…).post(…))`, where the methods may have a name above.
fn read(text: &str, found: &mut BTreeSet<(String, String)>) {
    for call in text.split(".route(").skip(1) {
        let call = &call[..closing(call)];
        let Some((path, handler)) = call.trim_start().trim_start_matches('"').split_once('"') else {
            continue;
        };
        let named = handler.trim_matches([' ', ',', '\n']);
        let above = text.split_once(&format!("let {named} = ")).and_then(|(_, rest)| rest.split_once(';'));
        let handler = above.map_or(handler, |(handler, _)| handler);
        for method in ["get", "post", "put", "patch", "delete"] {
            let begins = |(at, _): (usize, &str)| {
                !handler[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            };
            if path.starts_with("/api/") && handler.match_indices(&format!("{method}(")).any(begins) {
                found.insert((path.to_owned(), method.to_uppercase()));
            }
        }
    }
}

/// Where the bracket that is open at the beginning closes.
fn closing(text: &str) -> usize {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    text.len()
}
