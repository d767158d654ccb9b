//! Requests that Schemathesis makes up from the description of the API, good ones and bad ones, asked by nobody, a
//! member, a moderator and an administrator: none may break the node, and every answer must be one that is described.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::Node;
use crate::{databases, setting, source};

const PASSWORD: &str = "correct horse battery staple";

/// The same requests every time.
const SEED: &str = "1";

const EVERYBODY: [&str; 4] = ["nobody", "member", "moderator", "administrator"];

/// Nothing that is made up leaves this machine, and none of it is too much.
const SETTINGS: &str = "[federation]\nmode = \"agreement\"\n[limits]\ntoken_requests_per_5_min = 1000000\n\
    address_sign_ins_per_5_min = 1000000\naddress_apps_per_hour = 1000000";

const MEMBER: &str = "read write follow push profile";
const STAFF: &str = "read write follow push profile admin:read admin:write";

/// Who has an account, what they may do on the node, and what their token is good for.
const PEOPLE: [(&str, &str, &str); 4] = [
    ("ada", "member", MEMBER),
    ("ben", "member", MEMBER),
    ("night", "moderator", STAFF),
    ("boss", "admin", STAFF),
];

#[test]
fn whatever_is_asked_on_sqlite_is_answered_as_it_is_described() {
    ask("", &["nobody", "member"]);
}

#[tokio::test]
async fn whatever_is_asked_on_postgresql_is_answered_as_it_is_described() {
    let on = |database: String| ask(&format!("database = \"{database}\""), &["moderator", "administrator"]);
    databases::with_postgres("fuzzing", on).await;
}

/// Has these ask a node with this line in its settings; where there is time, everybody, and for long.
fn ask(line: &str, asking: &[&str]) {
    let Some(tools) = setting::needed("ALONGSIDE_TOOLS") else { return };
    let programs = Path::new(&tools).join("venv/bin");
    if !programs.join("schemathesis").is_file() {
        setting::tell("skipped: Schemathesis is not installed; `./dev test` fetches it");
        return;
    }
    let node = Node::start(&format!("{line}\n{SETTINGS}"));
    let tokens = people(&node);
    let folder = TempDir::new().expect("a folder for what Schemathesis writes");
    let mut command = Command::new(programs.join("python"));
    command.arg(source::root().join("tests/tools/fuzz_api.py")).arg(&node.base).arg(folder.path()).arg(SEED);
    if setting::optional("ALONGSIDE_TEST_ALL").is_some() {
        command.args(EVERYBODY).env("LONG", "1");
    } else {
        command.args(asking);
    }
    command.env("TOKENS", tokens).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(folder.path());
    let output = command.output().expect("the program runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{complaint}\nThe node's log:\n{}", node.log());
    for line in printed.lines() {
        setting::tell(&format!("Schemathesis: {line}"));
    }
}

/// Opens accounts and communities; the tokens, as JSON.
fn people(node: &Node) -> String {
    for (name, audience) in [("sleep", "everyone"), ("quiet", "members"), ("closing", "everyone")] {
        node.run(&["community", "create", name, "--title", name, "--audience", audience]);
    }
    node.run(&["announcement", "publish", "Closed on Monday"]);
    let tokens = PEOPLE.map(|(handle, role, scopes)| {
        let email = format!("{handle}@example.org");
        let account =
            ["account", "create", handle, "--email", &email, "--password", PASSWORD, "--role", role];
        node.run(&account);
        (handle.to_owned(), Value::from(node.run(&["token", "create", handle, "--scopes", scopes])))
    });
    Value::Object(tokens.into_iter().collect()).to_string()
}
