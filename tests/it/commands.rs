//! The binary as an operator meets it: beside a running server, after a power cut, and when it must refuse.

use crate::process::{self, Node};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery staple";

#[test]
fn a_new_node_prints_a_link_for_its_administrator_and_no_link_once_there_is_one() {
    let node = Node::start("");
    let link = node.log().split_whitespace().find(|word| word.contains("/welcome/")).map(str::to_owned);
    let link = link.expect("the link is printed");
    let path = link.strip_prefix(&node.base).expect("the link leads to the node");
    assert!(node.get(path, &[]).starts_with("HTTP/1.1 200"), "{link}");
    node.run(&[
        "account",
        "create",
        "robin",
        "--email",
        "r@example.org",
        "--password",
        PASSWORD,
        "--role",
        "admin",
    ]);
    let before = node.log().matches("/welcome/").count();
    node.crash_and_restart();
    assert_eq!(node.log().matches("/welcome/").count(), before);
}

#[test]
fn commands_work_beside_a_running_server_which_notices() {
    let node = Node::start("");
    node.run(&["account", "create", "robin", "--email", "r@example.org", "--password", PASSWORD]);
    let token = node.run(&["token", "create", "robin", "--scopes", "read write"]);
    assert!(!token.is_empty() && !token.contains(char::is_whitespace), "a token alone: {token:?}");
    let answer = node.get("/api/v1/preferences", &[format!("Authorization: Bearer {token}")]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    node.run(&["community", "create", "sleep", "--title", "Sleep"]);
    let host = node.base.trim_start_matches("http://");
    let answer = node.get(&format!("/.well-known/webfinger?resource=acct:sleep@{host}"), &[]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    node.run(&["host", "block", "spam.example"]);
    assert!(node.run(&["host", "list"]).contains("spam.example"));
    assert_eq!(node.run(&["host", "drop", "spam.example"]), "Nothing waits for spam.example.");
    assert_eq!(node.run(&["announcement", "list"]), "Nothing is announced.");
    node.run(&["announcement", "publish", "Closed on Monday"]);
    let listed = node.run(&["announcement", "list"]);
    let answer = node.get("/api/v1/announcements", &[format!("Authorization: Bearer {token}")]);
    assert!(answer.contains("<p>Closed on Monday</p>"), "{answer}");
    let id = listed.split_whitespace().next().expect("a number");
    assert_eq!(node.run(&["announcement", "withdraw", id]), "It is not announced any more.");
    assert!(node.refuses(&["announcement", "publish", ""]).contains("1 to 2000 characters"));
    assert!(node.refuses(&["account", "reset-password", "robin"]).contains("sends no mail"));
    node.refuses(&["account", "delete", "robin"]);
    assert!(node.run(&["account", "delete", "robin", "--yes"]).contains("is deleted"));
    let told = node.run(&["account", "erasure", "robin"]);
    let may_say = ["The servers to tell are being looked up.", "No other server had anything of theirs."];
    assert!(may_say.contains(&told.as_str()), "{told}");
    assert!(node.refuses(&["account", "erasure", "nobody"]).contains("nobody of the name nobody"));
    let gone = node.get("/actors/robin", &["Accept: application/activity+json".to_owned()]);
    assert!(gone.starts_with("HTTP/1.1 410"), "{gone}");
    let lamp = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/web/static/avatar.png");
    node.run(&["emoji", "add", "lamp", lamp, "--category", "Night"]);
    assert_eq!(node.run(&["emoji", "list"]), ":lamp:  Night");
    let answer = node.get("/api/v1/custom_emojis", &[]);
    assert!(answer.contains("\"shortcode\":\"lamp\""), "{answer}");
    node.run(&["emoji", "remove", "lamp"]);
    assert!(node.refuses(&["emoji", "remove", "lamp"]).contains("there is no emoji of that name"));
    node.run(&["migrate"]);
    node.run(&["doctor"]);
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let node = Node::start("");
    node.run(&["account", "create", "robin", "--email", "r@example.org", "--password", PASSWORD]);
    let token = node.run(&["token", "create", "robin", "--scopes", "read"]);
    node.crash_and_restart();
    let answer = node.get("/api/v1/preferences", &[format!("Authorization: Bearer {token}")]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_in_a_clear_sentence() {
    let node = Node::start("");
    let refusal = node.refuses(&["serve"]);
    assert!(refusal.starts_with("alongside: another alongside server (process "), "{refusal}");
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let node = Node::start("");
    let create = ["community", "create", "sleep", "--title", "Sleep"];
    node.run(&create);
    assert_eq!(
        node.refuses(&create).lines().next_back(),
        Some("alongside: the name sleep is taken on this node")
    );
    let refusal = node.refuses(&["token", "create", "nobody", "--scopes", "read"]);
    assert!(refusal.contains("is called nobody"), "{refusal}");
}

#[test]
fn trials_do_not_listen_where_others_can_reach_them() {
    for setting in ["[federation]\ninsecure_hosts = [\"127.0.0.1:7102\"]", "[oauth]\npassword_grant = true"] {
        let settings = format!("url = \"https://node.example\"\nlisten = \"0.0.0.0:1\"\n{setting}");
        let refusal = process::never_starts(&settings);
        assert!(refusal.contains("refused while `listen` is not a loopback address"), "{refusal}");
    }
}

#[test]
fn a_signal_ends_a_server_in_order() {
    let node = Node::start("");
    let status = node.interrupt();
    assert!(status.success(), "{status}: {}", node.log());
    assert!(node.log().contains("stopping"), "{}", node.log());
}

#[test]
fn the_demonstration_talks_between_its_nodes_and_ends_with_a_signal() {
    let mut demo = Demo::start();
    let guide = demo.guide();
    let pages: Vec<&str> = guide.split_whitespace().filter(|word| word.contains("/@")).collect();
    assert_eq!(pages.len(), 3, "a community on each of three nodes: {guide}");
    assert_eq!(guide.matches("@demo.invalid").count(), 6, "two people on each node: {guide}");
    for page in pages {
        let (host, path) = page.trim_start_matches("http://").split_once('/').expect("a page has a path");
        let host = host.parse().expect("the nodes are named by their addresses");
        let answer = process::get(host, &format!("/{path}"), &[]).expect("the node answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{page}: {answer}");
    }
    let status = process::interrupt(&mut demo.process);
    assert!(status.success(), "{status}");
}

/// The demonstration, in a process of its own; killed when dropped.
struct Demo {
    process: Child,
    _folder: TempDir,
}

impl Demo {
    fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        fs::write(folder.path().join("alongside.toml"), "").expect("the configuration is written");
        let process = process::alongside(folder.path(), &["demo"]).stdout(Stdio::piped()).spawn();
        Self { process: process.expect("the binary starts"), _folder: folder }
    }

    /// What it prints when everything has been said, to its last line.
    fn guide(&mut self) -> String {
        let printed = self.process.stdout.as_mut().expect("it prints to us");
        let mut guide = String::new();
        for line in BufReader::new(printed).lines() {
            guide.push_str(&line.expect("text is printed"));
            guide.push('\n');
            if guide.contains("Ctrl-C") {
                return guide;
            }
        }
        panic!("it ended before everything was said: {guide}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
