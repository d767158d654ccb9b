//! The integration tests of the toot command line itself, from its source on `PyPI`, against a node of its own.

use std::path::Path;
use std::process::Command;

use crate::process::{self, Node};
use crate::{setting, source};

/// Tests that are left out, and why.
const LEFT_OUT: [(&str, &str); 6] = [
    (
        "test_accounts.py::test_following_json",
        "it looks at the followers of somebody else, who are nobody's business",
    ),
    ("test_auth.py::test_login_cli", "it asks a server at localhost:3000"),
    ("test_auth.py::test_login_cli_wrong_password", "it asks a server at localhost:3000"),
    ("test_post.py::test_post", "it wants the page of the client a post was written with, which is not kept"),
    (
        "test_post.py::test_media_thumbnail",
        "it wants a picture of its own on a film; ours is made of the film",
    ),
    ("test_post.py::test_post_scheduled_at_error", "it wants words that tell nobody what is wrong"),
];

#[test]
fn the_tests_of_the_toot_command_line_pass() {
    let plugins = source::root().join("../shared/harness/plugins");
    if !plugins.is_dir() {
        setting::tell("skipped: there is no ../shared/harness beside the project");
        return;
    }
    let Some(tools) = setting::needed("ALONGSIDE_TOOLS") else { return };
    if !Path::new(&tools).join("toot").is_dir() {
        setting::tell("skipped: toot's own tests are not among the tools; `./dev test` fetches them");
        return;
    }
    let node = Node::start("[oauth]\npassword_grant = true");
    let mut command = Command::new(Path::new(&tools).join("venv/bin/python"));
    command
        .current_dir(Path::new(&tools).join("toot"))
        .args([
            "-W",
            "ignore",
            "-m",
            "pytest",
            "-p",
            "loopback_guard",
            "-p",
            "toot_members",
            "-p",
            "no:cacheprovider",
        ])
        .args(["-q", "-n", "4", "--timeout", "120", "tests/integration"])
        .env("PYTHONPATH", format!("{}:{}", plugins.display(), source::root().join("tests/tools").display()))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("TOOT_TEST_BASE_URL", &node.base)
        .env("ALONGSIDE", process::binary())
        .env("SETTINGS", node.folder().join("alongside.toml"));
    command.env("LEFT_OUT", LEFT_OUT.map(|(test, _)| test).join(" "));
    let output = command.output().expect("the suite runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{complaint}\nThe node's log:\n{}", node.log());
    let summary = printed.trim_end().lines().next_back().unwrap_or_default();
    setting::tell(&format!("toot's own tests: {summary}"));
}
