//! Programs that act as somebody else, run against a node of its own: a foreign server and two real clients.
//!
//! The programs lie beside the project, in `../shared/harness`; what they run on is fetched by `./dev test`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Node, free_port};
use crate::{setting, source};

/// Steps of the Mastodon walk that later work brings, as its `--skip` wants them: a pattern of names.
const WALK_LATER: &str = "^(scheduled status|web push|streaming over)";

/// Cases of the foreign peer that later work brings.
const PEER_LATER: &str = "";

const PASSWORD: &str = "correct horse battery staple";

#[test]
fn a_foreign_server_federates_and_cannot_fool_us() {
    let Some(programs) = Programs::find() else { return };
    let port = free_port();
    let node = node_with_a_community(&format!(
        "[federation]\ninsecure_hosts = [\"127.0.0.2:{port}\", \"127.0.0.3:{port}\"]"
    ));
    // A module finds its packages beside itself.
    let peer = programs.tools.join("npm/peer.mjs");
    fs::copy(programs.harness.join("peer.mjs"), &peer).expect("the peer is copied beside its packages");
    let host = node.base.trim_start_matches("http://");
    let mut command = Command::new("node");
    command
        .arg(peer)
        .env("BASE_URL", &node.base)
        .env("GROUP", format!("!sleep@{host}"))
        .env("PEER_PORT", port.to_string())
        // Only a failure waits so long; the machine may be busy with other tests.
        .env("WAIT_MS", "15000");
    skip(&mut command, PEER_LATER);
    pass(command, &node);
}

#[test]
fn a_mastodon_client_walks_through() {
    let Some(programs) = Programs::find() else { return };
    let node = node_with_a_community("");
    let mut command = Command::new(programs.tools.join("venv/bin/python"));
    command
        .arg(programs.harness.join("mastodon_walk.py"))
        .arg(&node.base)
        .args(["--user", "ada@example.org", "--password", PASSWORD])
        .args(["--user2", "ben@example.org", "--password2", PASSWORD])
        .args(["--group", "sleep"]);
    skip(&mut command, WALK_LATER);
    pass(command, &node);
}

#[test]
fn the_toot_command_line_walks_through() {
    let Some(programs) = Programs::find() else { return };
    let node = node_with_a_community("");
    let mut command = Command::new(programs.harness.join("toot_walk.sh"));
    command.arg(&node.base).args(["ada@example.org", PASSWORD, "sleep"]).env("WORK", &programs.tools);
    pass(command, &node);
}

fn node_with_a_community(settings: &str) -> Node {
    let node = Node::start(settings);
    for handle in ["ada", "ben"] {
        let email = format!("{handle}@example.org");
        node.run(&["account", "create", handle, "--email", &email, "--password", PASSWORD]);
    }
    node.run(&["community", "create", "sleep", "--title", "Sleep"]);
    node
}

fn skip(command: &mut Command, later: &str) {
    if !later.is_empty() {
        command.args(["--skip", later]);
    }
}

/// Runs the program to its end; a failing step fails the test, with what it printed and what the node logged.
fn pass(mut program: Command, node: &Node) {
    let output = program.output().expect("the program runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{complaint}\nThe node's log:\n{}", node.log());
    let summary = printed.trim_end().lines().next_back().unwrap_or_default();
    let has_passed = summary.contains(" passed, 0 failed") && !summary.starts_with("0 ");
    assert!(has_passed, "the program says nothing of what passed: {printed}");
    setting::tell(&format!("{}: {summary}", program.get_program().display()));
}

struct Programs {
    harness: PathBuf,
    tools: PathBuf,
}

impl Programs {
    /// `None`, with a printed reason, where they or what they run on are missing.
    fn find() -> Option<Self> {
        let harness = source::root().join("../shared/harness");
        if !harness.is_dir() {
            setting::tell("skipped: there is no ../shared/harness beside the project");
            return None;
        }
        let tools = Path::new(&setting::needed("ALONGSIDE_TOOLS")?).to_path_buf();
        Some(Self { harness, tools })
    }
}
