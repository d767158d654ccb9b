//! Programs that act as somebody else, run against a node of its own: a foreign server and two real clients.
//!
//! The programs lie beside the project, in `../shared/harness`; what they run on is fetched by `./dev test`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use crate::process::{Node, free_port};
use crate::{setting, source};

/// Steps of the Mastodon walk that later work brings, as its `--skip` wants them: a pattern of names.
const WALK_LATER: &str = "";

/// Cases of the foreign peer that later work brings.
const PEER_LATER: &str = "";

/// The case that asks for a follower on its second host, which a closed network has no agreement with.
const NOT_WHEN_CLOSED: &str = "^follow-second-host$";

const PASSWORD: &str = "correct horse battery staple";

#[test]
fn a_foreign_server_federates_and_cannot_fool_us() {
    if let Some(programs) = Programs::find() {
        meet_the_peer(&programs, Network { top_type: "Note", closed: false, tls: false });
    }
}

#[test]
fn a_foreign_server_of_every_shape_in_every_kind_of_network() {
    if setting::optional("ALONGSIDE_TEST_ALL").is_none() {
        setting::tell("skipped: every shape of the foreign server; `./dev test --all` runs them");
        return;
    }
    let Some(programs) = Programs::find() else { return };
    for top_type in ["Note", "Page"] {
        for (closed, tls) in [(false, false), (true, false), (false, true), (true, true)] {
            meet_the_peer(&programs, Network { top_type, closed, tls });
        }
    }
}

/// In what kind of network the foreign server is met.
#[derive(Debug, Clone, Copy)]
struct Network {
    /// The type of its posts.
    top_type: &'static str,
    /// Our node talks with its honest host alone, and documents are shown to signed requests only.
    closed: bool,
    /// It answers over TLS.
    tls: bool,
}

fn meet_the_peer(programs: &Programs, network: Network) {
    let port = free_port();
    let mode = if network.closed { "agreement" } else { "open" };
    let certificate = source::root().join("tests/tools/tls/cert.pem");
    let settings = format!(
        "[federation]\nmode = \"{mode}\"\ninsecure_hosts = [\"127.0.0.2:{port}\", \"127.0.0.3:{port}\"]"
    );
    let node = Node::start_trusting(free_port(), &settings, network.tls.then(|| certificate.clone()));
    people(&node);
    let host = node.base.trim_start_matches("http://");
    let mut command = Command::new("node");
    command
        .arg(programs.peer())
        .env("BASE_URL", &node.base)
        .env("GROUP", format!("!sleep@{host}"))
        .env("PEER_PORT", port.to_string())
        .env("TOP_TYPE", network.top_type)
        // Only a failure waits so long; the machine may be busy with other tests.
        .env("WAIT_MS", "15000");
    if network.tls {
        let key = source::root().join("tests/tools/tls/key.pem");
        command.env("PEER_TLS_CERT", &certificate).env("PEER_TLS_KEY", key);
    }
    if network.closed {
        node.run(&["host", "allow", &format!("127.0.0.2:{port}")]);
        command.env("CLOSED", "1");
        skip(&mut command, NOT_WHEN_CLOSED);
    } else {
        skip(&mut command, PEER_LATER);
    }
    setting::tell(&format!("{network:?}"));
    pass(command, &node);
}

#[test]
fn a_mastodon_client_walks_through() {
    let Some(programs) = Programs::find() else { return };
    let node = node_with_a_community("");
    let admin = ["--email", "mona@example.org", "--password", PASSWORD, "--role", "admin"];
    node.run(&[["account", "create", "mona"].as_slice(), &admin].concat());
    let admin_token = node.run(&["token", "create", "mona", "--scopes", "admin:read admin:write"]);
    let mut command = Command::new(programs.tools.join("venv/bin/python"));
    command
        .arg(programs.harness.join("mastodon_walk.py"))
        .arg(&node.base)
        .args(["--user", "ada@example.org", "--password", PASSWORD])
        .args(["--user2", "ben@example.org", "--password2", PASSWORD])
        .args(["--admin-token", admin_token.trim()])
        .args(["--group", "sleep", "--groups-api"]);
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
    people(&node);
    node
}

/// Two members and a community.
fn people(node: &Node) {
    for handle in ["ada", "ben"] {
        let email = format!("{handle}@example.org");
        node.run(&["account", "create", handle, "--email", &email, "--password", PASSWORD]);
    }
    node.run(&["community", "create", "sleep", "--title", "Sleep"]);
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
    /// The foreign server: a module finds its packages beside itself.
    fn peer(&self) -> PathBuf {
        static COPIED: Once = Once::new();
        let peer = self.tools.join("npm/peer.mjs");
        COPIED.call_once(|| {
            fs::copy(self.harness.join("peer.mjs"), &peer).expect("the peer is copied beside its packages");
        });
        peer
    }

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
